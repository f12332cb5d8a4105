"""The outbox: who is to be told what. A message holds a time and a link, no name, no address."""
