"""Named selects of what was opened in need. What an actor may not know of is not found."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session, joinedload

from dispatch.errors import NotFound
from dispatch.glass.models import GlassBreak
from dispatch.policy import Action, Actor
from dispatch.policy.scopes import of_my_groups

SHOWN_REVIEWED = 30


def get_break(session: Session, actor: Actor, uid: UUID) -> GlassBreak:
    """One family that was opened in need.

    Raises
        NotFound: there is none, or it does not concern `actor`.
    """
    found = session.scalars(_seen_by(actor).where(GlassBreak.uid == uid)).one_or_none()
    if found is None:
        raise NotFound(Action.SEE_GLASS.value)
    return found


def to_review(session: Session, actor: Actor) -> list[GlassBreak]:
    """What nobody has reviewed yet, the most urgent first."""
    chosen = _seen_by(actor).where(GlassBreak.reviewed_at.is_(None))
    return list(session.scalars(chosen.order_by(GlassBreak.review_by, GlassBreak.id)))


def reviewed(session: Session, actor: Actor) -> list[GlassBreak]:
    """What was reviewed last, newest first."""
    chosen = _seen_by(actor).where(GlassBreak.reviewed_at.is_not(None))
    newest = chosen.order_by(GlassBreak.reviewed_at.desc(), GlassBreak.id.desc())
    return list(session.scalars(newest.limit(SHOWN_REVIEWED)))


def count_overdue(session: Session, actor: Actor, *, now: datetime) -> int:
    """How many should have been reviewed by now."""
    counted = select(func.count()).select_from(GlassBreak)
    late = counted.where(
        _concerns(actor), GlassBreak.reviewed_at.is_(None), GlassBreak.review_by <= now
    )
    return session.scalar(late) or 0


def _seen_by(actor: Actor) -> Select[tuple[GlassBreak]]:
    return (
        select(GlassBreak)
        .where(_concerns(actor))
        .options(joinedload(GlassBreak.family), joinedload(GlassBreak.user))
    )


def _concerns(actor: Actor) -> ColumnElement[bool]:
    if actor.is_in and actor.is_steward:
        return true()
    return of_my_groups(actor, GlassBreak.group_id)
