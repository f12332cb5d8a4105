"""What a person may type about accounts and groups, and what is wrong with it."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from dispatch import i18n
from dispatch.i18n import gettext as _
from dispatch.people import passwords, rules
from dispatch.people.facts import Claims
from dispatch.people.models import Role

Errors = dict[str, str]

_LONGEST_NAME = 80
_LONGEST_EMAIL = 254
_LONGEST_PHONE = 32
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_DEGREES = re.compile(r"-?[0-9]{1,3}([.,][0-9]{1,12})?")
_NEWS = {"mail": (True, False), "text": (False, True), "both": (True, True), "none": (False, False)}
"""What can be chosen: whether by e-mail, and whether by text message."""
_DIGITS = range(7, 16)
"""A telephone number with its country has at most 15 digits."""
_CONTINENTS = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe")
_CONTINENTS += ("Indian", "Pacific")


@dataclass(frozen=True)
class Profile:
    """What a person says of itself."""

    name: str
    phone: str
    language: str
    takes_mail: bool | None = None
    """None where the form did not ask; neither did it then about texts."""
    takes_texts: bool | None = None


@dataclass(frozen=True)
class NewPerson:
    """Whom to invite, and as what."""

    name: str
    email: str
    language: str
    role: Role


@dataclass(frozen=True)
class GroupSettings:
    """What a steward sets for a group. Minutes, and riders in the largest car."""

    name: str
    time_zone: str
    language: str
    desk_phone: str
    grant_before_minutes: int
    grant_after_minutes: int
    most_seats: int
    board_minutes: int
    alight_minutes: int
    flexible_minutes: int
    even_load_seconds: int
    uses_miles: bool
    ride_days: int = 30
    family_days: int = 90
    message_days: int = 14
    quiet_from_hour: int = 21
    quiet_until_hour: int = 7
    reminds_week: bool = False
    reminds_day: bool = True
    reminds_same_day: bool = True
    claims: Claims = Claims.NONE
    lets_navigate: bool = False
    latitude: float | None = None
    """Of the middle of its map, in degrees; None with the longitude where nobody chose one."""
    longitude: float | None = None


@dataclass(frozen=True)
class RevealLimits:
    """How many families one person may open, and what is noticed before. Families, percent."""

    driver_families_hour: int
    driver_families_day: int
    desk_families_hour: int
    desk_families_day: int
    usual_percent: int


_MOST_FAMILIES = dict.fromkeys(RevealLimits.__annotations__, (1, 500))
_LIMITS = {
    "grant_before_minutes": (0, 720),
    "grant_after_minutes": (0, 720),
    "most_seats": (1, 20),
    "board_minutes": (0, 60),
    "alight_minutes": (0, 60),
    "flexible_minutes": (0, 240),
    "even_load_seconds": (0, 3600),
    "ride_days": (7, 90),
    "family_days": (30, 365),
    "message_days": (1, 60),
    "quiet_from_hour": (0, 23),
    "quiet_until_hour": (0, 23),
}


def parse_profile(form: Mapping[str, str]) -> tuple[Profile | None, Errors]:
    """The own account's form."""
    errors: Errors = {}
    takes_mail, takes_texts = _NEWS.get(form.get("news", ""), (None, None))
    profile = Profile(
        name=_name(form, errors, _("Say what you are called.")),
        phone=_phone(form, "phone", errors),
        language=_language(form, errors),
        takes_mail=takes_mail,
        takes_texts=takes_texts,
    )
    if takes_texts and not profile.phone and "phone" not in errors:
        errors["phone"] = _("Text messages need a number to go to.")
    return (None, errors) if errors else (profile, errors)


def parse_new_password(
    form: Mapping[str, str], about: Iterable[str] = ()
) -> tuple[str | None, Errors]:
    """A new password, typed twice; nobody guesses it from what is known `about` the person."""
    password = form.get("password", "")
    errors: Errors = {}
    if len(password) < passwords.SHORTEST:
        errors["password"] = _(
            "Use %(num)s characters or more. Four or five words are good.", num=passwords.SHORTEST
        )
    elif len(password) > passwords.LONGEST:
        errors["password"] = _("Use %(num)s characters or fewer.", num=passwords.LONGEST)
    elif rules.is_guessed_first(password, about):
        errors["password"] = _(
            "This is among the first things that a guesser tries. "
            "Take words that have nothing to do with each other, or with you."
        )
    elif form.get("again", "") != password:
        errors["again"] = _("This is not the same password as above.")
    return (None, errors) if errors else (password, errors)


def parse_invitation(form: Mapping[str, str]) -> tuple[NewPerson | None, Errors]:
    """Whom to invite to a group."""
    errors: Errors = {}
    email = _line(form, "email")
    if len(email) > _LONGEST_EMAIL or not _EMAIL.fullmatch(email):
        errors["email"] = _("Write an e-mail address, such as anna@example.org.")
    role = form.get("role", "")
    if role not in [one.value for one in Role]:
        errors["role"] = _("Choose what the person will do.")
    name = _name(form, errors, _("Say what the person is called."))
    language = _language(form, errors)
    if errors:
        return None, errors
    return NewPerson(name=name, email=email, language=language, role=Role(role)), errors


def parse_group(form: Mapping[str, str]) -> tuple[GroupSettings | None, Errors]:
    """The settings of a group."""
    errors: Errors = {}
    name = _name(form, errors, _("Give the group a name."))
    zone = form.get("time_zone", "")
    if zone not in _zones():
        errors["time_zone"] = _("Choose the time zone in which the group drives.")
    numbers = {field: _number(form, field, *_LIMITS[field], errors) for field in _LIMITS}
    latitude, longitude = _middle(form, errors)
    settings = GroupSettings(
        name=name,
        time_zone=zone,
        language=_language(form, errors),
        desk_phone=_phone(form, "desk_phone", errors),
        uses_miles=form.get("uses_miles") == "1",
        reminds_week=form.get("reminds_week") == "1",
        reminds_day=form.get("reminds_day") == "1",
        reminds_same_day=form.get("reminds_same_day") == "1",
        claims=_claims(form),
        lets_navigate=form.get("lets_navigate") == "1",
        latitude=latitude,
        longitude=longitude,
        **numbers,
    )
    return (None, errors) if errors else (settings, errors)


def _claims(form: Mapping[str, str]) -> Claims:
    """What drivers may take by themselves; nothing, unless the form says so."""
    known = {one.value: one for one in Claims}
    return known.get(form.get("claims", ""), Claims.NONE)


def parse_limits(form: Mapping[str, str]) -> tuple[RevealLimits | None, Errors]:
    """How many families one person may open; a day takes no fewer than an hour."""
    errors: Errors = {}
    numbers = {
        field: _number(form, field, *bounds, errors) for field, bounds in _MOST_FAMILIES.items()
    }
    for who in ("driver", "desk"):
        if numbers[f"{who}_families_day"] < numbers[f"{who}_families_hour"] and not errors:
            errors[f"{who}_families_day"] = _("A day holds no less than an hour.")
    return (None, errors) if errors else (RevealLimits(**numbers), errors)


def time_zones() -> list[dict[str, object]]:
    """The zones to choose from, by continent, as options of a select."""
    return [
        {
            "label": continent,
            "options": [
                (zone, zone.partition("/")[2].replace("_", " "))
                for zone in sorted(_zones())
                if zone.startswith(f"{continent}/")
            ],
        }
        for continent in _CONTINENTS
    ]


@cache
def _zones() -> frozenset[str]:
    return frozenset(zone for zone in available_timezones() if zone.startswith(_CONTINENTS))


def _line(form: Mapping[str, str], field: str) -> str:
    """One line of what was typed, without control characters and needless space."""
    text = unicodedata.normalize("NFC", form.get(field, ""))
    kept = "".join(
        " " if character.isspace() else character
        for character in text
        if character.isspace() or unicodedata.category(character) != "Cc"
    )
    return " ".join(kept.split())


def _name(form: Mapping[str, str], errors: Errors, missing: str) -> str:
    name = _line(form, "name")
    if not name:
        errors["name"] = missing
    elif len(name) > _LONGEST_NAME:
        errors["name"] = _("Use %(num)s characters or fewer.", num=_LONGEST_NAME)
    return name


def _phone(form: Mapping[str, str], field: str, errors: Errors) -> str:
    phone = _line(form, field)
    digits = sum(character.isdigit() for character in phone)
    if phone and (digits not in _DIGITS or len(phone) > _LONGEST_PHONE):
        errors[field] = _("Write the number with its area code, such as 604-555-0100.")
    return phone


def _language(form: Mapping[str, str], errors: Errors) -> str:
    code = form.get("language", "")
    if code not in i18n.languages():
        errors["language"] = _("Choose a language from the list.")
    return code


def _middle(form: Mapping[str, str], errors: Errors) -> tuple[float | None, float | None]:
    """The middle of the map, or none at all; half of it is a slip."""
    texts = [_line(form, name) for name in ("latitude", "longitude")]
    if not any(texts):
        return None, None
    latitude = _degrees("latitude", texts[0], 90, errors)
    longitude = _degrees("longitude", texts[1], 180, errors)
    return latitude, longitude


def _degrees(field: str, text: str, most: int, errors: Errors) -> float | None:
    value = float(text.replace(",", ".")) if _DEGREES.fullmatch(text) else None
    if value is None or abs(value) > most:
        errors[field] = _("Write degrees from -%(most)s to %(most)s, such as 49.27.", most=most)
    return value


def _number(form: Mapping[str, str], field: str, least: int, most: int, errors: Errors) -> int:
    text = _line(form, field)
    if not re.fullmatch(r"[0-9]{1,6}", text) or not least <= int(text) <= most:
        errors[field] = _(
            "Write a whole number from %(least)s to %(most)s.", least=least, most=most
        )
        return least
    return int(text)
