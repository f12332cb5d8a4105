"""Which numbers may be told: none so small that it points at somebody."""

from collections.abc import Sequence

FEWEST = 5
"""A number above nothing and below this is not told."""


def told(row: Sequence[int]) -> list[int | None]:
    """The numbers of `row` that may be told beside their sum; None for one that may not.

    If a single one were hidden, the sum would tell it: then the next smallest is hidden too.
    """
    hidden = {place for place, number in enumerate(row) if 0 < number < FEWEST}
    others = [place for place, number in enumerate(row) if number and place not in hidden]
    if len(hidden) == 1 and others:
        hidden.add(min(others, key=row.__getitem__))
    return [None if place in hidden else number for place, number in enumerate(row)]


def told_sum(numbers: Sequence[int | None], total: int) -> int | None:
    """The sum `total` of a column, where it does not tell the one of `numbers` that is hidden."""
    alone = list(numbers).count(None) == 1
    return None if alone or 0 < total < FEWEST else total
