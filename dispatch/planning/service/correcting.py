"""A driver says how far and how long a ride really was."""

from datetime import datetime

from sqlalchemy.orm import Session

from dispatch import clock, policy
from dispatch.audit import service as audit
from dispatch.errors import Conflict
from dispatch.i18n import gettext as _
from dispatch.people.models import Group
from dispatch.planning import driven
from dispatch.planning.models import Assignment
from dispatch.policy import Action, Actor


def correct_driven(
    session: Session,
    actor: Actor,
    assignment: Assignment,
    *,
    metres: int,
    minutes: int,
    now: datetime,
) -> None:
    """Put what the driver says in the place of the estimate.

    Raises
        NotFound: not the actor's own ride.
        Conflict: it is not over, or for too long.
    """
    policy.require(actor, Action.CORRECT_DRIVEN, assignment, now)
    session.refresh(assignment, with_for_update=True)
    group = session.get_one(Group, assignment.group_id)
    if not driven.may_correct(assignment, clock.local_day(now, group.zone)):
        raise Conflict(_("This can be said for two weeks after a ride. Call the desk instead."))
    assignment.driven_metres, assignment.driven_minutes = metres, minutes
    session.flush()
    audit.record(
        session, actor, Action.CORRECT_DRIVEN, assignment, now=now, ride_uid=assignment.ride.uid
    )
