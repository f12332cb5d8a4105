"""Saving places, and letting the right person read one for the right while."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.db.transactions import vault_of
from dispatch.errors import NotFound, Refused, Stale
from dispatch.i18n import gettext as _
from dispatch.people.models import Group
from dispatch.places import grants, queries
from dispatch.places.cells import cell_for, centre_of, name_the_nameless
from dispatch.places.looks import as_now, note_look
from dispatch.places.models import PRIVATE_KINDS, Place, PlaceKind
from dispatch.places.rules import PointTrouble, say_trouble, trouble_with
from dispatch.places.sealed import Address, Point, address_of, seal_into
from dispatch.policy import Action, Actor
from dispatch.policy.predicates import PlaceInQuestion, SealedFamily


class NameTaken(Refused):
    """Another public place of the group has this name."""


class PointRefused(Refused):
    """A point that cannot be right, or that has to be confirmed."""

    def __init__(self, trouble: PointTrouble) -> None:
        super().__init__(say_trouble(trouble))
        self.trouble = trouble

    @property
    def may_be_meant(self) -> bool:
        """Whether it would be taken once somebody confirms it."""
        return self.trouble is PointTrouble.FAR


def save_public(
    session: Session,
    actor: Actor,
    *,
    group: Group,
    kind: PlaceKind,
    name: str,
    address: str | None,
    point: Point,
    now: datetime,
    far_is_meant: bool = False,
) -> Place:
    """A new public place of `group`. `far_is_meant`: somebody confirmed that it lies far away.

    Raises
        NameTaken, PointRefused: there is one of this name; it cannot lie there.
    """
    policy.require(actor, Action.CHANGE_PLACE, group, now)
    place = Place(group_id=group.id)
    _put(session, place, group, kind, name, address, point, far_is_meant)
    name_the_nameless(session, group)
    audit.record(session, actor, Action.CHANGE_PLACE, place, now=now, group_uid=group.uid)
    return place


def change_public(
    session: Session,
    actor: Actor,
    place: Place,
    *,
    group: Group,
    kind: PlaceKind,
    name: str,
    address: str | None,
    point: Point,
    seen: str,
    now: datetime,
    far_is_meant: bool = False,
) -> Place:
    """Correct a public place. `seen` is the `fingerprint` of what the person changed.

    Raises
        Stale: somebody changed it since.
        NameTaken, PointRefused: as `save_public`.
    """
    policy.require(actor, Action.CHANGE_PLACE, place, now)
    if seen != fingerprint(place):
        raise Stale(_("Somebody changed this place since you opened it. Nothing was overwritten."))
    _put(session, place, group, kind, name, address, point, far_is_meant)
    name_the_nameless(session, group)
    audit.record(session, actor, Action.CHANGE_PLACE, place, now=now, group_uid=group.uid)
    return place


def fingerprint(place: Place) -> str:
    """What a public place says, as one line: a form that holds another one is stale."""
    parts = (place.name, place.kind.value, place.address, place.latitude, place.longitude)
    return "|".join("" if part is None else str(part) for part in parts)


def retire(session: Session, actor: Actor, place: Place, *, now: datetime) -> None:
    """Offer a public place no longer. Rides that use it keep it."""
    policy.require(actor, Action.CHANGE_PLACE, place, now)
    if place.retired_at is None:
        place.retired_at = now
        session.flush()
        audit.record(session, actor, Action.CHANGE_PLACE, place, now=now)


def save_private(
    session: Session,
    actor: Actor,
    *,
    group: Group,
    owner_uid: UUID,
    kind: PlaceKind,
    address: Address,
    point: Point,
    now: datetime,
    far_is_meant: bool = False,
) -> Place:
    """A new private place, sealed under the key of the family or person `owner_uid`.

    Raises
        PointRefused: it cannot lie there.
    """
    policy.require(actor, Action.CHANGE_PLACE, group, now)
    if kind not in PRIVATE_KINDS:
        raise Refused(_("A private address needs a private kind of place."))
    _check_point(session, group.id, point, far_is_meant)
    place = Place(
        group_id=group.id, kind=kind, owner_uid=owner_uid, cell=cell_for(session, group, point)
    )
    seal_into(place, address, point, vault_of(session))
    session.add(place)
    session.flush()
    audit.record(session, actor, Action.CHANGE_PLACE, place, now=now, group_uid=group.uid)
    return place


def move(
    session: Session,
    actor: Actor,
    place: Place,
    *,
    group: Group,
    address: Address,
    point: Point,
    now: datetime,
    far_is_meant: bool = False,
) -> None:
    """Seal another address into a private place; whoever could read the old one no longer can.

    What refers to the place (a driver's start) follows.

    Raises
        PointRefused: it cannot lie there.
    """
    policy.require(actor, Action.CHANGE_PLACE, place, now)
    _check_point(session, group.id, point, far_is_meant)
    place.cell = cell_for(session, group, point)
    seal_into(place, address, point, vault_of(session))
    grants.close_on(session, place, now=now)
    session.flush()
    audit.record(session, actor, Action.CHANGE_PLACE, place, now=now, group_uid=group.uid)


def give_up(session: Session, actor: Actor, place: Place, *, now: datetime) -> None:
    """Forget the address of a private place that nobody goes to any more; its area stays.

    Rides that are over keep it, and with it the area that they began in. No driver reads it.
    """
    policy.require(actor, Action.CHANGE_PLACE, place, now)
    grants.close_on(session, place, now=now)
    seal_into(place, Address(line=""), centre_of(place.cell.code), vault_of(session))
    place.retired_at = now
    session.flush()
    audit.record(session, actor, Action.CHANGE_PLACE, place, now=now)


def reveal(
    session: Session,
    actor: Actor,
    place: Place,
    *,
    family_uid: UUID | None,
    ride_uid: UUID | None = None,
    family: SealedFamily | None = None,
    now: datetime,
) -> Address:
    """The address of a private place. Noted, and the note committed, before it is unsealed.

    `family` is the one that lives there: if it is closed, so is its door.

    Raises
        Forbidden, NotFound: no coordinator of the group, and no live grant; this is noted too.
    """
    if place.is_public:
        raise NotFound("a public place has nothing to reveal")
    as_now(session, actor)
    question = PlaceInQuestion(place.id, place.group_id, queries.grants_on(session, place), family)
    uids = {"family_uid": family_uid, "ride_uid": ride_uid}
    note_look(session, actor, Action.READ_ADDRESS, place, asked_about=question, uids=uids, now=now)
    return address_of(place, vault_of(session))


def _put(
    session: Session,
    place: Place,
    group: Group,
    kind: PlaceKind,
    name: str,
    address: str | None,
    point: Point,
    far_is_meant: bool,
) -> None:
    if kind in PRIVATE_KINDS:
        raise Refused(_("A public place needs a public kind."))
    taken = select(Place.id).where(
        Place.group_id == group.id,
        Place.retired_at.is_(None),
        Place.folded_name == name.casefold(),
        Place.uid != place.uid,
    )
    if session.scalar(taken) is not None:
        raise NameTaken(_("There is already a place with this name."))
    if (place.latitude, place.longitude) != point:
        _check_point(session, group.id, point, far_is_meant)
    cell = cell_for(session, group, point, public_name=name)
    try:
        with session.begin_nested():
            place.kind, place.name, place.address = kind, name, address or None
            (place.latitude, place.longitude), place.cell = point, cell
            session.add(place)
    except IntegrityError as error:
        # Somebody else took the name between our look and our insert.
        raise NameTaken(_("There is already a place with this name.")) from error


def _check_point(session: Session, group_id: int, point: Point, far_is_meant: bool) -> None:
    trouble = trouble_with(point, queries.usual_points(session, group_id))
    if trouble is None or (trouble is PointTrouble.FAR and far_is_meant):
        return
    raise PointRefused(trouble)
