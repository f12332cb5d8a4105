"""A new link for somebody who has an account and cannot get in any more.

Whoever holds such a link can become that person. So two people who know them agree first, and
only one of the two is shown the link; opening it, everything set up before is forgotten, and the
person is told.
"""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.errors import NotFound, Refused
from dispatch.i18n import gettext as _
from dispatch.people import two_persons
from dispatch.people.factors.models import NoticeKind
from dispatch.people.models import Group, Motion, User, UserState
from dispatch.people.service import notices
from dispatch.people.two_persons import Matter
from dispatch.policy import Action, Actor

_MADE = "made"
"""Among the facts of a motion: its link was made."""


def ask_renewal(
    session: Session, actor: Actor, group: Group, user: User, *, now: datetime
) -> Motion:
    """Ask for a new link for `user` of `group`; the second person stands up for them too.

    Raises
        NotFound: `user` is not of `group`.
        Refused: it is oneself, or somebody who needs none: not yet in, or suspended.
        Conflict: somebody asked already.
    """
    policy.require(actor, Action.ASK_RENEWAL, group, now)
    if group.id not in {one.group_id for one in user.memberships}:
        raise NotFound(Action.ASK_RENEWAL.value)
    if user.state is not UserState.ACTIVE or user.id == actor.user_id:
        raise Refused(_("There is nothing to ask for here."))
    motion = two_persons.ask(session, actor, RENEW, subject_uid=user.uid, group=group, now=now)
    notices.tell(session, user, NoticeKind.RENEWAL_ASKED, now=now)
    audit.record(session, actor, Action.ASK_RENEWAL, user, now=now, group_uid=group.uid)
    return motion


def find_agreed(session: Session, actor: Actor, user: User, *, now: datetime) -> Motion | None:
    """That `actor` and another agreed lately on a new link for `user`, if it is not made yet."""
    agreed = session.scalars(
        select(Motion)
        .where(
            Motion.matter == RENEW.name,
            Motion.subject_uid == user.uid,
            Motion.seconded_at > now - two_persons.A_DAY,
            or_(Motion.asked_by_id == actor.user_id, Motion.seconded_by_id == actor.user_id),
        )
        .order_by(Motion.seconded_at.desc())
    ).first()
    return None if agreed is None or _MADE in agreed.facts else agreed


def use_up(session: Session, agreed: Motion) -> None:
    """Note that the link that `agreed` is about was made: there is one for each agreement."""
    agreed.facts = {**agreed.facts, _MADE: True}
    session.flush()


def _say(_session: Session, motion: Motion) -> str:
    return _("A new link for somebody of %(group)s who cannot sign in.", group=motion.group.name)


def _carry_out(session: Session, actor: Actor, motion: Motion, *, now: datetime) -> None:
    """Nothing yet: one of the two makes the link when the person stands before them."""
    user = session.scalars(select(User).where(User.uid == motion.subject_uid)).one()
    audit.record(session, actor, Action.ASK_RENEWAL, user, now=now, group_uid=motion.group.uid)


RENEW = two_persons.register(Matter("account:renew", say=_say, carry_out=_carry_out))
