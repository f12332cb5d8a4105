"""A driver's rides in the driver's own calendar: about when, and nothing else."""
