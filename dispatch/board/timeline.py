"""The timeline of a day as its template draws it: bars, blocks, and the line of this moment."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from dispatch import clock
from dispatch.board.lanes import DriverLane
from dispatch.board.queries import Row
from dispatch.board.rules import Axis
from dispatch.i18n import say_time

MOVED = {"proposed", "offered", "accepted"}
"""States of rides that may be dragged to another driver."""


def lane_on(
    lane: DriverLane, axis: Axis, picked: Row | None, base: str, zone: ZoneInfo
) -> dict[str, object]:
    """A driver's hours and rides as bars and blocks of `axis`; `base` begins a ride's address."""
    return {
        "name": lane.name,
        "detail": lane.number,
        "url": f"/drivers/{lane.uid}",
        "shift": str(lane.uid),
        "shifts": [axis.span(first, last) for first, last in lane.shifts],
        "blocks": [
            {
                **axis.span(row.at, row.until),
                "state": row.state,
                "url": f"{base}{row.uid}",
                "words": f"{say_time(row.at, zone)} {row.number}",
                "label": row.number,
                "ride": str(row.uid),
                "current": row is picked,
                "gone": False,
                "move": f"/rides/{row.uid}/move" if row.state in MOVED else None,
            }
            for row in lane.rows
            if row.at is not None and row.until is not None
        ],
    }


def now_line(axis: Axis, on: date, now: datetime, zone: ZoneInfo) -> dict[str, object] | None:
    """Where the line of this moment stands; nowhere on another day."""
    if clock.local_day(now, zone) != on:
        return None
    return {"s": axis.column(now), "words": say_time(now, zone)}
