"""Addresses: where they are, who may read them, how far apart they lie."""
