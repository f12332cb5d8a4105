"""The page for people: what is kept, for how long, who can see it, and what it does not stop."""
