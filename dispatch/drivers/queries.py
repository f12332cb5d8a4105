"""Named selects about drivers."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.drivers.models import Driver


def driver_ids_of(session: Session, user_id: int) -> dict[int, int]:
    """Driver id by group id of one person."""
    rows = session.execute(select(Driver.group_id, Driver.id).where(Driver.user_id == user_id))
    return {row.group_id: row.id for row in rows}
