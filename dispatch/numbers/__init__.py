"""Rides in numbers, for those who give money and for the group: counts, and nobody in them."""
