"""What went wrong on a ride, written down by the desk: what happened, and who was told."""
