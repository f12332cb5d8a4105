"""Whether a point can be meant, and how long an address is open."""

import enum
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dispatch.i18n import gettext as _
from dispatch.places.roads import metres_between
from dispatch.places.sealed import Point

if TYPE_CHECKING:
    from dispatch.people.models import Group

FAR_METRES = 300_000
"""Farther than this from everything the group knows, a point has to be confirmed."""


class PointTrouble(enum.Enum):
    """What can be wrong with a point."""

    OUT_OF_RANGE = "out_of_range"
    """Not on the earth."""
    SWAPPED = "swapped"
    """It would make sense with latitude and longitude the other way round."""
    FAR = "far"
    """Outside the usual area of the group: right only if somebody says so."""


def trouble_with(point: Point, usual: Iterable[Point]) -> PointTrouble | None:
    """What is wrong with `point`, where `usual` are points of the group's other places."""
    turned = (point[1], point[0])
    known = list(usual)
    if not _is_on_earth(point):
        likely = _is_on_earth(turned) and (not known or _is_near(turned, known))
        return PointTrouble.SWAPPED if likely else PointTrouble.OUT_OF_RANGE
    if not known or _is_near(point, known):
        return None
    if _is_on_earth(turned) and _is_near(turned, known):
        return PointTrouble.SWAPPED
    return PointTrouble.FAR


def say_trouble(trouble: PointTrouble) -> str:
    """What is said beside the point."""
    return {
        PointTrouble.OUT_OF_RANGE: _("Latitude goes from -90 to 90, longitude from -180 to 180."),
        PointTrouble.SWAPPED: _("Latitude and longitude look swapped."),
        PointTrouble.FAR: _(
            "This is more than 300 km from every other place of the group. "
            "Confirm that it is meant, or move the pin."
        ),
    }[trouble]


def grant_window(
    group: "Group", *, pickup_at: datetime, dropoff_at: datetime
) -> tuple[datetime, datetime]:
    """From when and until when (exclusive) the driver of a ride may read its addresses."""
    return (
        pickup_at - timedelta(minutes=group.grant_before_minutes),
        dropoff_at + timedelta(minutes=group.grant_after_minutes),
    )


def _is_on_earth(point: Point) -> bool:
    return abs(point[0]) <= 90 and abs(point[1]) <= 180


def _is_near(point: Point, known: list[Point]) -> bool:
    return any(metres_between(point, other) <= FAR_METRES for other in known)
