"""Where an address is looked for, nearest first: what the group knows, the imported map, a server.

A server is asked only here, when a person has pressed the button, and only for what the imported
map does not know for sure: each question tells it where somebody lives.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.places.gazetteer.found import Found, MatchKind
from dispatch.places.gazetteer.ground import metres
from dispatch.places.geocode import ByName, find
from dispatch.places.models import Place

if TYPE_CHECKING:
    from dispatch.places.gazetteer.geocoder import Gazetteer
    from dispatch.places.servers.asking import Server

SAME_DOOR = 60.0
"""Metres within which a server's candidate of the same number says nothing new."""
MOST_PLACES = 2


@dataclass(frozen=True)
class Looked:
    """What came of looking for an address."""

    found: list[Found]
    silent: str = ""
    """The name of a server that was asked and did not answer."""


class Finder:
    """Looks for an address in one place after the other."""

    def __init__(
        self,
        known: "Gazetteer",
        public: Iterable[Place] = (),
        server: "Server | None" = None,
        *,
        before_asking: Callable[[], None] = lambda: None,
    ) -> None:
        """`before_asking` is called before the wait for the server begins."""
        self.known = known
        self._named = ByName(public)
        self._server = server
        self._before_asking = before_asking

    def find(self, text: str) -> Looked:
        """What `text` may mean, best first."""
        if not text.strip():
            return Looked([])
        here = [*self._places(text), *self.known.find(text)]
        if self._server is None or any(one.kind is MatchKind.EXACT for one in here):
            return Looked(here)
        from dispatch.places.servers.asking import Unanswered

        self._before_asking()
        try:
            there = self._server.find(text, self.known.frame)
        except Unanswered:
            return Looked(here, self._server.host)
        return Looked([*here, *(one for one in there if not _is_said(one, here))])

    def _places(self, text: str) -> list[Found]:
        """Public places of this name; text with a number in it is an address, and fits whole."""
        is_address = any(character.isdigit() for character in text)
        return [
            Found(one.match, one.point, one.name)
            for one in find(text, [self._named])[:MOST_PLACES]
            if one.match is MatchKind.EXACT or not is_address
        ]


def _is_said(one: Found, here: list[Found]) -> bool:
    return any(
        one.number == other.number and metres(one.point, other.point) < SAME_DOOR for other in here
    )
