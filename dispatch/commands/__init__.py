"""Commands of the steward's: what is kept, the keys, and backups."""
