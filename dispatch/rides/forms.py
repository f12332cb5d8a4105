"""What a person may type into a request, and what is wrong with it before any rule is asked."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial

from babel.support import LazyProxy
from werkzeug.datastructures import MultiDict

from dispatch.families.models import Family
from dispatch.i18n import gettext as _
from dispatch.i18n import lazy_gettext as _l
from dispatch.people.models import Group
from dispatch.places.models import Place, PlaceKind
from dispatch.places.typed import Typed
from dispatch.places.words import SEAT_WORDS
from dispatch.rides.models import Anchor, Purpose, ReturnKind, Ride
from dispatch.rides.rules import Asked

_TOKEN = re.compile(r"[\w-]{16,64}")
_FLEXIBLE = (0, 15, 30, 60)
_WAITS = (15, 30, 45, 60, 90, 120, 180, 240)
USUAL_WAIT = 45
MOST_RIDERS = 20
EXCEPTIONS = 4
"""Empty rows for days without a ride; more come with the next page."""

LABELS: dict[str, LazyProxy] = {
    "family": _l("Family"),
    "pickup": _l("Pickup"),
    "dropoff": _l("Drop-off"),
    "anchor": _l("The time is for"),
    "day": _l("Day"),
    "time": _l("Time"),
    "flexible": _l("Flexible by"),
    "return": _l("Return"),
    "back": _l("Leave again at"),
    "back_flexible": _l("May be later by"),
    "wait": _l("How long the driver waits"),
    "weekdays": _l("Weekdays"),
    "until": _l("Until"),
    "except_on": _l("Days without a ride"),
    "adults": _l("Adults"),
    "children": _l("Children"),
    "seats": _l("Child seats"),
    **SEAT_WORDS,
    "language": _l("Language"),
    "purpose": _l("Purpose"),
    "notes": _l("Note for the driver"),
}
"""What each field is called, in the order of the page."""
ORDER = ("", *LABELS)


@dataclass(frozen=True)
class RequestForm:
    """A request as it was typed: people and places still by their names."""

    family: str
    pickup: str
    dropoff: str
    asked: Callable[..., Asked]
    """Wants `pickup` and `dropoff` as places, once they are found."""


def parse(form: MultiDict[str, str]) -> tuple[RequestForm | None, dict[str, str]]:
    """The request that was typed, or None; and a sentence for every field that makes no sense."""
    typed = Typed(form)
    family = typed.line("family", most=12, missing=_("Give the family's number."))
    pickup = typed.line("pickup", missing=_("Where do they get in?"))
    dropoff = typed.line("dropoff", missing=_("Where do they want to go?"))
    terms = _when(typed) | _way_back(typed) | _series(typed, form) | _party(typed)
    terms["purpose"] = typed.choice("purpose", Purpose, _("Choose a purpose, as coarse as it is."))
    terms["notes"] = typed.notes("notes")
    if typed.errors:
        return None, typed.errors
    return RequestForm(family, pickup, dropoff, partial(Asked, **terms)), {}


def token_of(form: Mapping[str, str]) -> str | None:
    """What makes a form sent twice the same form; None if it has no token of ours."""
    token = form.get("form_token", "")
    return token if _TOKEN.fullmatch(token) else None


def _when(typed: Typed) -> dict[str, object]:
    return {
        "anchor": typed.choice("anchor", Anchor, _("Is it the arrival or the departure?")),
        "on": typed.day("day", missing=_("On which day?")),
        "at": _wall(typed, "time", _("At what time?")),
        "flexible_minutes": typed.number("flexible", least=0, most=240, blank=0),
    }


def _way_back(typed: Typed) -> dict[str, object]:
    """Only what belongs to the chosen kind is read: the rest may hold anything."""
    kind = typed.choice("return", ReturnKind, _("How do they come back?"))
    terms: dict[str, object] = {"return_kind": kind}
    if kind is ReturnKind.FIXED:
        terms["return_at"] = _wall(typed, "back", _("At what time do they leave again?"))
        terms["return_flexible_minutes"] = typed.number("back_flexible", least=0, most=240, blank=0)
    elif kind is ReturnKind.WAIT:
        terms["wait_minutes"] = typed.number("wait", least=5, most=240, blank=USUAL_WAIT)
    return terms


def _series(typed: Typed, form: MultiDict[str, str]) -> dict[str, object]:
    chosen = [text for text in form.getlist("weekdays") if re.fullmatch(r"[0-6]", text)]
    if not chosen:
        if typed.day("until"):
            typed.errors["weekdays"] = _("On which weekdays? Or leave the last day empty.")
        return {}
    return {
        "weekdays": frozenset(map(int, chosen)),
        "until": typed.day("until", missing=_("Until when? Give the last day of the series.")),
        "except_on": _exceptions(typed, form.getlist("except_on")),
    }


def _exceptions(typed: Typed, texts: list[str]) -> frozenset[date]:
    days = set()
    for text in filter(None, map(str.strip, texts)):
        try:
            days.add(date.fromisoformat(text))
        except ValueError:
            typed.errors["except_on"] = _("Write the day as year-month-day: 2027-03-09.")
    return frozenset(days)


def _party(typed: Typed) -> dict[str, object]:
    return {
        "adults": typed.number("adults", least=0, most=MOST_RIDERS, blank=0),
        "children": typed.number("children", least=0, most=MOST_RIDERS, blank=0),
        "child_seats": typed.seats(),
        "wheelchair": typed.yes("wheelchair"),
        "language": typed.language("language") if typed.form.get("language") else None,
    }


def _wall(typed: Typed, name: str, missing: str) -> time | None:
    minute = typed.minute(name)
    if minute is None:
        typed.errors.setdefault(name, missing)
        return None
    return time(*divmod(minute, 60))


def of_family(family: Family) -> dict[str, object]:
    """What the form holds for a family at first: its people, seats and home."""
    return {
        "family": family.number,
        "pickup": home_word(family),
        "adults": family.adults,
        "children": family.children,
        "wheelchair": family.wheelchair,
        "language": family.language if family.needs_language else "",
        **{kind: family.child_seats.get(kind, 0) for kind in SEAT_WORDS},
    }


def of_ride(ride: Ride, family: Family, group: Group) -> dict[str, object]:
    """What the form holds to ask for a ride like `ride` again; the day is left open."""
    values: dict[str, object] = {
        "pickup": _name(ride.pickup_place, family),
        "dropoff": _name(ride.dropoff_place, family),
        "anchor": ride.anchor.value,
        "purpose": ride.purpose.value,
        "return": ride.request.return_kind.value,
        "wait": ride.wait_minutes or USUAL_WAIT,
        "adults": ride.adults,
        "children": ride.children,
        "wheelchair": ride.wheelchair,
        "language": ride.language or "",
        **{kind: ride.child_seats.get(kind, 0) for kind in SEAT_WORDS},
    }
    if ride.window_starts_at is not None and ride.window_ends_at is not None:
        early, late = ride.window_starts_at, ride.window_ends_at
        values["time"] = _clock(late if ride.anchor is Anchor.ARRIVE_BY else early, group)
        values["flexible"] = int((late - early).total_seconds() // 60)
    back = next((one for one in ride.returns if one.window_starts_at is not None), None)
    if back is not None and ride.request.return_kind is ReturnKind.FIXED:
        values["back"] = _clock(back.window_starts_at, group)
    return values


def empty(group: Group) -> dict[str, object]:
    """What every new form holds."""
    return {
        "anchor": Anchor.ARRIVE_BY.value,
        "flexible": group.flexible_minutes,
        "return": ReturnKind.NONE.value,
        "back_flexible": group.flexible_minutes,
        "wait": USUAL_WAIT,
        "purpose": Purpose.MEDICAL.value,
        "adults": 1,
    }


def home_word(family: Family | None) -> str:
    """What stands for the place where the rides of `family` begin."""
    if family is not None and family.place.is_public:
        return family.place.shown_as
    return _("Home")


def minutes_to_choose(usual: object) -> list[tuple[int, str]]:
    """How flexible a time can be, with the usual minutes among them."""
    known = {int(str(usual))} if str(usual).isdigit() else set()
    return [(minutes, say_minutes(minutes)) for minutes in sorted({*_FLEXIBLE, *known})]


def waits_to_choose() -> list[tuple[int, str]]:
    """How long a driver may wait."""
    return [(minutes, say_minutes(minutes)) for minutes in _WAITS]


def say_minutes(minutes: int) -> str:
    """ "15 min", "1 h", "1 h 30 min"."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min", minutes=rest)
    if not rest:
        return _("%(hours)s h", hours=hours)
    return _("%(hours)s h %(minutes)s min", hours=hours, minutes=rest)


def _name(place: Place, family: Family) -> str:
    """A ride from a home that the family has left is asked for again from where it lives now."""
    return home_word(family) if place.kind is PlaceKind.HOME else place.shown_as


def _clock(instant: datetime, group: Group) -> str:
    return instant.astimezone(group.zone).strftime("%H:%M")
