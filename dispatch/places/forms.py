"""What a person may type about a public place."""

from collections.abc import Mapping
from dataclasses import dataclass

from babel.support import LazyProxy

from dispatch.i18n import gettext as _
from dispatch.i18n import lazy_gettext as _l
from dispatch.places.models import PRIVATE_KINDS, PlaceKind
from dispatch.places.sealed import Point
from dispatch.places.typed import MOST_NAME, Typed

KIND_WORDS: dict[PlaceKind, LazyProxy] = {
    PlaceKind.MEETING_POINT: _l("Meeting point"),
    PlaceKind.CLINIC: _l("Clinic"),
    PlaceKind.SCHOOL: _l("School"),
    PlaceKind.COURT: _l("Court"),
    PlaceKind.SHOP: _l("Shop"),
    PlaceKind.WORK: _l("Workplace"),
    PlaceKind.WORSHIP: _l("Place of worship"),
    PlaceKind.COMMUNITY: _l("Community centre"),
    PlaceKind.OTHER: _l("Other public place"),
    PlaceKind.HOME: _l("Home"),
    PlaceKind.OTHER_PRIVATE: _l("Private address"),
}


@dataclass(frozen=True)
class PublicPlace:
    """A public place as it was typed."""

    kind: PlaceKind
    name: str
    address: str
    point: Point
    far_is_meant: bool


def kind_options() -> list[tuple[str, str]]:
    """The public kinds to choose from."""
    return [
        (kind.value, str(word)) for kind, word in KIND_WORDS.items() if kind not in PRIVATE_KINDS
    ]


def parse(form: Mapping[str, str]) -> tuple[PublicPlace | None, dict[str, str]]:
    """The place, or what is wrong: {field: sentence}."""
    typed = Typed(form)
    name = typed.line("name", most=MOST_NAME, missing=_("Write the name that people know it by."))
    kind = typed.choice("kind", PlaceKind, _("Choose what kind of place it is."))
    address = typed.line("line")
    point = typed.point("lat", "lon")
    if kind in PRIVATE_KINDS:
        typed.errors["kind"] = _("Homes are kept with their family, sealed, not in this list.")
    if typed.errors or kind is None or point is None:
        return None, typed.errors
    return PublicPlace(kind, name, address, point, typed.yes("far_is_meant")), {}
