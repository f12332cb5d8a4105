"""What a person may type about a driver, the papers and the times."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from babel.support import LazyProxy
from werkzeug.datastructures import MultiDict

from dispatch.drivers import rules
from dispatch.drivers.facts import DriverFacts, OwnAddress, Stays, Where
from dispatch.drivers.models import CredentialKind, Driver, DriverState
from dispatch.drivers.rules import KM_PER_MILE, Range
from dispatch.i18n import gettext as _
from dispatch.i18n import lazy_gettext as _l
from dispatch.places.typed import LANGUAGE_CODE, MOST_NAME, Typed
from dispatch.places.words import SEAT_WORDS

MOST_SEATS = 20
RANGES = 2
"""Rows of hours that a form offers at least."""
PAPER_WORDS: dict[CredentialKind, LazyProxy] = {
    CredentialKind.LICENCE: _l("Driver's licence"),
    CredentialKind.INSURANCE: _l("Insurance"),
    CredentialKind.BACKGROUND_CHECK: _l("Background check"),
    CredentialKind.CHILD_SEAT_TRAINING: _l("Child seat training"),
}
OWN, PUBLIC = "own", "public"


@dataclass(frozen=True)
class DriverForm:
    """A driver as it was typed."""

    facts: DriverFacts
    public_start: UUID | None
    """The public place chosen as start, if one was."""
    public_end: UUID | None
    seen_version: int | None


@dataclass(frozen=True)
class Invited:
    """Whom to invite."""

    name: str
    email: str
    language: str


class Repeat(enum.Enum):
    """For which days the hours of one day are meant."""

    EVERY = "every"
    """For this weekday of every week."""
    ONLY = "only"
    """For this day instead of the week's hours."""
    AS_WEEK = "week"
    """None of its own: as every week."""
    OFF = "off"
    """Nothing on this day."""


def parse(
    form: Mapping[str, str], stored: Driver | None, *, is_own: bool, uses_miles: bool
) -> tuple[DriverForm | None, dict[str, str]]:
    """The driver, or what is wrong: {field: sentence}. Drivers change no number and no place."""
    typed = Typed(form)
    facts = DriverFacts(
        number=stored.number if is_own and stored else _number(typed),
        state=_state(typed) if stored else DriverState.ACTIVE,
        car=typed.line("car", most=60),
        seats=typed.number("seats", least=1, most=MOST_SEATS, blank=4) or 4,
        child_seats=typed.seats(),
        wheelchair=typed.yes("wheelchair"),
        languages=_languages(typed, form),
        max_drive_minutes=typed.number("max_drive_minutes", least=10, most=1440),
        max_rides_week=typed.number("max_rides_week", least=1, most=200),
        max_distance_km=_km(typed.number("max_distance", least=1, most=1000), uses_miles),
    )
    if sum(facts.child_seats.values()) > facts.seats:
        typed.errors["seats"] = _("There are more child seats than seats.")
    public_start = public_end = None
    if not is_own:
        start, public_start = _where(typed, "start", keeps=stored is not None)
        end, public_end = _where(typed, "end", keeps=True)
        facts = replace(facts, start=start, end=end)
    version = typed.number("version", least=0, most=999_999)
    if typed.errors:
        return None, typed.errors
    return DriverForm(facts, public_start, public_end, version), {}


def parse_invited(form: Mapping[str, str]) -> tuple[Invited | None, dict[str, str]]:
    """Whom to invite, or what is wrong: {field: sentence}."""
    typed = Typed(form)
    name = typed.line(
        "name", most=MOST_NAME, missing=_("Write the name that families and coordinators use.")
    )
    email = typed.line(
        "email", most=254, missing=_("Write the e-mail that the driver signs in with.")
    )
    before, at, after = email.rpartition("@")
    if email and not (at and before and "." in after.strip(".") and " " not in email):
        typed.errors["email"] = _("This is not a whole e-mail address: name@example.org.")
    language = typed.language("language")
    return (None if typed.errors else Invited(name, email, language)), typed.errors


def parse_paper(
    form: Mapping[str, str],
) -> tuple[tuple[CredentialKind, date] | None, dict[str, str]]:
    """A paper and its last good day, or what is wrong: {field: sentence}."""
    typed = Typed(form)
    kind = typed.choice("kind", CredentialKind, _("Choose which paper it is."))
    day = typed.day("expires_on", missing=_("Write the last day on which it is good."))
    if day is not None and not 2000 <= day.year <= 2100:
        typed.errors["expires_on"] = _("Look at the year again.")
    if typed.errors or kind is None or day is None:
        return None, typed.errors
    return (kind, day), {}


def parse_ranges(form: Mapping[str, str], prefix: str = "") -> tuple[list[Range], dict[str, str]]:
    """Hours from the fields <prefix>from-0, <prefix>to-0 and so on; empty rows are left out."""
    typed, ranges = Typed(form), []
    for row in range(_rows(form, prefix)):
        start_name, end_name = f"{prefix}from-{row}", f"{prefix}to-{row}"
        start, end = typed.minute(start_name), typed.minute(end_name, is_end=True)
        if start_name in typed.errors or end_name in typed.errors:
            continue
        if start is None and end is None:
            continue
        if start is None:
            typed.errors[start_name] = _("Write from when.")
        elif end is None:
            typed.errors[end_name] = _("Write until when.")
        elif end <= start:
            typed.errors[end_name] = _("The end has to be later than the start.")
        else:
            clash = rules.overlapping([*ranges, (start, end)])
            if clash is not None:
                typed.errors[start_name] = _("These hours overlap those before.")
            ranges.append((start, end))
    return ranges, typed.errors


def parse_week(form: Mapping[str, str]) -> tuple[dict[int, list[Range]] | None, dict[str, str]]:
    """The hours of every weekday, or what is wrong: {field: sentence}."""
    week: dict[int, list[Range]] = {}
    errors: dict[str, str] = {}
    for weekday in range(7):
        week[weekday], wrong = parse_ranges(form, f"w{weekday}-")
        errors.update(wrong)
    return (None if errors else week), errors


@dataclass(frozen=True)
class DayTimes:
    """What was said of one day on the page of times."""

    day: date
    repeat: Repeat
    ranges: list[Range]
    also: list[int]
    """Weekdays, 0 for Monday, that the hours of every such day are copied to."""


def parse_day(form: MultiDict) -> tuple[DayTimes | None, dict[str, str]]:
    """A day, what its hours are meant for, and the hours; or what is wrong: {field: sentence}."""
    typed = Typed(form)
    day = typed.day("day", missing=_("Choose a day."))
    repeat = typed.choice("repeat", Repeat, _("Choose for which days it is meant."))
    ranges: list[Range] = []
    if repeat in (Repeat.EVERY, Repeat.ONLY):
        ranges, wrong = parse_ranges(form)
        typed.errors.update(wrong)
        if repeat is Repeat.ONLY and not ranges and not wrong:
            typed.errors["from-0"] = _("Write from when.")
    if typed.errors or day is None or repeat is None:
        return None, typed.errors
    known = {str(weekday): weekday for weekday in range(7)}
    also = [known[one] for one in form.getlist("also") if one in known]
    return DayTimes(day, repeat, ranges, also), {}


def parse_away(form: Mapping[str, str]) -> tuple[tuple[date, date] | None, dict[str, str]]:
    """First and last day off, or what is wrong: {field: sentence}."""
    typed = Typed(form)
    first = typed.day("first_on", missing=_("Write the first day."))
    last = typed.day("last_on") or first
    if first and last and last < first:
        typed.errors["last_on"] = _("The last day is before the first.")
    if typed.errors or first is None or last is None:
        return None, typed.errors
    return (first, last), {}


def seen_version(form: Mapping[str, str]) -> int:
    """The driver's version that the form was made from; -1 for none, which is always stale."""
    return Typed(form).number("version", least=0, most=999_999, blank=-1) or 0


def values_of(driver: Driver, *, uses_miles: bool) -> dict[str, object]:
    """What the form of `driver` begins with: nothing that is sealed."""
    distance = driver.max_distance_km
    return {
        "number": driver.number,
        "state": driver.state.value,
        "car": driver.car,
        "seats": driver.seats,
        **{kind: driver.child_seats.get(kind, 0) for kind in SEAT_WORDS},
        "wheelchair": driver.wheelchair,
        "languages": driver.languages,
        "max_drive_minutes": driver.max_drive_minutes,
        "max_rides_week": driver.max_rides_week,
        "max_distance": distance and round(distance / KM_PER_MILE) if uses_miles else distance,
        "start": Stays.AS_STORED.value,
        "end": "same" if driver.end_place_id == driver.start_place_id else "keep",
        "version": driver.version,
    }


def ranges_as_values(ranges: list[Range], prefix: str = "") -> dict[str, str]:
    """Hours as the fields that `parse_ranges` reads."""
    values = {}
    for row, (start, end) in enumerate(ranges):
        values[f"{prefix}from-{row}"] = say_minute(start)
        values[f"{prefix}to-{row}"] = say_minute(end)
    return values


def say_minute(minute: int) -> str:
    """Minutes after midnight as a clock shows them; the end of the day is 00:00."""
    return f"{minute // 60 % 24:02d}:{minute % 60:02d}"


def _number(typed: Typed) -> str:
    return typed.line("number", most=12, missing=_("Write the driver's number.")).upper()


def _state(typed: Typed) -> DriverState:
    chosen = typed.choice("state", DriverState, _("Choose whether the driver is asked."))
    return chosen or DriverState.ACTIVE


def _languages(typed: Typed, form: Mapping[str, str]) -> tuple[str, ...]:
    sent = form.getlist("languages") if hasattr(form, "getlist") else []
    codes = tuple(dict.fromkeys(code for code in sent if LANGUAGE_CODE.fullmatch(code)))
    if not codes:
        typed.errors["languages"] = _("Choose at least one language.")
    return codes


def _km(distance: int | None, uses_miles: bool) -> int | None:
    return round(distance * KM_PER_MILE) if distance and uses_miles else distance


def _where(typed: Typed, name: str, *, keeps: bool) -> tuple[Where, UUID | None]:
    chosen = typed.form.get(name, "")
    if chosen == OWN:
        found = typed.address(f"{name}-")
        if found is None:
            return Stays.AS_STORED, None
        return OwnAddress(*found, far_is_meant=typed.yes(f"{name}-far_is_meant")), None
    if chosen == PUBLIC:
        uid = typed.uid(f"{name}-place")
        if uid is None:
            typed.errors[f"{name}-place"] = _("Choose a place.")
        return Stays.AS_STORED, uid
    if name == "end" and chosen == Stays.AT_START.value:
        return Stays.AT_START, None
    if not keeps or chosen not in ("", Stays.AS_STORED.value):
        typed.errors[name] = (
            _("Choose where the day ends.")
            if name == "end"
            else _("Choose where the driver starts.")
        )
    return Stays.AS_STORED, None


def _rows(form: Mapping[str, str], prefix: str) -> int:
    row = RANGES
    while f"{prefix}from-{row}" in form and row < 12:
        row += 1
    return row
