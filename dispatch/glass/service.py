"""Opening a closed family in need, closing it again, and looking at it as another person."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.db import transactions
from dispatch.db.transactions import vault_of
from dispatch.errors import Conflict, Refused
from dispatch.families.models import Family
from dispatch.glass import rules
from dispatch.glass.models import GlassBreak, Need, Verdict
from dispatch.i18n import gettext as _
from dispatch.people import alarms
from dispatch.people.models import Alarm
from dispatch.places.looks import note_look
from dispatch.policy import Action, Actor


class ReasonMissing(Refused):
    """It was not said why. `troubles`: {field: sentence}."""

    def __init__(self, troubles: dict[str, str]) -> None:
        super().__init__(*troubles.values())
        self.troubles = troubles


def _say_broken(_session: Session, alarm: Alarm) -> str:
    return _("Closed family %(number)s was opened in need.", number=alarm.facts["number"])


def _say_questioned(_session: Session, alarm: Alarm) -> str:
    return _(
        "Family %(number)s was opened in need, and a reviewer found that it was not needed.",
        number=alarm.facts["number"],
    )


BROKEN = alarms.register(alarms.Kind("glass:broken", say=_say_broken))
QUESTIONED = alarms.register(alarms.Kind("glass:questioned", say=_say_questioned))


def break_glass(
    session: Session,
    actor: Actor,
    family: Family,
    *,
    need: Need | None,
    reason: str,
    now: datetime,
) -> GlassBreak:
    """Open the closed `family` to `actor` for half an hour. Everybody else at the desk is told.

    The alarm is written with it: whoever looks at a page after this sees it.

    Raises
        ReasonMissing: it was not said why.
        Conflict: it is open anyway, or another family is open to `actor` already.
    """
    policy.require(actor, Action.BREAK_GLASS, family, now)
    transactions.take_turns(session, f"glass {actor.user_id}".encode())
    session.refresh(family, attribute_names=["withdrawn_at"])
    if not family.is_closed:
        raise Conflict(_("This family is open to you. Nothing has to be opened in need."))
    troubles = rules.trouble(need, reason)
    if need is None or troubles:
        raise ReasonMissing(troubles)
    if any(one.is_live(now) for one in _unended_of(session, actor)):
        raise Conflict(_("You have opened a family in need already. Close it first."))
    broken = GlassBreak(
        group_id=family.group_id,
        family=family,
        user_id=actor.user_id,
        need=need,
        starts_at=now,
        ends_at=now + rules.OPEN_FOR,
        review_by=now + rules.REVIEW_WITHIN,
    )
    broken.seal("sealed_reason", reason.strip()[: rules.MOST_REASON], vault_of(session))
    session.add(broken)
    session.flush()
    session.refresh(family, attribute_names=["breaks"])
    _record(session, actor, Action.BREAK_GLASS, broken, now)
    _tell(session, BROKEN, broken, now)
    return broken


def end(session: Session, actor: Actor, broken: GlassBreak, *, now: datetime) -> None:
    """Close the family again before its time. Anybody who sees it may."""
    policy.require(actor, Action.END_GLASS, broken, now)
    ended = session.execute(
        update(GlassBreak)
        .where(GlassBreak.id == broken.id, GlassBreak.ended_at.is_(None), GlassBreak.ends_at > now)
        .values(ended_at=now, ended_by_id=actor.user_id)
    )
    if ended.rowcount == 1:
        session.refresh(broken)
        _record(session, actor, Action.END_GLASS, broken, now)


def read_reason(session: Session, actor: Actor, broken: GlassBreak, *, now: datetime) -> str:
    """Why it was opened, for somebody of the same desk; the look is on record before.

    Raises
        Forbidden, NotFound: `actor` is no coordinator of the group.
    """
    uids = {"family_uid": broken.family.uid}
    note_look(
        session, actor, Action.READ_GLASS_REASON, broken, asked_about=broken, uids=uids, now=now
    )
    return broken.unseal("sealed_reason", vault_of(session)) or ""


def review(
    session: Session, actor: Actor, broken: GlassBreak, verdict: Verdict, *, now: datetime
) -> None:
    """Another person says whether it was needed. What was not is everybody's to talk about.

    Raises
        NotFound: it is the own deed.
        Conflict: it is open still, or somebody said so before.
    """
    policy.require(actor, Action.REVIEW_GLASS, broken, now)
    if broken.is_live(now):
        raise Conflict(_("The family is open still. Close it first, then review."))
    done = session.execute(
        update(GlassBreak)
        .where(GlassBreak.id == broken.id, GlassBreak.reviewed_at.is_(None))
        .values(reviewed_at=now, reviewed_by_id=actor.user_id, verdict=verdict)
    )
    if done.rowcount != 1:
        raise Conflict(_("Somebody has reviewed this before."))
    session.refresh(broken)
    _record(session, actor, Action.REVIEW_GLASS, broken, now)
    if verdict is Verdict.QUESTIONED:
        _tell(session, QUESTIONED, broken, now)


def _unended_of(session: Session, actor: Actor) -> list[GlassBreak]:
    chosen = select(GlassBreak).where(
        GlassBreak.user_id == actor.user_id, GlassBreak.ended_at.is_(None)
    )
    return list(session.scalars(chosen))


def _tell(session: Session, kind: alarms.Kind, broken: GlassBreak, now: datetime) -> None:
    alarms.raise_alarm(
        session,
        kind,
        group_id=broken.group_id,
        about_id=broken.user_id,
        once=f"{kind.name}:{broken.uid}",
        facts={"number": broken.family.number},
        now=now,
    )


def _record(
    session: Session, actor: Actor, action: Action, broken: GlassBreak, now: datetime
) -> None:
    audit.record(session, actor, action, broken, now=now, family_uid=broken.family.uid)
