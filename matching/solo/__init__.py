"""One ride at a time: the day's plan by column generation, with a proof of how good it is."""
