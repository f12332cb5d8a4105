"""Incidents of the groups that somebody coordinates."""

from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from dispatch.errors import NotFound
from dispatch.incidents.models import Incident
from dispatch.people.models import Group
from dispatch.policy import Actor
from dispatch.policy.scopes import of_my_groups

MOST_SETTLED = 50


def open_incidents(session: Session, actor: Actor, group: Group) -> list[Incident]:
    """Those about which something is left to do, the oldest first."""
    chosen = _incidents(actor, group).where(Incident.settled_at.is_(None))
    return list(session.scalars(chosen.order_by(Incident.made_at, Incident.id)))


def settled_incidents(session: Session, actor: Actor, group: Group) -> list[Incident]:
    """The latest of the others, the newest first."""
    chosen = _incidents(actor, group).where(Incident.settled_at.is_not(None))
    newest = chosen.order_by(Incident.settled_at.desc(), Incident.id.desc())
    return list(session.scalars(newest.limit(MOST_SETTLED)))


def get_incident(session: Session, actor: Actor, uid: UUID) -> Incident:
    """An incident of the actor's groups.

    Raises
        NotFound: there is none, or not for this actor.
    """
    chosen = select(Incident).where(Incident.uid == uid, of_my_groups(actor, Incident.group_id))
    found = session.scalars(
        chosen.options(joinedload(Incident.family), joinedload(Incident.ride))
    ).one_or_none()
    if found is None:
        raise NotFound("incident")
    return found


def _incidents(actor: Actor, group: Group) -> Select[tuple[Incident]]:
    chosen = select(Incident).where(
        of_my_groups(actor, Incident.group_id), Incident.group_id == group.id
    )
    return chosen.options(joinedload(Incident.family))
