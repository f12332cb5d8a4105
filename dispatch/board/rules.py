"""How the day is laid out: which group a ride stands in, where a block begins on the axis."""

from dataclasses import dataclass
from datetime import datetime

STEP = 300
"""Seconds of one column of the timeline."""
ORDER = (
    "unserved",
    "proposed",
    "open",
    "willcall",
    "offered",
    "accepted",
    "arrived",
    "onboard",
    "done",
    "noshow",
    "cancelled",
)
"""The groups of the list: what needs a coordinator first."""
LIVE = ("arrived", "onboard")
OVER = ("done", "noshow", "cancelled")
EARLIEST, LATEST = 6, 22
"""Hours that the axis always shows."""


@dataclass(frozen=True)
class Axis:
    """The hours that the timeline shows."""

    zero: datetime
    """The start of the service day."""
    start: int
    hours: int

    def column(self, moment: datetime) -> int:
        """The column in which `moment` lies, at most the last one and at least the first."""
        seconds = (moment - self.zero).total_seconds() - self.start * 3600
        return max(0, min(int(seconds // STEP), self.hours * 12 - 1))

    def span(self, first: datetime, last: datetime) -> dict[str, int]:
        """Column and length of something that lasts from `first` to `last`."""
        begin = self.column(first)
        return {"s": begin, "n": max(1, self.column(last) - begin)}


def axis_for(zero: datetime, moments: list[datetime]) -> Axis:
    """An axis that holds every moment, and the usual hours."""
    hours = [(moment - zero).total_seconds() / 3600 for moment in moments]
    start = max(0, min([EARLIEST, *(int(hour) for hour in hours)]))
    end = min(24, max([LATEST, *(int(hour) + 1 for hour in hours)]))
    return Axis(zero, start, end - start)
