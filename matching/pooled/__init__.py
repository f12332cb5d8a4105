"""Shared rides: the dial-a-ride problem by large neighbourhood search and set partitioning."""

from matching.pooled.solver import solve_pooled

__all__ = ["solve_pooled"]
