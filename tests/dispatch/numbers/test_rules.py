"""Numbers that could point at somebody are not told, nor can they be worked out."""

import pytest

from dispatch.numbers.rules import told, told_sum


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ([], []),
        ([0, 0], [0, 0]),
        ([5, 0, 9], [5, 0, 9]),
        ([3, 2, 9], [None, None, 9]),
        ([4, 20, 9, 0], [None, 20, None, 0]),
        ([4, 0], [None, 0]),
        ([1, 7, 7], [None, None, 7]),
    ],
)
def test_a_small_number_is_hidden_and_never_alone(row: list[int], expected: list[int | None]):
    assert told(row) == expected


@pytest.mark.parametrize(
    ("numbers", "total", "expected"),
    [
        ([7, 8], 15, 15),
        ([None, 8], 10, None),
        ([None, None], 7, 7),
        ([None, None], 4, None),
        ([], 0, 0),
    ],
)
def test_a_sum_does_not_tell_what_is_hidden(
    numbers: list[int | None], total: int, expected: int | None
):
    assert told_sum(numbers, total) == expected
