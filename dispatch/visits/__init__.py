"""A family looks after its own rides: one-time codes, the phones they opened, its own page."""
