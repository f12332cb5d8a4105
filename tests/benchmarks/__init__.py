"""What is timed: run by hand, never part of a pass or a fail."""
