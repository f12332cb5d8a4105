"""One family, one home: what the rows of a sheet say about the same family, held side by side."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from dispatch.i18n import gettext as _
from dispatch.imports.reading.addresses import Found
from dispatch.imports.reading.outcome import Findings, NoteKind
from dispatch.imports.reading.words import fold, squash


@dataclass(frozen=True)
class Sighting:
    """What one row says about a family, whether or not the row can be taken."""

    number: int
    family: str
    home: Found | None = field(repr=False)
    contact: str = field(repr=False)
    phone: str = field(repr=False)


class Households:
    """Families by number, each as its first row with a home shows it."""

    def __init__(self, sightings: Iterable[Sighting]) -> None:
        self._first: dict[str, Sighting] = {}
        self._units: dict[str, dict[str, int]] = defaultdict(dict)
        for sighting in sightings:
            if not sighting.family or sighting.home is None:
                continue
            first = self._first.setdefault(sighting.family, sighting)
            if sighting.home.unit is not None and _same_house(first, sighting):
                self._units[sighting.family].setdefault(sighting.home.unit, sighting.number)

    def compare(self, sighting: Sighting, findings: Findings) -> None:
        """Hold a row against the family's first one.

        Another home is a problem, since the address of one family would be told to the driver of
        another; another contact or phone is a thing to confirm.
        """
        first = self._first.get(sighting.family)
        if first is None or first.number == sighting.number:
            return
        if sighting.home is not None and not self._same_home(first, sighting):
            findings.problem(
                _(
                    "Family %(family)s has another home in row %(row)s;"
                    " mend the number or the address.",
                    family=sighting.family,
                    row=first.number,
                )
            )
            return
        if _differ(fold(first.contact), fold(sighting.contact)):
            sentence = _("Row %(row)s has another contact for this family.", row=first.number)
            findings.note(NoteKind.CONFIRM, sentence)
        if _differ(squash(first.phone), squash(sighting.phone)):
            sentence = _("Row %(row)s has another phone for this family.", row=first.number)
            findings.note(NoteKind.CONFIRM, sentence)

    def home(self, sighting: Sighting, findings: Findings) -> Found | None:
        """The row's home, with the unit that another row of the family gives for the same house."""
        home, units = sighting.home, self._units.get(sighting.family, {})
        if home is None or home.unit is not None or len(units) != 1:
            return home
        ((unit, number),) = units.items()
        findings.note(
            NoteKind.READ, _("Unit %(unit)s taken from row %(row)s.", unit=unit, row=number)
        )
        return replace(home, unit=unit)

    def _same_home(self, first: Sighting, sighting: Sighting) -> bool:
        """The same house, and not another unit of it than the first one written."""
        if not _same_house(first, sighting):
            return False
        unit = sighting.home.unit if sighting.home else None
        units = self._units.get(sighting.family, {})
        return unit is None or next(iter(units), unit) == unit


def _differ(one: str, other: str) -> bool:
    return bool(one and other and one != other)


def _same_house(one: Sighting, other: Sighting) -> bool:
    return one.home is not None and other.home is not None and one.home.label == other.home.label
