"""The two selects behind the board: a line for each ride of a day, one for each of its places."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, select, union

from dispatch.families.models import Family
from dispatch.people.models import Group
from dispatch.places.models import Cell, Place
from dispatch.planning.models import (
    LIVE_STATES,
    Assignment,
    MatchRun,
    Proposal,
    ProposalState,
    Unserved,
)
from dispatch.policy import Actor
from dispatch.policy.scopes import of_my_groups
from dispatch.rides.models import Ride, RideState


def rides_with_what_is_known(
    actor: Actor, group: Group, on: date, run: MatchRun | None
) -> Select[Any]:
    """One line a ride: its live proposal and its live assignment are unique by constraint.

    What was left out is told of `run`. Proposals and reasons made for an older version of a
    ride, or for one that is no longer open, are not told.
    """
    return (
        select(*_of_ride(), *_of_plan())
        .join(Family, Ride.family_id == Family.id)
        .outerjoin(
            Proposal,
            and_(
                Proposal.ride_id == Ride.id,
                Proposal.state == ProposalState.LIVE,
                _is_for_the_ride_as_it_is(Proposal),
            ),
        )
        .outerjoin(
            Assignment, and_(Assignment.ride_id == Ride.id, Assignment.state.in_(LIVE_STATES))
        )
        .outerjoin(
            Unserved,
            and_(
                Unserved.ride_id == Ride.id,
                Unserved.run_id == (0 if run is None else run.id),
                _is_for_the_ride_as_it_is(Unserved),
            ),
        )
        .where(*_on_the_day(actor, group, on))
    )


def places_of_the_rides(actor: Actor, group: Group, on: date) -> Select[Any]:
    """One line a place: its name and point if it is public, and its cell."""
    ends = union(
        *(
            select(end).where(*_on_the_day(actor, group, on))
            for end in (Ride.pickup_place_id, Ride.dropoff_place_id)
        )
    )
    return (
        select(
            Place.id,
            Place.name,
            Place.kind,
            Place.latitude,
            Place.longitude,
            Cell.name,
            Cell.code,
            Cell.latitude,
            Cell.longitude,
        )
        .join(Cell, Place.cell_id == Cell.id)
        .where(Place.id.in_(ends))
    )


def _on_the_day(actor: Actor, group: Group, on: date) -> list[ColumnElement[bool]]:
    return [of_my_groups(actor, Ride.group_id), Ride.group_id == group.id, Ride.service_on == on]


def _is_for_the_ride_as_it_is(told: type[Proposal] | type[Unserved]) -> ColumnElement[bool]:
    return and_(told.ride_version == Ride.version, Ride.state == RideState.OPEN)


def _of_ride() -> list[Any]:
    return [
        Ride.uid,
        Ride.state,
        Ride.service_on,
        Ride.anchor,
        Ride.window_starts_at,
        Ride.window_ends_at,
        Ride.adults,
        Ride.children,
        Ride.child_seats,
        Ride.wheelchair,
        Ride.language,
        Ride.id,
        case((Ride.with_outbound, Ride.outbound_id)).label("waiting_outbound_id"),
        Family.number,
        Ride.pickup_place_id,
        Ride.dropoff_place_id,
    ]


def _of_plan() -> list[Any]:
    return [
        Proposal.uid.label("proposal_uid"),
        Proposal.driver_id.label("proposed_id"),
        Proposal.pickup_at.label("proposed_at"),
        Proposal.dropoff_at.label("proposed_until"),
        Proposal.why,
        Assignment.uid.label("assignment_uid"),
        Assignment.driver_id.label("held_id"),
        Assignment.pickup_at.label("held_at"),
        Assignment.dropoff_at.label("held_until"),
        Unserved.reason,
        Unserved.relax,
        func.coalesce(Assignment.is_estimate, Proposal.is_estimate, False).label("is_estimate"),
        func.coalesce(Assignment.delay_minutes, 0).label("delay_minutes"),
    ]
