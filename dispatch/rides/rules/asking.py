"""What a coordinator may ask for, and what is wrong with what was asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dispatch import clock
from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext, say_day
from dispatch.rides.models import Anchor, Purpose, ReturnKind
from dispatch.rides.rules.series import service_days, window

if TYPE_CHECKING:
    from dispatch.places.models import Place

MOST_WEEKS = 26
MOST_RIDES = 200
MOST_NOTE = 1000
MOST_FLEXIBLE = 240
LEAST_WAIT, MOST_WAIT = 5, 240
FARTHEST = timedelta(days=366)
"""Nobody plans longer ahead: a later day is a slip of the keyboard."""
_LEAST_STAY = timedelta(minutes=15)
_AFTERNOON = 8
"""A wrong hour before it was probably read off a clock with twelve hours."""
_URGENT = frozenset({Purpose.MEDICAL, Purpose.LEGAL})

CHILD_SEATS = ("infant", "convertible", "booster")
"""Kinds of child seats, as families need and cars have them."""


@dataclass(frozen=True)
class Asked:
    """What one form or one row asks for: rides on one day, or a weekly series of them."""

    pickup: "Place"
    dropoff: "Place"
    anchor: Anchor
    on: date
    """The day, or the first day of the series."""
    at: time
    """Wall time in the group's zone."""
    purpose: Purpose
    flexible_minutes: int = 0
    """How much earlier than `at` an arrival, how much later a departure may be."""
    return_kind: ReturnKind = ReturnKind.NONE
    return_at: time | None = None
    """Of a fixed return: when they leave, on the same day."""
    return_flexible_minutes: int = 0
    wait_minutes: int = 0
    """Of a waiting driver: how long they stay."""
    weekdays: frozenset[int] = frozenset()
    """Of a series, 0 for Monday; empty for a single day."""
    until: date | None = None
    """The last day of the series, inclusive."""
    except_on: frozenset[date] = frozenset()
    adults: int = 1
    children: int = 0
    child_seats: Mapping[str, int] = field(default_factory=dict)
    """How many of each kind of `CHILD_SEATS` the car must have."""
    wheelchair: bool = False
    language: str | None = None
    """A language that the driver must speak."""
    notes: str = ""

    @property
    def last_on(self) -> date:
        """The last day of the series; of a single day, that day."""
        return self.until if self.weekdays and self.until is not None else self.on


def priority(purpose: Purpose) -> int:
    """What serving a ride is worth: a missed doctor or judge cannot be made up next week."""
    return 2 if purpose in _URGENT else 1


def mistakes(asked: Asked, *, zone: ZoneInfo, most_seats: int, now: datetime) -> dict[str, str]:
    """What is wrong with `asked`: a sentence by the name of the field; empty if it can be saved.

    `most_seats` are those of the largest car in the group.
    """
    found = _day(asked, zone, now) or _series(asked) or _time(asked, zone, now)
    found |= _return(asked) | _party(asked, most_seats)
    if asked.pickup is asked.dropoff:
        found["dropoff"] = _("Pickup and drop-off are the same place.")
    if len(asked.notes) > MOST_NOTE:
        found["notes"] = _(
            "This note has %(long)s characters; %(most)s fit.",
            long=len(asked.notes),
            most=MOST_NOTE,
        )
    return found


def _day(asked: Asked, zone: ZoneInfo, now: datetime) -> dict[str, str]:
    """Days far outside are told first: their instants may not even exist."""
    today = clock.local_day(now, zone)
    if asked.on < today:
        return {"day": _("%(day)s is over. Choose a day from today on.", day=_say(asked.on))}
    if asked.on > today + FARTHEST:
        return {"day": _("%(day)s is more than a year away.", day=_say(asked.on))}
    return {}


def _say(day: date) -> str:
    return say_day(day, "d MMMM y")


def _series(asked: Asked) -> dict[str, str]:
    if not asked.weekdays:
        return {}
    if asked.until is None:
        return {"until": _("Until when? Give the last day of the series.")}
    if asked.until < asked.on:
        return {"until": _("The series ends before it begins, on %(day)s.", day=_say(asked.on))}
    if asked.until - asked.on >= timedelta(weeks=MOST_WEEKS):
        last = asked.on + timedelta(weeks=MOST_WEEKS, days=-1)
        return {
            "until": _(
                "A series lasts %(weeks)s weeks at most: until %(day)s.",
                weeks=MOST_WEEKS,
                day=_say(last),
            )
        }
    every_day = set(service_days(asked.on, asked.until, asked.weekdays, ()))
    strange = sorted(asked.except_on - every_day)
    if strange:
        return {"except_on": _("%(day)s is not a day of this series.", day=_say(strange[0]))}
    return _count(asked, len(every_day - asked.except_on))


def _count(asked: Asked, days: int) -> dict[str, str]:
    if days == 0:
        return {"weekdays": _("No day is left: none of these weekdays is in the series.")}
    rides = days if asked.return_kind is ReturnKind.NONE else 2 * days
    if rides > MOST_RIDES:
        return {
            "until": _(
                "These are %(rides)s rides; one request may have %(most)s. End the series earlier.",
                rides=rides,
                most=MOST_RIDES,
            )
        }
    return {}


def _time(asked: Asked, zone: ZoneInfo, now: datetime) -> dict[str, str]:
    if asked.flexible_minutes < 0 or asked.return_flexible_minutes < 0:
        return {"flexible": _("A window cannot close before it opens.")}
    if max(asked.flexible_minutes, asked.return_flexible_minutes) > MOST_FLEXIBLE:
        return {
            "flexible": ngettext(
                "A time may be flexible by %(num)s minute at most.",
                "A time may be flexible by %(num)s minutes at most.",
                MOST_FLEXIBLE,
            )
        }
    days = service_days(asked.on, asked.last_on, asked.weekdays, asked.except_on)
    _first, last = window(asked.anchor, days[0], asked.at, asked.flexible_minutes, zone)
    if last <= now:
        return {
            "time": _(
                "%(time)s has passed already; it is %(now)s now.",
                time=_clock(asked.at),
                now=_clock(now.astimezone(zone).time()),
            )
        }
    return {}


def _clock(wall: time) -> str:
    return wall.strftime("%H:%M")


def _return(asked: Asked) -> dict[str, str]:
    if asked.return_kind is ReturnKind.WAIT:
        if LEAST_WAIT <= asked.wait_minutes <= MOST_WAIT:
            return {}
        return {
            "wait": _(
                "A driver can wait from %(least)s to %(most)s minutes. "
                "For longer, give a time for the way back, or let them call.",
                least=LEAST_WAIT,
                most=MOST_WAIT,
            )
        }
    if asked.return_kind is not ReturnKind.FIXED:
        return {}
    if asked.return_at is None:
        return {"back": _("At what time do they leave again?")}
    if asked.return_at > asked.at:
        return {}
    return {"back": _too_early(asked.anchor, asked.at, asked.return_at)}


def _too_early(anchor: Anchor, at: time, back: time) -> str:
    words = {"back": _clock(back), "at": _clock(at)}
    if anchor is Anchor.ARRIVE_BY:
        sentence = _("%(back)s is before they arrive at %(at)s.", **words)
    else:
        sentence = _("%(back)s is before they set out at %(at)s.", **words)
    meant = likely_return(at, back)
    if meant is None:
        return sentence
    question = _("Did you mean %(time)s?", time=_clock(meant))
    return f"{sentence} {question}"


def likely_return(at: time, back: time) -> time | None:
    """What was probably meant by a return at `back` that is not after `at`, if anything was.

    "2:00" after an appointment at 10:30 is 14:00; "10:15" is 11:15, an hour mistyped.
    """
    earliest = datetime.combine(date.min, at) + _LEAST_STAY
    typed = datetime.combine(date.min, back)
    afternoon = typed + timedelta(hours=12)
    if back.hour < _AFTERNOON and afternoon >= earliest:
        return afternoon.time()
    while typed < earliest:
        typed += timedelta(hours=1)
    return typed.time() if typed.date() == date.min else None


def _party(asked: Asked, most_seats: int) -> dict[str, str]:
    riders = asked.adults + asked.children
    if asked.adults < 0 or asked.children < 0 or riders < 1:
        return {"adults": _("Somebody has to sit in the car.")}
    if riders > most_seats:
        return {
            "adults": ngettext(
                "%(riders)s riders fit into no car: the largest takes %(num)s. Enter two requests.",
                "%(riders)s riders fit into no car: the largest takes %(num)s. Enter two requests.",
                most_seats,
                riders=riders,
            )
        }
    if set(asked.child_seats) - set(CHILD_SEATS) or any(n < 0 for n in asked.child_seats.values()):
        return {"seats": _("There is no such child seat.")}
    if sum(asked.child_seats.values()) > asked.children:
        return {"seats": _("These are more child seats than children.")}
    return {}
