"""Rides whose time is over: each is counted by its week, of nobody, and goes with all about it."""

import random
from collections.abc import Collection
from datetime import date, datetime, timedelta

from geopy.distance import great_circle
from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, aliased, joinedload

from dispatch import clock
from dispatch.erasing import queries, rules
from dispatch.erasing.models import PastRide
from dispatch.families.models import Family
from dispatch.people.models import Group
from dispatch.places.models import Place
from dispatch.rides.models import Request, Ride

_ends = joinedload(Place.cell)


def due_rides(session: Session, *, now: datetime) -> list[int]:
    """The rides whose day is past for longer than their group keeps them, but for held families.

    A ride waits for its way back, so that both go together.
    """
    held = queries.held_family_ids(session, now=now)
    back = aliased(Ride)
    found: list[int] = []
    for group in session.scalars(select(Group)):
        before = _first_day_kept(group, now)
        still = exists().where(back.outbound_id == Ride.id, back.service_on >= before)
        chosen = select(Ride.id, Ride.family_id).where(
            Ride.group_id == group.id, Ride.service_on < before, ~still
        )
        found += [ride for ride, family in session.execute(chosen) if family not in held]
    return found


def due_requests(session: Session, *, now: datetime) -> list[int]:
    """The requests whose last day is past for as long, and of whose rides none stays."""
    held = queries.held_family_ids(session, now=now)
    due = set(due_rides(session, now=now))
    found: list[int] = []
    for group in session.scalars(select(Group)):
        before = _first_day_kept(group, now)
        chosen = select(Request.id, Request.family_id).where(
            Request.group_id == group.id, Request.last_on < before
        )
        over = {request for request, family in session.execute(chosen) if family not in held}
        of_group = select(Ride.id, Ride.request_id).where(Ride.group_id == group.id)
        stay = {request for ride, request in session.execute(of_group) if ride not in due}
        found += over - stay
    return sorted(found)


def count(session: Session, ids: Collection[int]) -> int:
    """Count the rides `ids` as past ones, in no order that tells which was which; how many.

    What is counted stands on areas and words for purposes; nothing is opened for it.
    """
    places = (joinedload(Ride.pickup_place), joinedload(Ride.dropoff_place))
    chosen = select(Ride).where(Ride.id.in_(ids)).options(*(one.options(_ends) for one in places))
    rides = list(session.scalars(chosen))
    past = [as_past(ride) for ride in rides]
    random.SystemRandom().shuffle(past)
    session.add_all(past)
    for ride in rides:
        _remember_day(session, ride.family_id, ride.service_on)
    session.flush()
    return len(past)


def _remember_day(session: Session, family_id: int, day: date) -> None:
    session.execute(
        update(Family)
        .where(
            Family.id == family_id, (Family.last_ride_on.is_(None)) | (Family.last_ride_on < day)
        )
        .values(last_ride_on=day)
    )


def as_past(ride: Ride) -> PastRide:
    """What is counted of a ride: made, and not added to a session."""
    ends = ride.pickup_place.coarse_point, ride.dropoff_place.coarse_point
    return PastRide(
        group_id=ride.group_id,
        week_on=clock.week_of(ride.service_on)[0],
        leg=ride.leg,
        purpose=ride.purpose,
        outcome=rules.outcome_of(ride),
        distance=rules.distance_band(great_circle(*ends).kilometers),
    )


def _first_day_kept(group: Group, now: datetime) -> date:
    return clock.local_day(now, group.zone) - timedelta(days=group.ride_days)
