"""The one select behind the board: a line for each ride of a day, with what is known of it."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import aliased

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

_Pickup, _Dropoff = aliased(Place), aliased(Place)
_PickupCell, _DropoffCell = aliased(Cell), aliased(Cell)


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
        .join(_Pickup, Ride.pickup_place_id == _Pickup.id)
        .join(_PickupCell, _Pickup.cell_id == _PickupCell.id)
        .join(_Dropoff, Ride.dropoff_place_id == _Dropoff.id)
        .join(_DropoffCell, _Dropoff.cell_id == _DropoffCell.id)
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
        .where(of_my_groups(actor, Ride.group_id), Ride.group_id == group.id, Ride.service_on == on)
    )


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
        Family.number,
        *_of_end("pickup", _Pickup, _PickupCell),
        *_of_end("dropoff", _Dropoff, _DropoffCell),
    ]


def _of_end(end: str, place: type[Place], cell: type[Cell]) -> list[Any]:
    return [
        place.name.label(f"{end}_name"),
        place.kind.label(f"{end}_kind"),
        place.latitude.label(f"{end}_latitude"),
        place.longitude.label(f"{end}_longitude"),
        cell.name.label(f"{end}_cell"),
        cell.code.label(f"{end}_code"),
        cell.latitude.label(f"{end}_cell_latitude"),
        cell.longitude.label(f"{end}_cell_longitude"),
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
    ]
