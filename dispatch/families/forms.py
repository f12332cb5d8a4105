"""What a person may type about a family."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from babel.support import LazyProxy

from dispatch.families import rules
from dispatch.families.facts import FamilyFacts, Home, RiderFacts
from dispatch.families.models import Family, FamilyState, RiderKind
from dispatch.i18n import gettext as _
from dispatch.i18n import lazy_gettext as _l
from dispatch.places.typed import MOST_NAME, Typed
from dispatch.places.words import SEAT_WORDS

HOME, MEETING_POINT, KEEP = "home", "meeting_point", "keep"
MOST_PEOPLE = 20
NEW_RIDERS = 4
"""Empty rows for riders who are not known yet."""
RIDER_WORDS: dict[RiderKind, LazyProxy] = {
    RiderKind.ADULT: _l("Adult"),
    RiderKind.CHILD: _l("Child without a special seat"),
    RiderKind.INFANT: _l("Infant seat"),
    RiderKind.CONVERTIBLE: _l("Toddler seat"),
    RiderKind.BOOSTER: _l("Booster"),
}
_RIDER = re.compile(r"rider-([0-9a-f-]{36})-kind")


@dataclass(frozen=True)
class FamilyForm:
    """A family as it was typed."""

    facts: FamilyFacts
    meeting_point: UUID | None
    """The public place chosen instead of a home."""
    seen_version: int | None


def parse(
    form: Mapping[str, str], stored: Family | None = None
) -> tuple[FamilyForm | None, dict[str, str]]:
    """The family, or what is wrong: {field: sentence}. Sealed fields of `stored` stay if empty."""
    typed = Typed(form)
    number = typed.line("number", most=12, missing=_("Write the family's number.")).upper()
    name = typed.line(
        "name",
        most=MOST_NAME,
        missing="" if stored else _("Write the first name of the person to ask for."),
    )
    facts = FamilyFacts(
        number=number,
        state=_state(typed) if stored else FamilyState.ACTIVE,
        language=typed.language("language"),
        needs_language=typed.yes("needs_language"),
        adults=typed.number("adults", least=0, most=MOST_PEOPLE, blank=0) or 0,
        children=typed.number("children", least=0, most=MOST_PEOPLE, blank=0) or 0,
        child_seats=typed.seats(),
        wheelchair=typed.yes("wheelchair"),
        shares_rides=typed.yes("shares_rides"),
        takes_texts=typed.yes("takes_texts"),
        name=_sealed(name, stored, forget=False),
        phone=_sealed(_phone(typed), stored, forget=typed.yes("forget_phone")),
        notes=_sealed(typed.notes("notes"), stored, forget=typed.yes("forget_notes")),
        riders=(*_known_riders(typed), *_new_riders(typed)),
        where=_home(typed, stored),
    )
    meeting_point = _meeting_point(typed)
    version = typed.number("version", least=0, most=999_999)
    if typed.errors:
        return None, typed.errors
    return FamilyForm(facts, meeting_point, version), {}


def values_of(family: Family) -> dict[str, object]:
    """What the form of `family` begins with: nothing that is sealed."""
    return {
        "number": family.number,
        "state": family.state.value,
        "language": family.language,
        "needs_language": family.needs_language,
        "adults": family.adults,
        "children": family.children,
        **{kind: family.child_seats.get(kind, 0) for kind in SEAT_WORDS},
        "wheelchair": family.wheelchair,
        "shares_rides": family.shares_rides,
        "takes_texts": family.takes_texts,
        "where": KEEP,
        "version": family.version,
        **{f"rider-{rider.uid}-kind": rider.kind.value for rider in family.riders},
    }


def labels() -> dict[str, str]:
    """The words of the fields, for the summary of what is wrong."""
    return {
        "number": _("Number"),
        "name": _("First name"),
        "phone": _("Phone"),
        "language": _("Language"),
        "adults": _("Adults"),
        "children": _("Children"),
        "notes": _("Notes"),
        "where": _("Where rides begin"),
        "meeting_point": _("Meeting point"),
        "home-line": _("Number and street"),
        "home-lat": _("Latitude"),
        "home-lon": _("Longitude"),
        **{kind: str(word) for kind, word in SEAT_WORDS.items()},
    }


def _state(typed: Typed) -> FamilyState:
    chosen = typed.choice("state", FamilyState, _("Choose whether the family asks for rides."))
    return chosen or FamilyState.ACTIVE


def _sealed(text: str, stored: Family | None, *, forget: bool) -> str | None:
    if stored is None or text:
        return text
    return "" if forget else None


def _phone(typed: Typed) -> str:
    text = typed.line("phone", most=32)
    if text and not rules.is_phone(text):
        typed.errors["phone"] = _("Write 7 to 15 digits: 604-555-0117.")
    return text


def _home(typed: Typed, stored: Family | None) -> Home | None:
    chosen = typed.form.get("where", "")
    if chosen not in ((KEEP, HOME, MEETING_POINT) if stored else (HOME, MEETING_POINT)):
        typed.errors["where"] = _("Choose where the family's rides begin.")
    if chosen != HOME:
        return None
    found = typed.address("home-")
    return None if found is None else Home(*found, far_is_meant=typed.yes("home-far_is_meant"))


def _meeting_point(typed: Typed) -> UUID | None:
    if typed.form.get("where") != MEETING_POINT:
        return None
    chosen = typed.uid("meeting_point")
    if chosen is None:
        typed.errors["meeting_point"] = _("Choose a meeting point.")
    return chosen


def _known_riders(typed: Typed) -> list[RiderFacts]:
    riders = []
    for field in typed.form:
        found = _RIDER.fullmatch(field)
        if found is None or typed.yes(f"rider-{found[1]}-gone"):
            continue
        kind = typed.choice(field, RiderKind, _("Choose what this rider sits on."))
        name = typed.line(f"rider-{found[1]}-name", most=MOST_NAME)
        if kind is not None:
            riders.append(RiderFacts(kind, name or None, UUID(found[1])))
    return riders


def _new_riders(typed: Typed) -> list[RiderFacts]:
    riders = []
    for row in range(NEW_RIDERS):
        name = typed.line(f"new-{row}-name", most=MOST_NAME)
        if not name:
            continue
        kind = typed.choice(f"new-{row}-kind", RiderKind, _("Choose what this rider sits on."))
        if kind is not None:
            riders.append(RiderFacts(kind, name))
    return riders
