"""The coordinator's day: list, timeline and map of one day or week. Reads only."""
