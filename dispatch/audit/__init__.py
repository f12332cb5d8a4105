"""Who did and saw what, when: append-only rows in a keyed chain. Ids only, never values."""
