"""Asking a geocoding server: the group's own, or a stranger's that a steward allowed."""
