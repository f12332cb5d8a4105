"""Known house numbers, street by street, and the house that a written address means."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from dispatch.i18n import gettext as _
from dispatch.imports.reading.known import AddressRow, Point
from dispatch.imports.reading.outcome import NoteKind, Unreadable
from dispatch.imports.reading.streets import (
    DIRECTIONS,
    STREET_TYPES,
    WrittenAddress,
    take_apart,
    town_key,
)
from dispatch.imports.reading.words import fold
from dispatch.places.roads import metres_between

ONE_HOUSE_METRES = 300
"""Points of one address within this distance are entrances of one property."""
_NEIGHBOURS_WITHIN = 100
"""House numbers this close tell on which stretch of the street a house is."""
_DIRECTION_WORDS = frozenset(DIRECTIONS.values())

Street = tuple[str, str]
"""Town and street, as `town_key` and `street_key` write them."""


@dataclass(frozen=True)
class KnownHouse:
    """A house as found: its point, and what a person should know about it."""

    label: str = field(repr=False)
    point: Point = field(repr=False)
    remarks: tuple[tuple[NoteKind, str], ...] = ()


@dataclass(frozen=True)
class _Entrance:
    unit: str | None
    point: Point


class Houses:
    """The house numbers known, by town and street."""

    def __init__(self, addresses: Iterable[AddressRow]) -> None:
        rows = list(addresses)
        self._town_of = _one_spelling([town_key(row.city) for row in rows])
        self.towns: Collection[str] = frozenset(self._town_of.values()) - {""}
        self._numbers: dict[Street, dict[str, list[_Entrance]]] = defaultdict(
            lambda: defaultdict(list)
        )
        self._ranges: dict[Street, list[tuple[int, int, Point]]] = defaultdict(list)
        self._spelt: dict[Street, Counter[str]] = defaultdict(Counter)
        self._towns_spelt: dict[str, Counter[str]] = defaultdict(Counter)
        for row in rows:
            self._add(row)

    def _add(self, row: AddressRow) -> None:
        written = take_apart(f"{row.house_number} {row.street}", self.towns)
        if written is None:
            return
        town = self._town_of[town_key(row.city)]
        street = (town, written.street)
        for number in written.numbers:
            self._numbers[street][number].append(_Entrance(written.unit, row.point))
        if written.is_range:
            first, last = map(int, written.numbers)
            self._ranges[street].append((first, last, row.point))
        if fold(row.street) == written.street:
            self._spelt[street][row.street.strip()] += 1
        if fold(row.city) == town:
            self._towns_spelt[town][row.city.strip()] += 1

    def find(self, written: WrittenAddress) -> tuple[KnownHouse, bool]:
        """The house that is meant, and whether the street's name had to be mended.

        Raises
            Unreadable: no such house is known, or several could be meant.
        """
        town = self._known_town(written.town)
        streets = self._streets(written.street, town)
        mended = town != written.town or not streets
        if not streets:
            streets = self._almost(written.street, town)
        having = [(street, number) for street in streets if (number := self._has(street, written))]
        if len(having) > 1:
            raise Unreadable(
                _(
                    "%(address)s is known in %(towns)s; write the town too.",
                    address=_capitals(f"{written.numbers[0]} {written.street}"),
                    towns=", ".join(sorted(self._town(town) for (town, _street), _n in having)),
                )
            )
        if not having:
            raise Unreadable(self._unknown(written, streets))
        return self._house(*having[0], written.unit), mended

    def _known_town(self, town: str | None) -> str | None:
        """`town`, or the one known town it is a slip away from."""
        if town is None or town in self.towns:
            return town
        near = [known for known in self.towns if OSA.distance(town, known, score_cutoff=1) <= 1]
        return near[0] if len(near) == 1 and len(town) > 4 else town

    def _streets(self, key: str, town: str | None) -> list[Street]:
        return [
            street for street in self._numbers if street[1] == key and town in (None, street[0])
        ]

    def _has(self, street: Street, written: WrittenAddress) -> str | None:
        """The number under which the house is known on `street`, or None."""
        for number in written.numbers:
            if number in self._numbers[street]:
                return number
            if any(
                _within(number, first, last) for first, last, _point in self._ranges.get(street, ())
            ):
                return number
        return None

    def _almost(self, key: str, town: str | None) -> list[Street]:
        """The street meant by a name that is not known as written: one in each town, or none.

        First a name without its direction or type ("50 E 4th"), then a slip of the keys.
        """
        here = [street for street in self._numbers if town in (None, street[0])]
        shortened = {street[1] for street in here if _is_short_for(key, street[1])}
        names = shortened or _closest(key, {street[1] for street in here})
        if len(names) != 1:
            return []
        return [street for street in here if street[1] in names]

    def _house(self, street: Street, number: str, unit: str | None) -> KnownHouse:
        label = f"{number.upper()} {self._street(street)}"
        if street[0]:
            label += f", {self._town(street[0])}"
        entrances = self._numbers[street].get(number)
        if entrances is None:
            first, last, point = next(
                r for r in self._ranges[street] if _within(number, r[0], r[1])
            )
            remark = _("%(number)s belongs to the house %(first)s-%(last)s.",
                       number=number, first=first, last=last)  # fmt: skip
            return KnownHouse(label, point, ((NoteKind.READ, remark),))
        same_unit = [e for e in entrances if unit is not None and e.unit == unit]
        points = [e.point for e in same_unit or entrances]
        point = _middle(points)
        if max(_metres(point, other) for other in points) <= ONE_HOUSE_METRES:
            return KnownHouse(label, point)
        return self._on_its_stretch(street, number, label, points)

    def _on_its_stretch(
        self, street: Street, number: str, label: str, points: list[Point]
    ) -> KnownHouse:
        """Of points far apart, the one among its neighbours by number: the other is a slip."""
        own = int(re.sub(r"\D", "", number))
        neighbours = [
            entrance.point
            for other, entrances in self._numbers[street].items()
            if other != number and abs(int(re.sub(r"\D", "", other)) - own) <= _NEIGHBOURS_WITHIN
            for entrance in entrances
        ]
        apart = {p: min((_metres(p, n) for n in neighbours), default=None) for p in points}
        best = min(points, key=lambda p: apart[p] or 0.0)
        others = [p for p in points if _metres(p, best) > ONE_HOUSE_METRES]
        if not neighbours or any(2 * apart[best] > apart[p] for p in others):
            raise Unreadable(
                _("%(label)s is known at points far apart; set the point on the map.", label=label)
            )
        remark = _("%(label)s is known at two points; the one beside its neighbours was taken.",
                   label=label)  # fmt: skip
        return KnownHouse(label, best, ((NoteKind.CONFIRM, remark),))

    def _street(self, street: Street) -> str:
        spelt = self._spelt[street].most_common(1)
        return spelt[0][0] if spelt else _capitals(street[1])

    def _town(self, town: str) -> str:
        spelt = self._towns_spelt[town].most_common(1)
        return spelt[0][0] if spelt else _capitals(town)

    def _unknown(self, written: WrittenAddress, streets: list[Street]) -> str:
        number, name = written.numbers[0].upper(), _capitals(written.street)
        perhaps = sorted(self._label(s, number) for s in self._perhaps(written))
        if perhaps:
            return _(
                "No house %(number)s on %(street)s is known; perhaps %(perhaps)s is meant.",
                number=number,
                street=self._street(streets[0]) if streets else name,
                perhaps=", ".join(perhaps[:3]),
            )
        return _(
            "No house %(number)s on %(street)s is known; check the address or add the place.",
            number=number,
            street=self._street(streets[0]) if streets else name,
        )

    def _label(self, street: Street, number: str) -> str:
        label = f"{number} {self._street(street)}"
        return f"{label}, {self._town(street[0])}" if street[0] else label

    def _perhaps(self, written: WrittenAddress) -> list[Street]:
        """Streets that do have the number and differ in direction, type, town or by a slip."""
        bare = _bare(written.street)
        return [
            street
            for street in self._numbers
            if (_bare(street[1]) == bare or street[1] in _closest(written.street, [street[1]]))
            and self._has(street, written)
        ]


def _one_spelling(towns: list[str]) -> dict[str, str]:
    """Each town's key to the one it is a misspelling of: "vancovuer" to a far more common one."""
    counts = Counter(towns)
    return {
        town: max(
            (
                other
                for other, often in counts.items()
                if other == town
                or (often >= 20 * count and OSA.distance(town, other, score_cutoff=1) <= 1)
            ),
            key=counts.__getitem__,
        )
        for town, count in counts.items()
    }


def _within(number: str, first: int, last: int) -> bool:
    """Whether a number is in a range on its side of the street."""
    return number.isdigit() and first <= int(number) <= last and (int(number) - first) % 2 == 0


def _parts(key: str) -> tuple[str | None, str, str | None]:
    """Direction, name and type of a street's key; None for what it does not have."""
    words = key.split()
    direction = words.pop(0) if len(words) > 1 and words[0] in _DIRECTION_WORDS else None
    kind = words.pop() if len(words) > 1 and words[-1] in STREET_TYPES else None
    return direction, " ".join(words), kind


def _bare(key: str) -> str:
    return _parts(key)[1]


def _is_short_for(written: str, known: str) -> bool:
    """Whether `written` leaves out direction or type of `known`, and says nothing else."""
    mine, theirs = _parts(written), _parts(known)
    return mine[1] == theirs[1] and all(mine[i] in (None, theirs[i]) for i in (0, 2))


def _closest(written: str, known: Iterable[str]) -> set[str]:
    """The names nearest to `written` by slips of the keys, when near enough to be meant.

    A slip changes no digit and turns no known direction or type into another. Of two names equally
    near, both are answered, and then neither is taken.
    """
    _direction, name, _kind = _parts(written)
    letters = re.sub(r"[\W\d]", "", name)
    most = 0 if len(letters) < 4 else 1 if len(name) < 9 else 2
    digits = re.findall(r"\d+", written)
    distances = {
        other: OSA.distance(written, other, score_cutoff=most)
        for other in known
        if re.findall(r"\d+", other) == digits and _same_ends(written, other)
    }
    near = {other: d for other, d in distances.items() if d <= most}
    closest = min(near.values(), default=0)
    return {other for other, d in near.items() if d == closest}


def _same_ends(written: str, other: str) -> bool:
    mine, theirs = _parts(written), _parts(other)
    return all(mine[i] is None or theirs[i] is None or mine[i] == theirs[i] for i in (0, 2))


def _middle(points: list[Point]) -> Point:
    """The point with the least distance to all the others."""
    return min(points, key=lambda p: sum(_metres(p, other) for other in points))


def _metres(one: Point, other: Point) -> float:
    return metres_between((one.lat, one.lon), (other.lat, other.lon))


def _capitals(key: str) -> str:
    return " ".join(word[:1].upper() + word[1:] for word in key.split())
