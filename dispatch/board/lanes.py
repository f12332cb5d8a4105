"""The drivers of a day on the timeline, each with hours on offer and rides to drive."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from dispatch.drivers import rules as drivers_rules
from dispatch.drivers.queries import DriverOn
from dispatch.people.models import Group

if TYPE_CHECKING:
    from dispatch.board.queries import Row


@dataclass(frozen=True)
class DriverLane:
    """A driver on the timeline."""

    uid: UUID
    number: str
    name: str
    seats: int
    shifts: list[tuple[datetime, datetime]]
    rows: list["Row"]


def lanes_of(
    staff: list[DriverOn], names: Mapping[int, str], rows: list["Row"], on: date, group: Group
) -> list[DriverLane]:
    """Who has time on the day or drives on it, those with rides first."""
    own: dict[int, list[Row]] = {}
    for row in rows:
        if row.driver_id is not None:
            own.setdefault(row.driver_id, []).append(row)
    lanes = [
        DriverLane(
            driver.uid,
            driver.number,
            names[driver.id],
            driver.seats,
            [(one.starts_at, one.ends_at) for one in shifts],
            own.get(driver.id, []),
        )
        for driver in staff
        if (shifts := drivers_rules.shifts_of(driver.ranges, on, group.zone)) or driver.id in own
    ]
    return sorted(lanes, key=lambda lane: (not lane.rows, lane.name.casefold()))
