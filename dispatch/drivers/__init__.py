"""Who can drive, with what car, when, and until when their papers are good."""
