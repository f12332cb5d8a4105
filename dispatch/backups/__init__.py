"""Backups: data and keys apart, encrypted to recipients, and worth something once one was tried."""
