"""Families: how to reach them, who rides, what they need. Never why they need it."""
