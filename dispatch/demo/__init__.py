"""A made-up town, its people and a week of rides: made by code, seeded, the same every time."""
