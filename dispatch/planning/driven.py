"""How far and how long drivers drove with riders: estimated, unless the driver corrects it.

The estimate is worked out when somebody looks, from the middles of areas and from the plan, and
kept nowhere. It is of the ride alone, without the way there and home.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from dispatch import clock
from dispatch.drivers.models import Driver
from dispatch.drivers.rules import KM_PER_MILE
from dispatch.i18n import gettext as _
from dispatch.people.models import Group
from dispatch.places.models import Place
from dispatch.places.roads import metres_by_road
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.policy import Actor
from dispatch.policy.scopes import of_me_as_driver, of_my_groups
from dispatch.rides.models import Ride, RideState

CORRECTED_WITHIN = timedelta(days=14)
"""So long after the ride's day its driver may say how far it was."""
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Driven:
    """One ride that was driven."""

    assignment: Assignment
    metres: int
    minutes: int
    is_estimate: bool


@dataclass(frozen=True)
class MonthOfDriver:
    """What one driver drove in one month."""

    number: str
    month: date
    """Its first day."""
    rides: int
    metres: int
    minutes: int
    estimated: int
    """How many of the rides nobody corrected."""


def driven_by(assignment: Assignment, group: Group) -> Driven:
    """How far and long a ride was that is over; nothing where nobody came."""
    if assignment.driven_metres is not None and assignment.driven_minutes is not None:
        return Driven(assignment, assignment.driven_metres, assignment.driven_minutes, False)
    ride = assignment.ride
    if ride.state is not RideState.DONE:
        return Driven(assignment, 0, 0, True)
    whole = assignment.dropoff_at - assignment.pickup_at
    minutes = max(1, int(whole / timedelta(minutes=1)) - group.board_minutes)
    metres = metres_by_road(ride.pickup_place.coarse_point, ride.dropoff_place.coarse_point)
    return Driven(assignment, max(1000, round(metres, -3)), minutes, True)


def may_correct(assignment: Assignment, today: date) -> bool:
    """Whether its driver may say on `today` how far it was."""
    is_over = assignment.state is AssignmentState.COMPLETED
    return is_over and today <= assignment.ride.service_on + CORRECTED_WITHIN


def own_driven(session: Session, actor: Actor, group: Group) -> list[Driven]:
    """The actor's own rides that are over and not erased yet, the latest first."""
    chosen = _over(group).where(of_me_as_driver(actor, Assignment.driver_id))
    found = session.scalars(chosen.order_by(Assignment.pickup_at.desc()))
    return [driven_by(one, group) for one in found]


def months_of(session: Session, actor: Actor, group: Group, month: date) -> list[MonthOfDriver]:
    """What each driver of `group` drove in `month`, by number."""
    first, last = clock.month_of(month)
    chosen = _over(group).where(
        of_my_groups(actor, Assignment.group_id), Ride.service_on.between(first, last)
    )
    by_driver: dict[str, list[Driven]] = defaultdict(list)
    for one in session.scalars(chosen.options(joinedload(Assignment.driver))):
        by_driver[one.driver.number].append(driven_by(one, group))
    return [_sum(number, first, by_driver[number]) for number in sorted(by_driver)]


def sheet_of(months: Iterable[MonthOfDriver], *, uses_miles: bool) -> str:
    """The months as a spreadsheet, in which no cell is taken for a formula."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    distance = _("Miles") if uses_miles else _("Kilometres")
    heads = [_("Driver"), _("Month"), _("Rides"), distance, _("Minutes"), _("Estimated rides")]
    writer.writerow(heads)
    for one in months:
        writer.writerow(
            [
                plain(one.number),
                f"{one.month:%Y-%m}",
                one.rides,
                distance_in(one.metres, uses_miles=uses_miles),
                one.minutes,
                one.estimated,
            ]
        )
    return made.getvalue()


def plain(text: str) -> str:
    """`text` as a cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text


def distance_in(metres: int, *, uses_miles: bool) -> float:
    """Kilometres or miles, to a tenth."""
    return round(metres / 1000 / (KM_PER_MILE if uses_miles else 1), 1)


def metres_of(distance: float, *, uses_miles: bool) -> int:
    """Of kilometres or miles."""
    return round(distance * 1000 * (KM_PER_MILE if uses_miles else 1))


def _over(group: Group) -> object:
    ends = (joinedload(Ride.pickup_place), joinedload(Ride.dropoff_place))
    return (
        select(Assignment)
        .join(Assignment.ride)
        .join(Driver, Assignment.driver_id == Driver.id)
        .where(
            Assignment.group_id == group.id,
            Assignment.state == AssignmentState.COMPLETED,
        )
        .options(joinedload(Assignment.ride).options(*(one.joinedload(Place.cell) for one in ends)))
    )


def _sum(number: str, month: date, driven: list[Driven]) -> MonthOfDriver:
    return MonthOfDriver(
        number=number,
        month=month,
        rides=len(driven),
        metres=sum(one.metres for one in driven),
        minutes=sum(one.minutes for one in driven),
        estimated=sum(one.is_estimate for one in driven),
    )
