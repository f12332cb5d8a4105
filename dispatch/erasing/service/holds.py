"""A legal hold: one person asks, another one agrees; then a family stays for a while, no longer."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch import clock, policy
from dispatch.audit import service as audit
from dispatch.db.transactions import vault_of
from dispatch.erasing import rules
from dispatch.erasing.models import LegalHold
from dispatch.errors import Conflict, NotFound, Refused
from dispatch.families.models import Family
from dispatch.i18n import gettext as _
from dispatch.i18n import say_day
from dispatch.people import two_persons
from dispatch.people.models import Group, Motion
from dispatch.people.two_persons import Matter
from dispatch.policy import Action, Actor

SHORTEST_REASON = 20
LONGEST_REASON = 1000
"""Characters."""


def ask(
    session: Session, actor: Actor, family: Family, *, reason: str, days: int, now: datetime
) -> LegalHold:
    """Ask that `family` be kept for so many days whatever falls due; nothing is held yet.

    The reason is sealed under the family's key, and read by nobody who does not need it.

    Raises
        NotFound: the family is of another group.
        Refused: no reason, or longer than a hold may be.
        Conflict: it is held already, or somebody asked before.
    """
    policy.require(actor, Action.HOLD_FAMILY, family, now)
    if len(reason) < SHORTEST_REASON:
        raise Refused(_("Give a reason of at least %(num)s characters.", num=SHORTEST_REASON))
    if not 1 <= days <= rules.LONGEST_HOLD.days:
        raise Refused(_("A hold lasts from 1 to %(num)s days.", num=rules.LONGEST_HOLD.days))
    _end_the_past(session, family, now)
    hold = LegalHold(
        family=family,
        group_id=family.group_id,
        asked_by_id=actor.user_id,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    hold.seal("sealed_reason", reason[:LONGEST_REASON], vault_of(session))
    session.add(hold)
    session.flush()
    group = session.get_one(Group, family.group_id)
    two_persons.ask(session, actor, HOLD, subject_uid=hold.uid, group=group, now=now)
    audit.record(
        session,
        actor,
        Action.HOLD_FAMILY,
        hold,
        now=now,
        family_uid=family.uid,
        group_uid=group.uid,
    )
    return hold


def end(session: Session, actor: Actor, hold: LegalHold, *, now: datetime) -> None:
    """Let the family go its way again; one person is enough for that.

    Raises
        NotFound: the hold is of another group.
    """
    policy.require(actor, Action.HOLD_FAMILY, hold, now)
    hold.ended_at = now
    session.flush()
    audit.record(session, actor, Action.HOLD_FAMILY, hold, now=now, family_uid=hold.family.uid)


def find_live(session: Session, family: Family, *, now: datetime) -> LegalHold | None:
    """The hold on `family` that is asked for or in force."""
    chosen = select(LegalHold).where(
        LegalHold.family_id == family.id,
        LegalHold.ended_at.is_(None),
        LegalHold.expires_at > now,
    )
    return session.scalars(chosen).one_or_none()


def _end_the_past(session: Session, family: Family, now: datetime) -> None:
    """End a hold that is over, or that nobody agreed to in time: another may take its place."""
    chosen = select(LegalHold).where(LegalHold.family_id == family.id, LegalHold.ended_at.is_(None))
    for known in session.scalars(chosen):
        waits = two_persons.open_motion(session, HOLD, known.uid, now=now) is not None
        if known.holds(now) or waits:
            raise Conflict(_("This family is held already, or somebody asked for it before."))
        known.ended_at = now
    session.flush()


def _hold_of(session: Session, motion: Motion) -> LegalHold:
    chosen = select(LegalHold).where(LegalHold.uid == motion.subject_uid)
    found = session.scalars(chosen).one_or_none()
    if found is None:
        raise NotFound(motion.matter)
    return found


def _say(session: Session, motion: Motion) -> str:
    hold = _hold_of(session, motion)
    group = session.get_one(Group, hold.group_id)
    return _(
        "Keep family %(number)s until %(day)s, even if its time is over before.",
        number=hold.family.number,
        day=say_day(clock.local_day(hold.expires_at, group.zone)),
    )


def _carry_out(session: Session, actor: Actor, motion: Motion, *, now: datetime) -> None:
    hold = _hold_of(session, motion)
    hold.confirmed_by_id, hold.confirmed_at = actor.user_id, now
    audit.record(session, actor, Action.HOLD_FAMILY, hold, now=now, family_uid=hold.family.uid)


HOLD = two_persons.register(Matter("retention:hold", say=_say, carry_out=_carry_out))
