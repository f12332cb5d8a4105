"""Erasing what is no longer needed: by itself, on time, in every copy, and on record."""
