"""Spans of time in words."""

import pytest

from dispatch.about.words import say_span


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "0 minutes"), (1, "1 minute"), (60, "1 hour"), (90, "90 minutes"), (120, "2 hours")],
)
def test_whole_hours_are_said_as_hours(minutes: int, said: str):
    assert say_span(minutes) == said
