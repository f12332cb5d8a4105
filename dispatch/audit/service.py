"""Recording and verifying.

Rows are gathered during a transaction and chained just before it commits, so the lock on the
chain's end is held for a moment only, is always the last one taken, and cannot deadlock.
"""

import hashlib
import hmac
import json
from datetime import datetime
from uuid import UUID

from sqlalchemy import Row, delete, event, func, select, text
from sqlalchemy.orm import Session

from dispatch.audit.models import AuditCut, AuditEvent
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
    return session.info.get(_NOTED, False)


def end_of(session: Session) -> tuple[int, bytes]:
    """Position and seal of the newest row; of the last one that was let go, if none is left."""
    newest = select(func.max(AuditEvent.position)).scalar_subquery()
    rows = select(AuditEvent.position, AuditEvent.seal).where(AuditEvent.position == newest)
    last = session.execute(rows).first()
    return (last.position, last.seal) if last else beginning_of(session)


def beginning_of(session: Session) -> tuple[int, bytes]:
    """Position and seal that the oldest row follows from: (0, nothing), or those of a cut.

    A cut whose proof is wrong was not made by the program and moves nothing.
    """
    newest = select(func.max(AuditCut.position)).scalar_subquery()
    found = session.scalars(select(AuditCut).where(AuditCut.position == newest)).first()
    if found is None or not hmac.compare_digest(found.proof, _proof(session, found)):
        return 0, _START
    return found.position, found.seal


def let_go(session: Session, *, before: datetime, now: datetime) -> int:
    """Remove the rows from the oldest on that are older than `before`; how many went.

    The newest row stays in any case. What is left verifies from the cut on.
    """
    kept = select(func.min(AuditEvent.position)).where(AuditEvent.at >= before)
    newest = select(func.max(AuditEvent.position))
    first = func.coalesce(kept.scalar_subquery(), newest.scalar_subquery())
    last = session.scalars(select(AuditEvent).where(AuditEvent.position == first - 1)).first()
    if last is None:
        return 0
    cut = AuditCut(position=last.position, seal=last.seal, at=now)
    cut.proof = _proof(session, cut)
    session.execute(delete(AuditCut))
    session.add(cut)
    session.flush()
    gone = session.execute(delete(AuditEvent).where(AuditEvent.position <= cut.position))
    return gone.rowcount


@event.listens_for(Session, "before_commit")
def _chain(session: Session) -> None:
    if session.in_nested_transaction():  # only a savepoint is released
        return
    waiting: list[AuditEvent] = take_kept(session, _WAITING)
    if not waiting:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _CHAIN_LOCK})
    key = chain_key(session)
    position, seal = end_of(session)
    for row in waiting:
        position += 1
        row.position = position
        row.seal = seal = seal_of(key, seal, row)
        session.add(row)
    session.flush()


def chain_key(session: Session) -> bytes:
    """What the seals are made with: it is not in the database."""
    return vault_of(session).derive_key("audit chain")


def _proof(session: Session, cut: AuditCut) -> bytes:
    told = json.dumps(["cut", cut.position, cut.seal.hex(), cut.at.isoformat()])
    return hmac.new(chain_key(session), told.encode(), hashlib.sha256).digest()


def seal_of(key: bytes, before: bytes, row: AuditEvent | Row) -> bytes:
    """The seal of `row` when `before` is that of the row before it."""
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
