"""Groups and their settings."""

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.errors import Stale
from dispatch.i18n import gettext as _
from dispatch.people import rules, two_persons
from dispatch.people.forms import GroupSettings, RevealLimits
from dispatch.people.models import Group, Motion
from dispatch.people.two_persons import Matter
from dispatch.policy import Action, Actor


def make_group(session: Session, actor: Actor, settings: GroupSettings, *, now: datetime) -> Group:
    """A new group of nobody yet."""
    policy.require(actor, Action.MAKE_GROUP, None, now)
    group = Group(**asdict(settings), made_at=now)
    session.add(group)
    session.flush()
    audit.record(session, actor, Action.MAKE_GROUP, group, now=now, group_uid=group.uid)
    return group


def change_group(
    session: Session,
    actor: Actor,
    group: Group,
    settings: GroupSettings,
    *,
    version: str,
    now: datetime,
) -> None:
    """Change the settings of `group`; `version` is what `rules.version_of` said to the form.

    Raises
        Stale: somebody else changed them since.
    """
    policy.require(actor, Action.CHANGE_GROUP, group, now)
    if version != rules.version_of(group):
        raise Stale(
            _("Somebody else changed these settings meanwhile. Nothing of yours was saved.")
        )
    for name, value in asdict(settings).items():
        setattr(group, name, value)
    session.flush()
    audit.record(session, actor, Action.CHANGE_GROUP, group, now=now, group_uid=group.uid)


def change_limits(
    session: Session, actor: Actor, group: Group, wanted: RevealLimits, *, now: datetime
) -> Motion | None:
    """Limit how many families one person of `group` may open.

    What is tighter holds at once; what is looser takes a second person: the motion is returned.

    Raises
        Conflict: looser limits wait for a second person already.
    """
    policy.require(actor, Action.CHANGE_GROUP, group, now)
    values = asdict(wanted)
    more = rules.looser(group, values)
    for name in values.keys() - more.keys():
        setattr(group, name, values[name])
    session.flush()
    audit.record(session, actor, Action.CHANGE_GROUP, group, now=now, group_uid=group.uid)
    if not more:
        return None
    return two_persons.ask(
        session, actor, LOOSER, subject_uid=group.uid, group=group, facts=more, now=now
    )


def _say_looser(_session: Session, motion: Motion) -> str:
    said = {
        "driver_families_hour": _("a driver within an hour: %(num)s"),
        "driver_families_day": _("a driver within 24 hours: %(num)s"),
        "desk_families_hour": _("a coordinator within an hour: %(num)s"),
        "desk_families_day": _("a coordinator within 24 hours: %(num)s"),
        "usual_percent": _("noticed from %(num)s percent of the day's families"),
    }
    wanted = [
        words % {"num": motion.facts[name]} for name, words in said.items() if name in motion.facts
    ]
    return _("Let people open more families: %(limits)s.", limits="; ".join(wanted))


def _loosen(session: Session, actor: Actor, motion: Motion, *, now: datetime) -> None:
    group = motion.group
    for name in RevealLimits.__annotations__:
        if name in motion.facts:
            setattr(group, name, motion.facts[name])
    session.flush()
    audit.record(session, actor, Action.CHANGE_GROUP, group, now=now, group_uid=group.uid)


LOOSER = two_persons.register(Matter("limits:loosen", say=_say_looser, carry_out=_loosen))
