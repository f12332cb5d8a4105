"""How many families one person opens: the end at the limit, and an alarm above what a day asks for.

Counted from the log itself, which is written before anything is opened, so that no worker counts
apart from another and no request is quicker than its count. A family counts once, however many of
its parts are opened.
"""

import enum
import math
from collections.abc import Mapping, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from dispatch.errors import Closed
from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext
from dispatch.people import alarms
from dispatch.people.alarms import Kind
from dispatch.people.models import Alarm, Group
from dispatch.policy import Actor

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(hours=24)
EXPECTS = "expects"
"""Under this name a session knows `Expects`, if the program has rides."""
_QUIET_DRIVER, _QUIET_DESK = 2, 10
"""Up to so many families there is no alarm, however few rides the day holds."""
_STRANGERS = 5
"""A coordinator calls families ahead of time; beyond so many without a ride it is told."""
_NIGHT_ENDS, _NIGHT_BEGINS = 6, 22
"""Hours of the day between which a desk works."""


class Expects(Protocol):
    """Says whose doors a day is about."""

    def __call__(
        self, session: Session, actor: Actor, group_id: int, *, since: datetime, until: datetime
    ) -> Set[UUID]:
        """Families with a ride that `actor` drives, or of the group that `actor` coordinates."""
        ...


class LimitReached(Closed):
    """One family more than anybody needs: nothing is shown, and the account is closed."""

    status = 429


class Verdict(enum.Enum):
    """What opening one more family comes to."""

    FINE = "fine"
    ALARM = "alarm"
    """More than the day asks for: shown, and told to those who keep watch."""
    NO = "no"
    """Over the limit."""


@dataclass(frozen=True)
class Limits:
    """How many families a person may open, and beyond how many it is noticed."""

    hour: int
    day: int
    noticed: int
    """Within 24 hours; beyond it there is an alarm."""


def limits_of(group: Group, *, at_desk: bool, expected: int) -> Limits:
    """The limits of one person on a day with rides of `expected` families."""
    hour = group.desk_families_hour if at_desk else group.driver_families_hour
    day = group.desk_families_day if at_desk else group.driver_families_day
    quiet = _QUIET_DESK if at_desk else _QUIET_DRIVER
    usual = math.ceil(expected * group.usual_percent / 100)
    return Limits(hour, day, min(max(usual, quiet), day))


def verdict(
    opened: Mapping[UUID, datetime], family: UUID, limits: Limits, now: datetime
) -> Verdict:
    """What it comes to if somebody who `opened` others within a day opens `family` as well.

    A family that was opened within the hour is no new one; one of this morning is none today.
    """
    within_hour = {uid for uid, at in opened.items() if at > now - AN_HOUR} | {family}
    within_day = set(opened) | {family}
    if len(within_hour) > limits.hour or len(within_day) > limits.day:
        return Verdict.NO
    return Verdict.ALARM if len(within_day) > limits.noticed else Verdict.FINE


def is_night(now: datetime, group: Group) -> bool:
    """Whether no desk works now, where the group is."""
    return not _NIGHT_ENDS <= now.astimezone(group.zone).hour < _NIGHT_BEGINS


def notice(
    session: Session,
    actor: Actor,
    group: Group,
    *,
    opened: Mapping[UUID, datetime],
    family: UUID,
    expected: Set[UUID],
    found: Verdict,
    now: datetime,
) -> None:
    """Raise the alarms that opening `family` gives reason for; each once a day and person."""
    strangers = (set(opened) | {family}) - expected
    told = {
        OVER: found is Verdict.NO,
        MANY: found is Verdict.ALARM,
        WITHOUT_RIDE: len(strangers) > _STRANGERS,
        AT_NIGHT: family not in expected and is_night(now, group),
    }
    day = now.astimezone(group.zone).date().isoformat()
    for kind in (kind for kind, has_reason in told.items() if has_reason):
        alarms.raise_alarm(
            session,
            kind,
            group_id=group.id,
            about_id=actor.user_id,
            once=f"{kind.name}:{actor.uid}:{now.isoformat() if kind is OVER else day}",
            facts={"families": len(strangers if kind is WITHOUT_RIDE else {*opened, family})},
            now=now,
        )


def _families(alarm: Alarm) -> int:
    return int(alarm.facts["families"])


def _say_over(_session: Session, _alarm: Alarm) -> str:
    return _("Reached the limit of families that one person may open. The account is closed.")


def _say_many(_session: Session, alarm: Alarm) -> str:
    return ngettext(
        "Opened one family within a day, more than the rides ask for.",
        "Opened %(num)s families within a day, more than the rides ask for.",
        _families(alarm),
    )


def _say_without_ride(_session: Session, alarm: Alarm) -> str:
    return ngettext(
        "Opened one family without a ride these days.",
        "Opened %(num)s families without a ride these days.",
        _families(alarm),
    )


def _say_at_night(_session: Session, _alarm: Alarm) -> str:
    return _("Opened a family at night that has no ride these days.")


OVER = alarms.register(Kind("families:over", say=_say_over))
MANY = alarms.register(Kind("families:many", say=_say_many))
WITHOUT_RIDE = alarms.register(Kind("families:without-ride", say=_say_without_ride))
AT_NIGHT = alarms.register(Kind("families:at-night", say=_say_at_night))
