"""What the log says."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from dispatch.audit.models import AuditEvent
from dispatch.audit.service import DONE
from dispatch.policy import Action

LOOKS = (Action.REVEAL_FAMILY, Action.READ_ADDRESS, Action.MEET_FAMILY, Action.CALL_FAMILY)
LOOKS += (Action.READ_INCIDENT, Action.NAVIGATE)
"""What opens a seal of a family."""


def looks_at_family(family_uid: UUID) -> Select[tuple[AuditEvent]]:
    """Who read something sealed of this family, newest first."""
    reads = [action.value for action in LOOKS]
    return (
        select(AuditEvent)
        .where(AuditEvent.family_uid == family_uid, AuditEvent.action.in_(reads))
        .order_by(AuditEvent.position.desc())
    )


def families_opened(
    session: Session, actor_uid: UUID, actions: Iterable[Action], *, since: datetime
) -> dict[UUID, datetime]:
    """Every family that a person opened by one of `actions` after `since`, and when last."""
    rows = session.execute(
        select(AuditEvent.family_uid, AuditEvent.at)
        .where(
            AuditEvent.actor_uid == actor_uid,
            AuditEvent.at > since,
            AuditEvent.action.in_([one.value for one in actions]),
            AuditEvent.outcome == DONE,
            AuditEvent.family_uid.is_not(None),
        )
        .order_by(AuditEvent.at)
    )
    return {row.family_uid: row.at for row in rows}
