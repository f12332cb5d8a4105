"""Dispatch: rides for families without a car, driven by a community group's volunteers."""
