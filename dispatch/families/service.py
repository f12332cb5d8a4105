"""Entering and changing families, and reading what is sealed of them."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import TYPE_CHECKING, Protocol
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.crypto.vault import Vault
from dispatch.db.transactions import after_commit, vault_of
from dispatch.errors import NotFound, Refused, Stale
from dispatch.families import rules
from dispatch.families.facts import FamilyFacts, Followed, Home, Part, Revealed, RiderFacts
from dispatch.families.models import DriverWish, Family, FamilyState, Rider, RiderKind, Wish
from dispatch.i18n import gettext as _
from dispatch.people.models import Group
from dispatch.places import service as places
from dispatch.places.looks import note_look
from dispatch.places.models import Place, PlaceKind
from dispatch.policy import Action, Actor

if TYPE_CHECKING:
    from dispatch.drivers.models import Driver


OnLeft = Callable[[Session, Actor, Family, datetime], None]
"""What a room above does when a family asks for no more rides from that moment on."""
_ON_LEFT: list[OnLeft] = []


class NumberTaken(Refused):
    """Another family of the group has this number."""


class PartyRefused(Refused):
    """The people and the seats do not go together. `troubles`: {field: sentence}."""

    def __init__(self, troubles: dict[str, str]) -> None:
        super().__init__(*troubles.values())
        self.troubles = troubles


class Follow(Protocol):
    """What planning does with the rides of a family whose place is another one than `left`."""

    def __call__(
        self, session: Session, actor: Actor, family: Family, left: Place, *, now: datetime
    ) -> Followed:
        """Let rides to come follow, and say what became of them."""
        ...


def when_left(call: OnLeft) -> OnLeft:
    """Let `call` run whenever a family asks for no more rides, in the same transaction."""
    _ON_LEFT.append(call)
    return call


def save(
    session: Session, actor: Actor, facts: FamilyFacts, *, group: Group, now: datetime
) -> Family:
    """Enter a family.

    Raises
        NumberTaken, PartyRefused, places.service.PointRefused: what is wrong.
    """
    policy.require(actor, Action.CHANGE_FAMILY, group, now)
    _check(session, group, facts, None)
    family = Family(uid=uuid4(), group_id=group.id, made_at=now, version=0)
    place = _place_for(session, actor, family, facts.where, group=group, now=now)
    if place is None:
        raise Refused(_("A family needs a home or a meeting point."))
    family.place = place
    session.add(family)
    _put(session, actor, family, facts, group, now)
    return family


def change(
    session: Session,
    actor: Actor,
    family: Family,
    facts: FamilyFacts,
    *,
    group: Group,
    seen_version: int | None,
    follow: Follow,
    now: datetime,
) -> Followed | None:
    """Change `family` as a person saw it at `seen_version`; what `follow` says if it has moved.

    A home that it leaves is forgotten but for its area, and nobody reads it any more. Of a family
    that asks for no more rides, those to come are cancelled.

    Raises
        Stale: somebody changed the family since.
        NumberTaken, PartyRefused, places.service.PointRefused: what is wrong.
        Refused: a ride to come cannot follow; the family has withdrawn.
    """
    policy.require(actor, Action.CHANGE_FAMILY, family, now)
    if family.version != seen_version:
        raise Stale(_("Somebody changed this family since you opened it. Nothing was overwritten."))
    if family.is_closed:
        raise Refused(_("This family has withdrawn. Nothing of it is changed any more."))
    _check(session, group, facts, family)
    left, asked = family.place, family.state is FamilyState.ACTIVE
    place = _place_for(session, actor, family, facts.where, group=group, now=now)
    if place is not None:
        family.place = place
    _put(session, actor, family, facts, group, now)
    if asked and family.state is FamilyState.LEFT:
        for call in _ON_LEFT:
            call(session, actor, family, now)
    if family.place is left:
        return None
    followed = follow(session, actor, family, left, now=now)
    if not left.is_public:
        places.give_up(session, actor, left, now=now)
    return followed


def reveal(
    session: Session,
    actor: Actor,
    family: Family,
    *,
    now: datetime,
    parts: Collection[Part] = frozenset(Part),
) -> Revealed:
    """Read `parts` of what is sealed. Noted, and the note committed, before anything is unsealed.

    An address is noted as such, in a row of its own. A meeting point has none to read.

    Raises
        Forbidden, NotFound: no coordinator of the group; this is noted too.
    """
    address = None
    if set(parts) != {Part.ADDRESS}:
        note_look(
            session,
            actor,
            Action.REVEAL_FAMILY,
            family,
            asked_about=family,
            uids={"family_uid": family.uid},
            now=now,
        )
    if Part.ADDRESS in parts and not family.place.is_public:
        address = places.reveal(
            session, actor, family.place, family_uid=family.uid, family=family, now=now
        )
    vault = vault_of(session)
    return Revealed(
        name=family.unseal("sealed_name", vault) if Part.NAME in parts else None,
        phone=family.unseal("sealed_phone", vault) if Part.PHONE in parts else None,
        notes=family.unseal("sealed_notes", vault) if Part.NOTES in parts else None,
        riders=_riders_of(family, vault) if Part.RIDERS in parts else None,
        address=address,
    )


def wish(
    session: Session,
    actor: Actor,
    family: Family,
    driver: "Driver",
    kind: Wish | None,
    *,
    now: datetime,
) -> None:
    """Note what `family` and `driver` wish of each other; None takes the wish back.

    Raises
        NotFound: the driver is of another group.
    """
    policy.require(actor, Action.CHANGE_FAMILY, family, now)
    if driver.group_id != family.group_id:
        raise NotFound("driver")
    stored = next((one for one in family.wishes if one.driver_id == driver.id), None)
    if kind is None:
        if stored is not None:
            family.wishes.remove(stored)
    elif stored is None:
        family.wishes.append(DriverWish(driver=driver, wish=kind))
    else:
        stored.wish = kind
    session.flush()
    audit.record(session, actor, Action.CHANGE_FAMILY, family, now=now, family_uid=family.uid)


def _check(session: Session, group: Group, facts: FamilyFacts, family: Family | None) -> None:
    seats = sum(facts.child_seats.values())
    troubles = rules.party_trouble(adults=facts.adults, children=facts.children, child_seats=seats)
    if troubles:
        raise PartyRefused(troubles)
    taken = select(Family.id).where(Family.group_id == group.id, Family.number == facts.number)
    if family is not None:
        taken = taken.where(Family.id != family.id)
    if session.scalar(taken) is not None:
        raise NumberTaken(_("Another family has this number."))


def _place_for(
    session: Session,
    actor: Actor,
    family: Family,
    where: Home | Place | None,
    *,
    group: Group,
    now: datetime,
) -> Place | None:
    if where is None:
        return None
    if isinstance(where, Home):
        return places.save_private(
            session,
            actor,
            group=group,
            owner_uid=family.uid,
            kind=PlaceKind.HOME,
            address=where.address,
            point=where.point,
            far_is_meant=where.far_is_meant,
            now=now,
        )
    if not where.is_public or where.group_id != group.id:
        raise NotFound("meeting point")
    return where


def _put(
    session: Session, actor: Actor, family: Family, facts: FamilyFacts, group: Group, now: datetime
) -> None:
    _put_open(family, facts)
    _put_sealed(session, family, facts, group)
    session.flush()
    audit.record(
        session,
        actor,
        Action.CHANGE_FAMILY,
        family,
        now=now,
        family_uid=family.uid,
        group_uid=group.uid,
    )


def _put_open(family: Family, facts: FamilyFacts) -> None:
    family.number = facts.number
    family.state = facts.state
    family.language = facts.language
    family.needs_language = facts.needs_language
    family.adults, family.children = facts.adults, facts.children
    family.child_seats = {kind: count for kind, count in facts.child_seats.items() if count}
    family.wheelchair = facts.wheelchair
    family.shares_rides, family.takes_texts = facts.shares_rides, facts.takes_texts
    family.version += 1


def _put_sealed(session: Session, family: Family, facts: FamilyFacts, group: Group) -> None:
    vault = vault_of(session)
    for column in ("name", "phone", "notes"):
        text = getattr(facts, column)
        if text is not None:
            family.seal(f"sealed_{column}", text, vault)
    if facts.phone is not None:
        after_commit(session, lambda: _index(vault, family.uid, facts.phone, group))
    if facts.riders is not None:
        known = {rider.uid: rider for rider in family.riders}
        family.riders = [
            _rider(family, known, one, vault)
            for one in facts.riders
            if one.uid is None or one.uid in known
        ]


def _rider(family: Family, known: dict[UUID, Rider], facts: RiderFacts, vault: Vault) -> Rider:
    rider = known.get(facts.uid) if facts.uid else None
    rider = rider or Rider(family=family)
    rider.kind = facts.kind
    if facts.name is not None:
        rider.seal("sealed_name", facts.name, vault)
    return rider


def _riders_of(family: Family, vault: Vault) -> tuple[tuple[RiderKind, str | None], ...]:
    return tuple((rider.kind, rider.unseal("sealed_name", vault)) for rider in family.riders)


def _index(vault: Vault, owner: UUID, phone: str | None, group: Group) -> None:
    if phone:
        vault.remember("phone", phone, owner, group.uid)
    else:
        vault.forget("phone", owner)
