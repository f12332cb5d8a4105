"""What is typed or tapped about runs and assignments, and what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from dispatch.clock import local_instant
from dispatch.i18n import gettext as _

_FIRST, _LAST = date(2000, 1, 1), date(2199, 12, 31)
_WALL = re.compile(r"(\d{1,2}):(\d{2})")
_VERSION = re.compile(r"\d{1,9}")
_DISTANCE = re.compile(r"[0-9]{1,3}(?:[.,][0-9])?")
_MINUTES = re.compile(r"[0-9]{1,3}")


@dataclass(frozen=True)
class Choice:
    """A driver and a pickup time for a ride."""

    driver_uid: UUID
    pickup_at: datetime
    version: int


def parse_day(text: str | None) -> date | None:
    """A day from the address or a form; None if it is none, or none that anybody lives to see."""
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return None
    return found if _FIRST <= found <= _LAST else None


def parse_uid(text: str | None) -> UUID | None:
    """A uid from a form; None if it is none."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def parse_wall(text: str | None) -> time | None:
    """A wall time such as 13:10 or 9:05; None if it is none."""
    written = _WALL.fullmatch((text or "").strip())
    try:
        return time(int(written[1]), int(written[2])) if written else None
    except ValueError:
        return None


def parse_choice(
    form: Mapping[str, str], day: date, zone: ZoneInfo
) -> tuple[Choice | None, dict[str, str]]:
    """Which driver is to take the ride, and when, on the ride's day."""
    errors: dict[str, str] = {}
    driver, wall = parse_uid(form.get("driver")), parse_wall(form.get("pickup_at"))
    if driver is None:
        errors["driver"] = _("Choose a driver.")
    if wall is None:
        errors["pickup_at"] = _("Write the time like 13:10.")
    if driver is None or wall is None:
        return None, errors
    return Choice(driver, local_instant(day, wall, zone), parse_version(form)), errors


def parse_driven(form: Mapping[str, str]) -> tuple[tuple[float, int] | None, dict[str, str]]:
    """How far, in the group's unit, and how many minutes."""
    errors: dict[str, str] = {}
    distance = _DISTANCE.fullmatch(form.get("distance", "").strip())
    minutes = form.get("minutes", "").strip()
    if distance is None:
        errors["distance"] = _("Write a number like 12 or 12.5, at most 999.")
    if not _MINUTES.fullmatch(minutes):
        errors["minutes"] = _("Write whole minutes, at most 999.")
    if distance is None or errors:
        return None, errors
    return (float(distance[0].replace(",", ".")), int(minutes)), errors


def parse_month(text: str | None) -> date | None:
    """The first day of a month such as 2027-03; None if it is none."""
    return parse_day(f"{text}-01")


def parse_moment(text: str | None) -> datetime | None:
    """An instant as a script writes it, such as 2027-03-09T17:40:00.000Z; None if it is none."""
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo is not None and _FIRST <= found.date() <= _LAST else None


def parse_version(form: Mapping[str, str]) -> int:
    """The version that the form was made from; 0, which is always stale, if it does not say."""
    text = form.get("version", "")
    return int(text) if _VERSION.fullmatch(text) else 0
