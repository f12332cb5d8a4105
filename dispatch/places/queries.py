"""Named selects of places. What an actor may not know of is not found."""

from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from dispatch.errors import NotFound
from dispatch.people.models import Group
from dispatch.places.models import AddressGrant, Cell, Place
from dispatch.places.sealed import Point
from dispatch.policy import Actor, scopes


def public_places(session: Session, actor: Actor, group: Group | None = None) -> list[Place]:
    """The public places that are offered, by name; of `group`, or of all that `actor` works for."""
    chosen = _known_to(actor).where(Place.owner_uid.is_(None), Place.retired_at.is_(None))
    if group is not None:
        chosen = chosen.where(Place.group_id == group.id)
    return list(session.scalars(chosen.order_by(func.lower(Place.name), Place.id)))


def get_place(session: Session, actor: Actor, uid: UUID) -> Place:
    """One place, public or private, that `actor` may know of.

    Raises
        NotFound: there is none, or it belongs to another group.
    """
    found = session.scalars(_known_to(actor).where(Place.uid == uid)).one_or_none()
    if found is None:
        raise NotFound("place")
    return found


def get_public_place(session: Session, actor: Actor, uid: UUID) -> Place:
    """One public place, retired ones included.

    Raises
        NotFound: there is none, it is private, or it belongs to another group.
    """
    found = get_place(session, actor, uid)
    if not found.is_public:
        raise NotFound("place")
    return found


def grants_on(session: Session, place: Place) -> list[AddressGrant]:
    """The grants that name `place` and were not revoked: what reading it is decided on.

    Held until the transaction ends, so that none is revoked between the decision and the look.
    """
    open_ones = select(AddressGrant).where(
        AddressGrant.place_id == place.id, AddressGrant.revoked_at.is_(None)
    )
    return list(session.scalars(open_ones.with_for_update(read=True)))


def usual_points(session: Session, group_id: int) -> list[Point]:
    """Where the group's places lie, as the centres of their cells: no home is among them."""
    rows = session.execute(select(Cell.latitude, Cell.longitude).where(Cell.group_id == group_id))
    return [(latitude, longitude) for latitude, longitude in rows]


def _known_to(actor: Actor) -> Select[tuple[Place]]:
    return (
        select(Place)
        .where(scopes.of_my_groups(actor, Place.group_id))
        .options(joinedload(Place.cell))
    )
