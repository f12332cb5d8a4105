"""What the log says."""

from uuid import UUID

from sqlalchemy import Select, select

from dispatch.audit.models import AuditEvent
from dispatch.policy import Action


def looks_at_family(family_uid: UUID) -> Select[tuple[AuditEvent]]:
    """Who read something sealed of this family, newest first."""
    reads = [Action.REVEAL_FAMILY.value, Action.READ_ADDRESS.value]
    return (
        select(AuditEvent)
        .where(AuditEvent.family_uid == family_uid, AuditEvent.action.in_(reads))
        .order_by(AuditEvent.position.desc())
    )
