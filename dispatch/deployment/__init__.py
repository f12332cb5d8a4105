"""What a server runs: its services, and what the program is made of."""
