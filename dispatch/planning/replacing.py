"""Rides of the next hours that have lost their driver, and who could drive them instead."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from dispatch import clock
from dispatch.people.models import Group
from dispatch.places.models import Place
from dispatch.planning import rules
from dispatch.planning.facts import DayFacts
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.planning.service.pairs import MOVABLE
from dispatch.policy import Actor
from dispatch.policy.scopes import of_my_groups
from dispatch.rides.models import Ride, RideState

SOON = timedelta(hours=4)
"""A ride that is farther away goes through the next run like any other."""
MOST = 3
STEP = timedelta(minutes=10)
"""Between two minutes at which somebody may begin."""
_BEGUN = timedelta(minutes=30)
"""So long after it should have begun a ride may still be driven by somebody else."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Replacement:
    """Somebody who could drive a ride."""

    driver_id: int
    pickup_at: datetime
    extra_minutes: int
    """Of driving, in steps of five."""


def lost_rides(session: Session, actor: Actor, group: Group, *, now: datetime) -> list[Ride]:
    """Rides of the next hours that somebody had and nobody has now, the next one first."""
    outbound = aliased(Ride)
    today = clock.local_day(now, group.zone)
    chosen = (
        select(Ride)
        .outerjoin(outbound, Ride.outbound_id == outbound.id)
        .where(
            of_my_groups(actor, Ride.group_id),
            Ride.group_id == group.id,
            Ride.service_on.between(today - _DAY, today + _DAY),  # by the index: asked all the time
            Ride.state == RideState.OPEN,
            Ride.window_ends_at > now - _BEGUN,
            Ride.window_starts_at < now + SOON,
            exists().where(Assignment.ride_id == Ride.id, _is_lost()),
            # A way back whose driver waits is looked for with the way there.
            or_(Ride.with_outbound.is_(False), outbound.state.not_in(MOVABLE)),
        )
        .options(
            joinedload(Ride.family),
            joinedload(Ride.pickup_place).joinedload(Place.cell),
            joinedload(Ride.dropoff_place).joinedload(Place.cell),
        )
        .order_by(Ride.window_starts_at, Ride.id)
    )
    return list(session.scalars(chosen))


def next_best(
    facts: DayFacts, moments: Iterable[datetime], *, but_for: int | None = None
) -> list[Replacement]:
    """Who could drive the only ride of `facts`, the least extra driving first; three at most.

    Each at the first of `moments` that suits. Whoever said no to it, or is `but_for`, is not asked.
    """
    (ride, *_others), moments = facts.rides, list(moments)
    found = []
    for driver in facts.drivers:
        fits = (at for at in moments if not rules.refusals(facts, ride, driver, at))
        at = None if driver.driver_id == but_for else next(fits, None)
        extra = None if at is None else rules.extra_drive(facts, ride, driver, at)
        if at is not None and extra is not None:
            found.append((extra, Replacement(driver.driver_id, at, rules.in_fives(extra))))
    return [one for _extra, one in sorted(found, key=lambda pair: pair[0])][:MOST]


def _is_lost() -> ColumnElement[bool]:
    """Said no, or nothing in time; or said yes, and it was taken back."""
    taken_back = Assignment.state == AssignmentState.RELEASED
    return or_(
        Assignment.state == AssignmentState.DECLINED,
        taken_back & Assignment.answered_at.is_not(None),
    )


def moments(window: tuple[datetime, datetime] | None, first: datetime) -> Iterator[datetime]:
    """Whole minutes from `first` on at which a ride may begin, as long as `window` is open."""
    at = first.replace(second=0, microsecond=0)
    at += timedelta(minutes=1) if at < first else timedelta(0)
    yield at
    while window is not None and (at := at + STEP) <= window[1]:
        yield at
