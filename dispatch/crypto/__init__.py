"""Sealing: personal fields are encrypted under a key of the family or person they belong to."""
