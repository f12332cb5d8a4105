"""A driver looks at where to go and whom to ask for: inside the ride's time, on the record."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.db.transactions import vault_of
from dispatch.people.models import Group
from dispatch.places import service as places
from dispatch.places.looks import as_now, note_look
from dispatch.places.sealed import Address
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.policy import Action, Actor
from dispatch.policy.predicates import RideInQuestion
from dispatch.rides.models import RideState

_SHORTEST = 7
"""Digits of a number of which the last two may be shown."""


@dataclass(frozen=True)
class Shown:
    """What a driver sees for a minute."""

    pickup: Address | None
    """None where the pickup is a public place, whose name is known anyway."""
    dropoff: Address | None
    first_name: str
    notes: str
    masked_phone: str
    """Enough of the number to know it again; empty where none is known."""


def look(session: Session, actor: Actor, assignment: Assignment, *, now: datetime) -> Shown:
    """Both ends of the ride, the first name to ask for, and the notes for the driver.

    Every part is noted, and the note committed, before anything is unsealed.

    Raises
        NotFound: not the actor's ride, or not its time.
    """
    _note(session, actor, Action.MEET_FAMILY, assignment, now=now)
    ride, uids = assignment.ride, _uids(assignment)
    ends = [
        None
        if place.is_public
        else places.reveal(session, actor, place, **uids, family=ride.family, now=now)
        for place in (ride.pickup_place, ride.dropoff_place)
    ]
    vault = vault_of(session)
    return Shown(
        pickup=ends[0],
        dropoff=ends[1],
        first_name=ride.family.unseal("sealed_name", vault) or "",
        notes=ride.request.unseal("sealed_notes", vault) or "",
        masked_phone=masked(ride.family.unseal("sealed_phone", vault) or ""),
    )


def read_phone(session: Session, actor: Actor, assignment: Assignment, *, now: datetime) -> str:
    """The family's phone number, to call it from the road; a look of its own.

    Raises
        NotFound: not the actor's ride, or not its time.
    """
    _note(session, actor, Action.CALL_FAMILY, assignment, now=now)
    return assignment.ride.family.unseal("sealed_phone", vault_of(session)) or ""


def where_next(session: Session, actor: Actor, assignment: Assignment, *, now: datetime) -> str:
    """Where the driver goes next, for a map app: an address, or of a public place its point.

    The pickup, or once the party is on board the way's end. An address is a look of its own.

    Raises
        NotFound: not the actor's ride, not its time, or the group does not allow it.
    """
    ride = assignment.ride
    place = ride.dropoff_place if ride.state is RideState.ON_BOARD else ride.pickup_place
    group = session.get_one(Group, assignment.group_id)
    if place.is_public:
        policy.require(actor, Action.NAVIGATE, in_question(assignment, group), now)
        return f"{place.latitude},{place.longitude}"
    _note(session, actor, Action.NAVIGATE, assignment, now=now)
    uids = _uids(assignment)
    address = places.reveal(session, actor, place, **uids, family=ride.family, now=now)
    return ", ".join(part for part in (address.line, address.town) if part)


def masked(phone: str) -> str:
    """`phone` but for its area code and its last two digits: "(604) ••• ••31"."""
    digits = "".join(one for one in phone if one.isdigit())
    if len(digits) < _SHORTEST:
        return "•" * len(digits)
    national = digits[-10:]
    area = f"({national[:3]}) " if len(national) == 10 else ""
    return f"{area}••• ••{digits[-2:]}"


def _note(
    session: Session, actor: Actor, action: Action, assignment: Assignment, *, now: datetime
) -> None:
    """Note a look at the ride as it is at this moment: nobody takes it back before the note."""
    as_now(session, actor)
    session.refresh(assignment, with_for_update={"read": True})
    session.refresh(assignment, attribute_names=["grants"])
    group = session.get_one(Group, assignment.group_id)
    note_look(
        session,
        actor,
        action,
        assignment,
        asked_about=in_question(assignment, group),
        uids=_uids(assignment),
        now=now,
    )


def in_question(assignment: Assignment, group: Group) -> RideInQuestion:
    """What the law decides a driver's look on."""
    live = [one for one in assignment.grants if one.revoked_at is None]
    opens_at = assignment.pickup_at - group.grant_before
    closes_at = assignment.dropoff_at + group.grant_after
    if live:
        opens_at = min(one.starts_at for one in live)
        closes_at = max(one.ends_at for one in live)
    return RideInQuestion(
        driver_id=assignment.driver_id,
        group_id=assignment.group_id,
        is_accepted=assignment.state in (AssignmentState.ACCEPTED, AssignmentState.COMPLETED)
        and not assignment.ride.family.is_closed
        and (bool(live) or not assignment.grants),  # of a ride whose doors were shut, all is shut
        opens_at=opens_at,
        closes_at=closes_at,
        may_navigate=group.lets_navigate,
    )


def _uids(assignment: Assignment) -> dict[str, object]:
    return {"family_uid": assignment.ride.family.uid, "ride_uid": assignment.ride.uid}
