"""Writing an incident down, reading what happened, and saying that nothing is left to do."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.db.transactions import vault_of
from dispatch.errors import Closed, Conflict
from dispatch.i18n import gettext as _
from dispatch.incidents.models import Incident, IncidentKind, Told
from dispatch.places.looks import note_look
from dispatch.policy import Action, Actor
from dispatch.rides.models import Ride


def write_down(
    session: Session,
    actor: Actor,
    ride: Ride,
    *,
    kind: IncidentKind,
    note: str,
    told: Sequence[Told],
    now: datetime,
) -> Incident:
    """Keep what happened on `ride`; the note is sealed with the family.

    Raises
        Forbidden, NotFound: `actor` is no coordinator of the ride's group.
        Closed: the family withdrew; nothing new is kept about it.
    """
    policy.require(actor, Action.WRITE_INCIDENT, ride, now)
    if ride.family.is_closed:
        raise Closed(_("This family has withdrawn: nothing new is kept about it."))
    incident = Incident(
        group_id=ride.group_id,
        family=ride.family,
        ride=ride,
        happened_on=ride.service_on,
        kind=kind,
        told=[one.value for one in told],
        made_at=now,
        made_by_id=actor.user_id,
    )
    incident.seal("sealed_note", note, vault_of(session))
    session.add(incident)
    session.flush()
    _record(session, actor, Action.WRITE_INCIDENT, incident, now)
    return incident


def read_note(session: Session, actor: Actor, incident: Incident, *, now: datetime) -> str:
    """What happened; the look is on record before.

    Raises
        Forbidden, NotFound: `actor` is no coordinator of the group, or the family withdrew.
    """
    note_look(
        session,
        actor,
        Action.READ_INCIDENT,
        incident,
        asked_about=incident,
        uids={"family_uid": incident.family.uid},
        now=now,
    )
    return incident.unseal("sealed_note", vault_of(session)) or ""


def settle(session: Session, actor: Actor, incident: Incident, *, now: datetime) -> None:
    """Nothing is left to do about it.

    Raises
        Conflict: somebody said so before.
    """
    policy.require(actor, Action.SETTLE_INCIDENT, incident, now)
    done = session.execute(
        update(Incident)
        .where(Incident.id == incident.id, Incident.settled_at.is_(None))
        .values(settled_at=now, settled_by_id=actor.user_id)
    )
    if done.rowcount != 1:
        raise Conflict(_("Somebody has settled this before."))
    session.refresh(incident)
    _record(session, actor, Action.SETTLE_INCIDENT, incident, now)


def _record(
    session: Session, actor: Actor, action: Action, incident: Incident, now: datetime
) -> None:
    audit.record(session, actor, action, incident, now=now, family_uid=incident.family.uid)
