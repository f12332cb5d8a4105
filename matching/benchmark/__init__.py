"""Measuring: our plans and those of the peers installed, side by side, each through the checker."""
