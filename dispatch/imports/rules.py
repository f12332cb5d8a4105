"""Decisions about sheets: which kind one is, what its places are, how branches are told apart."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from statistics import median

from dispatch.i18n import gettext as _
from dispatch.imports.reading import layouts
from dispatch.imports.reading.known import Point
from dispatch.imports.reading.outcome import Note, NoteKind, Unreadable
from dispatch.imports.reading.placenames import name_key
from dispatch.imports.reading.tables import Layout, Table, read_table
from dispatch.imports.reading.words import squash
from dispatch.places import roads
from dispatch.places.gazetteer.pins import PinTrouble
from dispatch.places.models import PlaceKind
from dispatch.places.rules import FAR_METRES

ONE_PLACE_METRES = 100.0
"""Two rows of one name this near are two doors of one place."""
_BRANCH = re.compile(r"\s+\([^()]*\)$")
_KINDS = {
    PlaceKind.CLINIC: "clinic hospital doctors doctor dentist pharmacy physiotherapist laboratory"
    " clinica hospital medico medica dentista farmacia",
    PlaceKind.SCHOOL: "school college university kindergarten daycare childcare escuela colegio"
    " universidad guarderia",
    PlaceKind.COURT: "court courthouse tribunal corte juzgado",
    PlaceKind.SHOP: "shop supermarket grocery convenience market foodbank tienda supermercado"
    " mercado bancodealimentos",
    PlaceKind.WORK: "work office company factory trabajo oficina empresa fabrica",
    PlaceKind.WORSHIP: "worship placeofworship church mosque temple synagogue iglesia mezquita"
    " templo sinagoga",
    PlaceKind.COMMUNITY: "community communitycentre communitycenter library socialfacility"
    " townhall centrocomunitario biblioteca",
    PlaceKind.MEETING_POINT: "meetingpoint puntodeencuentro",
}
LookAtPin = Callable[[tuple[float, float]], PinTrouble | None]
"""What the imported map says of a point, degrees: where nobody can be fetched."""
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words.split()}


class Sheet(StrEnum):
    """The kinds of sheets that can be imported."""

    PLACES = "places"
    ADDRESSES = "addresses"
    DRIVERS = "drivers"
    REQUESTS = "requests"


LAYOUTS: dict[Sheet, Layout] = {
    Sheet.PLACES: layouts.PLACES,
    Sheet.ADDRESSES: layouts.ADDRESSES,
    Sheet.DRIVERS: layouts.DRIVERS,
    Sheet.REQUESTS: layouts.REQUESTS,
}


def sheet_of(data: bytes) -> Sheet:
    """Which kind of sheet this is, by its headers: the kind that knows most of them.

    Raises
        Unreadable: it is none.
    """
    known: dict[Sheet, int] = {}
    for sheet, layout in LAYOUTS.items():
        try:
            known[sheet] = len(read_table(data, layout).headers)
        except Unreadable:
            continue
    if not known:
        raise Unreadable(_("The headers fit no kind of sheet. Say which it is."))
    return max(known, key=lambda sheet: known[sheet])


def table_of(sheet: Sheet, data: bytes) -> Table:
    """The rows of a sheet.

    Raises
        Unreadable: it is no such sheet; says what is missing.
    """
    return read_table(data, LAYOUTS[sheet])


def kind_of_place(word: str) -> PlaceKind | None:
    """The kind that a sheet's word means, in English, Spanish or as maps have it."""
    plain = squash(word)
    by_value = {squash(kind.value): kind for kind in _KINDS}
    return _KIND_OF.get(plain) or by_value.get(plain)


def base_names(names: Iterable[str]) -> dict[str, str]:
    """Each name, and what all branches of the place are called.

    "Safeway (12 Alder Street)" is a branch of "Safeway" if another place has that name, with an
    addition of its own or without; "Saint George's School (Junior)" alone is a name as it stands.
    """
    bases: dict[str, set[str]] = defaultdict(set)
    for name in names:
        bases[name_key(_BRANCH.sub("", name))].add(name)
    return {
        name: _BRANCH.sub("", name) if len(branches) > 1 else name
        for branches in bases.values()
        for name in branches
    }


def branch_names(name: str, address: str | None, neighbours: Sequence[str]) -> list[str]:
    """What one of several places called `name` may be called, the best first.

    `neighbours` are the names of places near it, the nearest first.
    """
    by_street = [f"{name} ({address})"] if address else []
    return by_street + [
        _("%(name)s (by %(neighbour)s)", name=name, neighbour=neighbour) for neighbour in neighbours
    ]


def is_near(one: Point, other: Point, metres: float = ONE_PLACE_METRES) -> bool:
    """Whether two points lie no further apart than `metres`."""
    return metres_between(one, other) <= metres


def metres_between(one: Point, other: Point) -> float:
    """As the crow flies."""
    return roads.metres_between((one.lat, one.lon), (other.lat, other.lon))


def middle_of(points: Sequence[Point]) -> Point | None:
    """Where most of `points` lie: a few that are far off do not move it. None of none."""
    if not points:
        return None
    return Point(median(one.lat for one in points), median(one.lon for one in points))


def is_swapped(point: Point, middle: Point | None, look_at_pin: LookAtPin) -> bool:
    """Whether latitude and longitude stand in each other's column.

    Told by the other rows, most of which lie at `middle`, and by the imported map.
    """
    turned = Point(point.lon, point.lat)
    if is_astray(point, middle) and abs(turned.lat) <= 90 and not is_astray(turned, middle):
        return True
    return look_at_pin((point.lat, point.lon)) is PinTrouble.SWAPPED


def doubts_of(point: Point, look_at_pin: LookAtPin) -> tuple[Note, ...]:
    """What somebody should look at, of a point that can be right."""
    said = {
        PinTrouble.WATER: _("The point lies in water; look at it on the map."),
        PinTrouble.OUTSIDE: _("The point lies outside of the map that is known here."),
    }
    trouble = look_at_pin((point.lat, point.lon))
    return (Note(NoteKind.CONFIRM, said[trouble]),) if trouble in said else ()


def is_astray(point: Point, middle: Point | None) -> bool:
    """Whether `point` lies so far from the others that a digit must be wrong."""
    return middle is not None and not is_near(point, middle, FAR_METRES)
