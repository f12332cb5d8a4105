"""Drivers raise their hand for a way back that nobody has."""
