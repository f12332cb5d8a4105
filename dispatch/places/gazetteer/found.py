"""What a search answers: candidates, each with the kind of its match."""

import enum
from dataclasses import dataclass

from dispatch.places.gazetteer.spelling import FIRST_KINDS, street_words
from dispatch.places.sealed import Point


class MatchKind(enum.Enum):
    """How a candidate was found; said beside it."""

    EXACT = "exact"
    """This very thing is on record, and what was typed can mean no other."""
    SIMILAR = "similar"
    """A public place of the group whose name is much like what was typed."""
    INTERPOLATED = "interpolated"
    """Between known numbers of the street, by counting."""
    STREET = "street"
    """Only the street is known; or the house is, but another one may be meant as well."""
    CROSSING = "crossing"
    """Where two streets meet."""
    PLACE = "place"
    """Something with a name: a town, a school, a shop."""


@dataclass(frozen=True)
class Found:
    """One candidate."""

    kind: MatchKind
    point: Point
    name: str
    """Of the street, the two streets or the place."""
    number: str = ""
    town: str = ""
    postcode: str = ""
    unit: str = ""
    """As typed; never searched."""
    score: float = 0.0
    """How like what was typed, 100 for the same."""
    is_corrected: bool = False
    """Whether what was typed reads otherwise: a slip, or a word left out."""
    is_doubtful: bool = False
    """Whether another candidate may be meant just as well."""
    server: str = ""
    """The name of the server that found it; none if it was found on this machine."""

    @property
    def line(self) -> str:
        """Number and street as they are written here: "48 Larch Row", "Calle Mayor 12"."""
        if not self.number:
            return self.name
        words = street_words(self.name)
        says_kind_first = bool(words) and words[0] in FIRST_KINDS
        parts = (self.name, self.number) if says_kind_first else (self.number, self.name)
        return " ".join(parts)

    @property
    def label(self) -> str:
        """All of it on one line."""
        where = " ".join(filter(None, (self.town, self.postcode)))
        return ", ".join(filter(None, (self.line, where)))
