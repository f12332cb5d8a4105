"""What comes before anything sealed is shown: may they, not too often, noted, and the note made
permanent."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import queries as log
from dispatch.audit import service as audit
from dispatch.db.transactions import commit, take_turns
from dispatch.i18n import gettext as _
from dispatch.people import service as people
from dispatch.people.models import Group, User, UserState
from dispatch.places import limits
from dispatch.places.limits import LimitReached, Verdict
from dispatch.policy import Action, Actor
from dispatch.policy.actor import SYSTEM


def note_look(
    session: Session,
    actor: Actor,
    action: Action,
    thing: object,
    *,
    asked_about: object,
    uids: Mapping[str, UUID | None],
    now: datetime,
) -> None:
    """Return only when `actor` may see `thing` and the log says so for good: no note, no look.

    `asked_about` is what the law decides on, `uids` what the note names besides `thing`. Commits,
    because what is shown cannot be taken back by a rollback. A refusal is noted as well, in a
    transaction that holds nothing else. One person's looks come one after the other, whatever
    the number of browsers and workers, so that nobody is quicker than the count.

    Raises
        Forbidden, NotFound: as `policy.require`.
        LimitReached: `actor` opened as many families as anybody may; the account is closed.
    """
    actor = as_now(session, actor)
    if not policy.permits(actor, action, asked_about, now):
        session.rollback()
        audit.record(session, actor, action, thing, now=now, outcome=audit.REFUSED, **uids)
        commit(session)
        policy.require(actor, action, asked_about, now)
    _count(session, actor, action, thing, asked_about=asked_about, uids=uids, now=now)
    audit.record(session, actor, action, thing, now=now, **uids)
    commit(session)


def as_now(session: Session, actor: Actor) -> Actor:
    """`actor` as the account is at this moment, which stays so until the note is written.

    Whoever holds other rows for a look calls this first: everybody takes people before things.
    """
    if actor.user_id is None:
        return actor
    take_turns(session, b"looks" + str(actor.user_id).encode())
    state = session.scalar(
        select(User.state).where(User.id == actor.user_id).with_for_update(read=True)
    )
    return replace(actor, is_active=actor.is_active and state is UserState.ACTIVE)


def _count(
    session: Session,
    actor: Actor,
    action: Action,
    thing: object,
    *,
    asked_about: object,
    uids: Mapping[str, UUID | None],
    now: datetime,
) -> None:
    family = uids.get("family_uid")
    if family is None:
        return
    group = session.get_one(Group, asked_about.group_id)
    opened = log.families_opened(session, actor.uid, log.LOOKS, since=now - limits.A_DAY)
    expects: limits.Expects | None = session.info.get(limits.EXPECTS)
    span = {"since": now - limits.A_DAY, "until": now + limits.A_DAY}
    expected = expects(session, actor, group.id, **span) if expects else frozenset()
    allowed = limits.limits_of(group, at_desk=group.id in actor.coordinates, expected=len(expected))
    found = limits.verdict(opened, family, allowed, now)
    if found is Verdict.NO:
        session.rollback()
        people.suspend(session, SYSTEM, session.get_one(User, actor.user_id), now=now)
        audit.record(session, actor, action, thing, now=now, outcome=audit.REFUSED, **uids)
    limits.notice(
        session,
        actor,
        group,
        opened=opened,
        family=family,
        expected=expected,
        found=found,
        now=now,
    )
    if found is Verdict.NO:
        commit(session)
        raise LimitReached(
            _(
                "You have opened as many families as one person may in this time. "
                "Your account is closed until somebody has talked with you: call the desk."
            )
        )
