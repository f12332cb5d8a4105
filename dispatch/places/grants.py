"""Opening places to drivers for a while, and closing them at once.

Grants are never edited: a change ends the old ones and issues others.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from dispatch.places.models import AddressGrant, Place

if TYPE_CHECKING:
    from dispatch.planning.models import Assignment


def open_to_driver(
    session: Session,
    *,
    assignment: "Assignment",
    places: Iterable[Place],
    starts_at: datetime,
    ends_at: datetime,
) -> list[AddressGrant]:
    """Let the driver of `assignment` read the private ones of `places` (see `grant_window`)."""
    private = {place.id: place for place in places if not place.is_public}
    grants = [
        AddressGrant(
            place=place,
            driver_id=assignment.driver_id,
            assignment_id=assignment.id,
            ride_id=assignment.ride_id,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        for place in private.values()
    ]
    session.add_all(grants)
    session.flush()
    return grants


def close(session: Session, assignment: "Assignment", *, now: datetime) -> None:
    """Let the driver of `assignment` read nothing more for it, from this moment on."""
    _end(session, AddressGrant.assignment_id == assignment.id, now)


def close_on(session: Session, place: Place, *, now: datetime) -> None:
    """Let no driver read `place` any more, from this moment on."""
    _end(session, AddressGrant.place_id == place.id, now)


def close_of(session: Session, driver_ids: Collection[int], *, now: datetime) -> None:
    """Let these drivers read nothing more, whatever ride it was for, from this moment on."""
    _end(session, AddressGrant.driver_id.in_(driver_ids), now)


def close_doors(session: Session, owner_uid: UUID, *, now: datetime) -> None:
    """Let no driver read any place of one family or person any more, from this moment on."""
    doors = select(Place.id).where(Place.owner_uid == owner_uid)
    _end(session, AddressGrant.place_id.in_(doors), now)


def _end(session: Session, which: ColumnElement[bool], now: datetime) -> None:
    ended = update(AddressGrant).where(which, AddressGrant.revoked_at.is_(None))
    session.execute(ended.values(revoked_at=now))
