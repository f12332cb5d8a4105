"""How many rides were asked for and what became of them, those that are erased already included.

A ride counts in the week it was in, and a week in the month and year of its Monday, for rides that
are still there as for those of which only the count is left: so erasing changes no number.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from dispatch import clock, policy
from dispatch.erasing.models import Outcome, PastRide
from dispatch.erasing.rules import BANDS
from dispatch.erasing.service.rides import as_past
from dispatch.errors import NotFound
from dispatch.numbers import rules
from dispatch.people.models import Group
from dispatch.places.models import Place
from dispatch.policy import Action, Actor
from dispatch.rides.models import Purpose, Ride


@dataclass(frozen=True)
class Line:
    """One line of a table: a sum and its parts; None where a number is too small to be told."""

    key: object
    total: int | None
    parts: list[int | None]


@dataclass(frozen=True)
class Numbers:
    """A year of a group."""

    year: int
    months: list[Line]
    """By number of the month: all rides, and by outcome in the order of `Outcome`."""
    whole: Line
    purposes: list[Line]
    """Driven rides by purpose."""
    distances: list[Line]
    """Driven rides by band of kilometres."""
    first_year: int
    """The earliest of which there is a number."""
    has_later: bool
    """Whether a year after this one has begun."""


def numbers_of(
    session: Session, actor: Actor, uid: UUID, year: int | None, *, now: datetime
) -> tuple[Group, Numbers]:
    """A year of the group of `uid`, this one without `year`; weeks under way are not counted.

    Raises
        Forbidden, NotFound: `actor` may not see the numbers; there is no such group.
    """
    group = session.scalars(select(Group).where(Group.uid == uid)).one_or_none()
    if group is None:
        raise NotFound(Action.SEE_NUMBERS.value)
    policy.require(actor, Action.SEE_NUMBERS, group, now)
    today = clock.local_day(now, group.zone)
    this_week = clock.week_of(today)[0]
    every = [one for one in _counted(session, group) if one.week_on < this_week]
    year = today.year if year is None else year
    chosen = [one for one in every if one.week_on.year == year]
    driven = [one for one in chosen if one.outcome is Outcome.DRIVEN]
    months, whole = _by_month(chosen)
    first_year = min((one.week_on.year for one in every), default=today.year)
    return group, Numbers(
        year,
        months,
        whole,
        _by_kind(Counter(one.purpose for one in driven), Purpose),
        _by_kind(Counter(one.distance for one in driven), BANDS),
        first_year,
        year < today.year,
    )


def _by_month(rides: list[PastRide]) -> tuple[list[Line], Line]:
    counts = Counter((one.week_on.month, one.outcome) for one in rides)
    lines = []
    for month in sorted({one.week_on.month for one in rides}):
        row = [counts[month, outcome] for outcome in Outcome]
        lines.append(_line(month, row))
    sums = [sum(counts[month, outcome] for month in range(1, 13)) for outcome in Outcome]
    columns = [[line.parts[place] for line in lines] for place in range(len(sums))]
    parts = [rules.told_sum(*one) for one in zip(columns, sums, strict=True)]
    return lines, Line(None, rules.told_sum([line.total for line in lines], sum(sums)), parts)


def _line(key: object, row: list[int]) -> Line:
    """A line; where there are too few rides in all, it says no more than that."""
    total = sum(row)
    if 0 < total < rules.FEWEST:
        return Line(key, None, [None] * len(row))
    return Line(key, total, rules.told(row))


def _by_kind(counts: Counter[object], keys: Iterable[object]) -> list[Line]:
    known = [key for key in keys if counts[key]]
    told = rules.told([counts[key] for key in known])
    return [Line(key, number, []) for key, number in zip(known, told, strict=True)]


def _counted(session: Session, group: Group) -> list[PastRide]:
    past = session.scalars(select(PastRide).where(PastRide.group_id == group.id))
    ends = (joinedload(Ride.pickup_place), joinedload(Ride.dropoff_place))
    areas = (one.joinedload(Place.cell) for one in ends)
    rides = session.scalars(select(Ride).where(Ride.group_id == group.id).options(*areas))
    return [*past, *map(as_past, rides)]
