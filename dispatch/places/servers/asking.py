"""Asking a geocoding server where an address is, through geopy's own classes.

What is asked is a family's home. It is sent to the one host that the settings name and written
nowhere: geopy's own log, which holds whole questions, is silenced, and no error holds one.
"""

import logging
from dataclasses import replace
from functools import partial

from geopy.exc import GeocoderQueryError, GeopyError
from geopy.geocoders import Nominatim, Pelias, Photon
from geopy.location import Location

from dispatch.geocoding_server import Dialect, GeocodingServer
from dispatch.places.gazetteer.found import Found
from dispatch.places.gazetteer.frame import Frame
from dispatch.places.servers.adapter import Straight
from dispatch.places.servers.answers import found_in

PATIENCE = 3.0
"""Seconds until a person is told that nothing came."""
MOST = 5
logger = logging.getLogger(__name__)
logging.getLogger("geopy").addFilter(lambda _record: False)


class Unanswered(Exception):
    """The server gave no answer, or none that can be read; says what went wrong and not more."""


class Server:
    """One geocoding server."""

    def __init__(self, named: GeocodingServer, patience: float = PATIENCE) -> None:
        self.host = named.host
        self._dialect = named.dialect
        host = named.domain.partition("/")[0]
        origin = f"{named.scheme}://{host}"
        options = {
            "scheme": named.scheme,
            "domain": named.domain,
            "timeout": patience,
            "proxies": None,
            "user_agent": "dispatch",
            "adapter_factory": partial(Straight, origin=origin, login=named.login),
        }
        if named.dialect is Dialect.PELIAS:
            self._geocoder = Pelias(api_key=named.key or None, **options)
        else:
            kinds = {Dialect.NOMINATIM: Nominatim, Dialect.PHOTON: Photon}
            self._geocoder = kinds[named.dialect](**options)

    def find(self, text: str, around: Frame | None = None) -> list[Found]:
        """What `text` may mean, best first; those within `around` before others where it can.

        Raises
            Unanswered: it did not say.
        """
        try:
            locations = self._locations(text, around)
            found = found_in(self._dialect, locations[:MOST], text)
            return [replace(one, server=self.host) for one in found]
        except GeocoderQueryError:
            trouble = "the question was refused"  # the server's own words may repeat it
        except GeopyError as error:
            trouble = str(error)
        except (LookupError, TypeError, ValueError, AttributeError):
            # geopy takes answers apart without looking whether they have these parts.
            trouble = "an answer of another kind"
        logger.warning("The geocoding server %s: %s", self.host, trouble)
        raise Unanswered(trouble)

    def _locations(self, text: str, around: Frame | None) -> list[Location]:
        options: dict[str, object] = {}
        if self._dialect is Dialect.NOMINATIM:
            options = {"limit": MOST, "addressdetails": True}
            if around is not None:
                options["viewbox"] = [(around.south, around.west), (around.north, around.east)]
        elif self._dialect is Dialect.PHOTON:
            options = {"limit": MOST}
            if around is not None:
                options["location_bias"] = around.middle
        return self._geocoder.geocode(text, exactly_one=False, **options) or []
