"""Finding what people typed among known addresses and public places.

Nothing outside is asked, nothing is kept and nothing is logged: a family's home passes through.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from dispatch.i18n import gettext as _
from dispatch.imports.reading.houses import Houses
from dispatch.imports.reading.known import AddressRow, PlaceRow, Point
from dispatch.imports.reading.outcome import Note, NoteKind, Unreadable
from dispatch.imports.reading.placenames import PlaceNames
from dispatch.imports.reading.streets import WrittenAddress, take_apart
from dispatch.places.roads import metres_between

MOST_NAMED = 4
"""How many candidates a sentence names."""


class Match(StrEnum):
    """How what was typed led to a point."""

    EXACT = "exact"
    """An address, apart from case and abbreviations as typed."""
    CORRECTED = "corrected"
    """After mending a slip of the keys; the house number is always as typed."""
    PLACE = "place"
    """The one public place of that name."""
    NEAREST_BRANCH = "nearest_branch"
    """Of several places with that name, the one nearest to the other end of the ride."""


class SeveralBranches(Unreadable):
    """A chain's name, and nothing to choose the branch by."""


@dataclass(frozen=True)
class Found:
    """Where something typed is, and how that was found out."""

    match: Match
    point: Point = field(repr=False)
    label: str = field(repr=False)
    """The one way to write it, without the unit."""
    unit: str | None = field(default=None, repr=False)
    kind: str | None = None
    """Of a public place: clinic, school…; None for an address."""
    notes: tuple[Note, ...] = ()


class AddressBook:
    """Known addresses and public places, and how people mean them."""

    def __init__(self, addresses: Iterable[AddressRow], places: Iterable[PlaceRow]) -> None:
        self._houses = Houses(addresses)
        self._names = PlaceNames(places)

    def find(self, typed: str, *, near: Point | None = None) -> Found:
        """The address or public place that a person means by `typed`.

        `near` chooses among the branches of a chain; without it several branches are refused.

        Raises
            SeveralBranches: a chain's name without `near`.
            Unreadable: nothing known fits, or several things do.
        """
        if not typed.strip():
            raise Unreadable(_("The address is missing."))
        if branches := self._names.exact(typed):
            return _branch(branches, near)
        written = take_apart(typed, self._houses.towns)
        if written is None:
            return self._similar_place(typed, near)
        try:
            return self._address(typed, written)
        except Unreadable:
            # "88 Supermarkt" begins like an address; an address it is not.
            if len(self._names.similar(typed)) != 1:
                raise
        return self._similar_place(typed, near)

    def _address(self, typed: str, written: WrittenAddress) -> Found:
        house, mended = self._houses.find(written)
        notes = [Note(kind, sentence) for kind, sentence in house.remarks]
        if mended:
            sentence = _("%(typed)s read as %(label)s.", typed=typed, label=house.label)
            notes.insert(0, Note(NoteKind.CORRECTED, sentence))
        match = Match.CORRECTED if mended else Match.EXACT
        return Found(match, house.point, house.label, written.unit, None, tuple(notes))

    def _similar_place(self, typed: str, near: Point | None) -> Found:
        similar = self._names.similar(typed)
        if not similar:
            raise Unreadable(
                _(
                    "No place called %(name)s is known; write its address or add the place.",
                    name=typed,
                )
            )
        if len(similar) > 1:
            names = sorted({branches[0].name for branches in similar})
            raise Unreadable(
                _(
                    "%(name)s could be %(candidates)s; write the whole name.",
                    name=typed,
                    candidates=", ".join(names[:MOST_NAMED]) + ("…" if names[MOST_NAMED:] else ""),
                )
            )
        found = _branch(similar[0], near)
        sentence = _("%(typed)s read as %(label)s.", typed=typed, label=found.label)
        notes = (Note(NoteKind.CORRECTED, sentence), *found.notes)
        return Found(found.match, found.point, found.label, None, found.kind, notes)


def _branch(branches: list[PlaceRow], near: Point | None) -> Found:
    if len(branches) == 1:
        place = branches[0]
        return Found(Match.PLACE, place.point, _place_label(place), None, place.kind)
    if near is None:
        raise SeveralBranches(
            _(
                "There are %(count)s places called %(name)s; write the address of the one meant.",
                count=len(branches),
                name=branches[0].name,
            )
        )
    home = (near.lat, near.lon)
    place = min(branches, key=lambda b: metres_between(home, (b.point.lat, b.point.lon)))
    sentence = _(
        "The nearest of %(count)s places called %(name)s.", count=len(branches), name=place.name
    )
    note = Note(NoteKind.CONFIRM, sentence)
    label = _place_label(place)
    return Found(Match.NEAREST_BRANCH, place.point, label, None, place.kind, (note,))


def _place_label(place: PlaceRow) -> str:
    return f"{place.name}, {place.address}" if place.address else place.name
