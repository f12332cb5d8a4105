"""Shutting the service in an emergency, and opening it again.

One steward is enough to shut it: every session ends at once, and from then on the law lets nobody
see a family, propose, or reveal, whatever grant they hold. Nothing is deleted. It takes two people
to end it, so that whoever got hold of one account cannot.
"""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.errors import Refused
from dispatch.i18n import gettext as _
from dispatch.people import two_persons
from dispatch.people.freezing import Freeze, find_freeze
from dispatch.people.models import Motion, WebSession
from dispatch.people.two_persons import Matter
from dispatch.policy import Action, Actor


def freeze(session: Session, actor: Actor, *, now: datetime) -> Freeze:
    """Shut the service and sign everybody out; one that is shut stays so."""
    policy.require(actor, Action.FREEZE, None, now)
    found = find_freeze(session)
    if found is None:
        found = Freeze(began_at=now, began_by_id=actor.user_id)
        session.add(found)
    session.execute(update(WebSession).where(WebSession.ended_at.is_(None)).values(ended_at=now))
    session.flush()
    audit.record(session, actor, Action.FREEZE, found, now=now)
    return found


def ask_unfreeze(session: Session, actor: Actor, *, now: datetime) -> Motion:
    """Ask for the freeze to end; it does when a second person says yes.

    Raises
        Refused: the service is not frozen.
        Conflict: somebody asked already.
    """
    policy.require(actor, Action.ASK_UNFREEZE, None, now)
    found = find_freeze(session)
    if found is None:
        raise Refused(_("The service is not paused."))
    motion = two_persons.ask(session, actor, UNFREEZE, subject_uid=found.uid, group=None, now=now)
    audit.record(session, actor, Action.ASK_UNFREEZE, found, now=now)
    return motion


def _say(_session: Session, _motion: Motion) -> str:
    return _("End the pause: the service opens again for everybody.")


def _carry_out(session: Session, _actor: Actor, motion: Motion, *, now: datetime) -> None:
    found = find_freeze(session)
    if found is None or found.uid != motion.subject_uid:
        raise Refused(_("The service is not paused."))
    found.ended_at = now


UNFREEZE = two_persons.register(Matter("freeze:end", say=_say, carry_out=_carry_out))
