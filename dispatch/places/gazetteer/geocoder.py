"""The local geocoder in the shape of geopy's: whatever takes one of those takes this one.

There is no way from here to a network: what `geopy` would ask a server with refuses every call.
"""

from pathlib import Path
from typing import NoReturn

from geopy.adapters import BaseSyncAdapter
from geopy.geocoders.base import DEFAULT_SENTINEL, Geocoder
from geopy.location import Location
from geopy.point import Point as AnyPoint

from dispatch.places.gazetteer import completing, pins, search
from dispatch.places.gazetteer.found import Found
from dispatch.places.gazetteer.frame import Frame
from dispatch.places.gazetteer.pins import PinTrouble
from dispatch.places.gazetteer.store import Store, path_in
from dispatch.places.sealed import Point

MOST = 5


class NetworkRefused(RuntimeError):
    """Something tried to ask a server where an address is."""


class _NoNetwork(BaseSyncAdapter):
    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> NoReturn:
        raise NetworkRefused("the local geocoder asks no server")

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> NoReturn:
        raise NetworkRefused("the local geocoder asks no server")


class Gazetteer(Geocoder):
    """Finds addresses in the file that `python3 -m dispatch places import` made.

    Without such a file it knows nothing and says so by finding nothing.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(adapter_factory=_NoNetwork)
        self._store = Store(path)

    @property
    def is_there(self) -> bool:
        """Whether a file was imported."""
        return self._store.edition() is not None

    @property
    def frame(self) -> Frame | None:
        """What the imported map covers, if it says so."""
        edition = self._store.edition()
        return edition.frame if edition else None

    def find(self, text: str, limit: int = MOST) -> list[Found]:
        """What `text` may mean, best first."""
        edition = self._store.edition()
        return search.find(edition, text, limit) if edition else []

    def complete(self, text: str, limit: int = MOST) -> list[Found]:
        """What the beginning `text` may become."""
        edition = self._store.edition()
        return completing.complete(edition, text, limit) if edition else []

    def nearest(self, point: Point) -> Found | None:
        """The address nearest to a dropped pin; None if none is near."""
        edition = self._store.edition()
        return pins.nearest(edition, point) if edition else None

    def trouble_with(self, point: Point) -> PinTrouble | None:
        """What is wrong with a point, as far as the imported map can tell."""
        edition = self._store.edition()
        return pins.trouble_with(edition, point) if edition else None

    def geocode(
        self,
        query: str,
        *,
        exactly_one: bool = True,
        timeout: object = DEFAULT_SENTINEL,
        limit: int = MOST,
    ) -> list[Location] | Location | None:
        """Where `query` may be, as geopy's geocoders answer; `timeout` has no meaning here."""
        found = [_location(one) for one in self.find(query, 1 if exactly_one else limit)]
        if exactly_one:
            return found[0] if found else None
        return found or None

    def reverse(
        self,
        query: AnyPoint | Point | str,
        *,
        exactly_one: bool = True,
        timeout: object = DEFAULT_SENTINEL,
    ) -> list[Location] | Location | None:
        """The address nearest to a point, as geopy's geocoders answer."""
        point = AnyPoint(query)
        found = self.nearest((point.latitude, point.longitude))
        if found is None:
            return None
        return _location(found) if exactly_one else [_location(found)]


def in_folder(data_dir: Path) -> Gazetteer:
    """The geocoder of an installation."""
    return Gazetteer(path_in(data_dir))


def _location(found: Found) -> Location:
    raw = {
        "match": found.kind.value,
        "number": found.number,
        "street": found.name,
        "town": found.town,
        "postcode": found.postcode,
        "unit": found.unit,
        "corrected": found.is_corrected,
        "doubtful": found.is_doubtful,
    }
    return Location(found.label, found.point, raw)
