"""Carrying out the table of what is kept: rows, keys, receipts, reports and holds."""
