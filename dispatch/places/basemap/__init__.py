"""The base map: one file of tiles, made from an extract and served in ranges to our own pages."""
