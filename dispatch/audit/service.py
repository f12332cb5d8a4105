"""Recording and verifying.

Rows are gathered during a transaction and chained just before it commits, so the lock on the
chain's end is held for a moment only, is always the last one taken, and cannot deadlock.
"""

import hashlib
import hmac
import json
from datetime import datetime
from uuid import UUID

from sqlalchemy import event, select, text
from sqlalchemy.orm import Session

from dispatch.audit.models import AuditEvent
from dispatch.db.transactions import keep, take_kept, vault_of
from dispatch.policy import Action, Actor

_WAITING = "audit"
_NOTED = "audit noted a refusal"
_START = b"\0" * 32
_CHAIN_LOCK = 7_206_001  # any number that no other advisory lock uses

DONE = "done"
REFUSED = "refused"


def record(
    session: Session,
    actor: Actor,
    action: Action,
    thing: object,
    *,
    now: datetime,
    family_uid: UUID | None = None,
    ride_uid: UUID | None = None,
    group_uid: UUID | None = None,
    outcome: str = DONE,
) -> None:
    """Note that `actor` did `action` to `thing`; written with the transaction's commit."""
    row = AuditEvent(
        at=now,
        actor_uid=actor.uid,
        role=actor.role,
        action=action.value,
        object_kind=getattr(thing, "__tablename__", type(thing).__name__.lower()),
        object_uid=getattr(thing, "uid", None),
        family_uid=family_uid,
        ride_uid=ride_uid,
        group_uid=group_uid,
        outcome=outcome,
    )
    keep(session, _WAITING, row)
    if outcome == REFUSED:
        session.info[_NOTED] = True


def has_noted_refusal(session: Session) -> bool:
    """Whether a service recorded a refusal through `session` itself: it knows more of it."""
    return _NOTED in session.info


def verify(session: Session) -> int | None:
    """The position of the first row that does not follow from the one before; None if all do."""
    key = _chain_key(session)
    seal, expected = _START, 1
    for row in session.scalars(select(AuditEvent).order_by(AuditEvent.position)):
        if row.position != expected or not hmac.compare_digest(row.seal, _seal(key, seal, row)):
            return expected
        seal, expected = row.seal, expected + 1
    return None


@event.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    if session.in_nested_transaction():  # only a savepoint is released
        return
    waiting: list[AuditEvent] = take_kept(session, _WAITING)
    if not waiting:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHAIN_LOCK})
    newest = select(AuditEvent).order_by(AuditEvent.position.desc()).limit(1)
    last = session.scalars(newest).first()
    key = _chain_key(session)
    seal, position = (last.seal, last.position) if last else (_START, 0)
    for row in waiting:
        position += 1
        row.position = position
        row.seal = seal = _seal(key, seal, row)
        session.add(row)
    session.flush()


def _chain_key(session: Session) -> bytes:
    return vault_of(session).derive_key("audit chain")


def _seal(key: bytes, before: bytes, row: AuditEvent) -> bytes:
    told = [
        row.position,
        row.at.isoformat(),
        *(
            None if value is None else str(value)
            for value in (
                row.uid,
                row.actor_uid,
                row.role,
                row.action,
                row.object_kind,
                row.object_uid,
                row.family_uid,
                row.ride_uid,
                row.group_uid,
                row.outcome,
            )
        ),
    ]
    return hmac.new(key, before + json.dumps(told).encode(), hashlib.sha256).digest()
