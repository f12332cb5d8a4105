"""Which geocoding server the settings name, and whether it is a stranger's."""

import inspect

import pytest
from geopy.geocoders import GeocodeEarth, Nominatim, Photon

from dispatch.geocoding_server import BadServer, Dialect, GeocodingServer, named


def a_server(url: str, dialect: str = "nominatim", key: str = "") -> GeocodingServer:
    found = named(dialect, url, key)
    assert found is not None
    return found


def test_without_a_setting_there_is_no_server():
    assert named("", "") is None


def test_a_server_of_the_groups_own_is_named_in_full():
    server = a_server("https://Geo.Example.org:8443/search/", "photon")
    assert server.dialect is Dialect.PHOTON
    assert (server.scheme, server.host) == ("https", "geo.example.org")
    assert server.domain == "geo.example.org:8443/search"
    assert not server.is_public


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost:8080",
        "http://127.0.0.1:2322",
        "http://[::1]:4000",
        "http://192.168.1.9",
        "http://geocoder",
        "http://geocoder.lan/nominatim",
    ],
)
def test_in_clear_only_this_machine_and_networks_of_ones_own_are_asked(url):
    assert a_server(url).scheme == "http"


def test_in_clear_nobody_else_is_asked():
    with pytest.raises(BadServer, match="https://"):
        named("nominatim", "http://geo.example.org")
    with pytest.raises(BadServer, match="in clear"):
        named("nominatim", "http://8.8.8.8")


@pytest.mark.parametrize(
    ("dialect", "url", "key", "said"),
    [
        ("", "https://geo.example.org", "", "must be one of: nominatim, photon, pelias"),
        ("google", "https://geo.example.org", "", "must be one of"),
        ("nominatim", "", "", "No public one is asked by itself"),
        ("nominatim", "geo.example.org", "", "must look like"),
        ("nominatim", "ftp://geo.example.org", "", "must look like"),
        ("nominatim", "https://", "", "must look like"),
        ("nominatim", "https://geo.example.org:port", "", "must look like"),
        ("nominatim", "https://geo.example.org/?q=x", "", "must look like"),
        ("nominatim", "https://nominatim.openstreetmap。org", "", "must look like"),
        ("nominatim", "https://geo.example.org", "k", "is for Pelias"),
    ],
)
def test_what_names_no_server_is_said(dialect, url, key, said):
    with pytest.raises(BadServer, match=said):
        named(dialect, url, key)


@pytest.mark.parametrize(
    "url",
    [
        "https://nominatim.openstreetmap.org",
        "https://NOMINATIM.openstreetmap.org.",
        "https://user:pass@nominatim.openstreetmap.org:443/x",
        "https://tile.openstreetmap.org",
        "https://photon.komoot.io",
        "https://api.geocode.earth",
    ],
)
def test_a_strangers_server_is_known_by_its_name(url):
    assert a_server(url).is_public


def test_the_servers_that_geopy_asks_by_itself_are_known_as_strangers():
    for kind in (Nominatim, Photon, GeocodeEarth):
        default = inspect.signature(kind.__init__).parameters["domain"].default
        assert a_server(f"https://{default}").is_public


def test_a_name_that_only_ends_alike_is_no_stranger():
    assert not a_server("https://notopenstreetmap.org").is_public
    assert not a_server("https://openstreetmap.org.example.org").is_public


def test_what_opens_the_server_is_never_shown():
    server = a_server("https://rosa:l%40rch@geo.example.org", "pelias", "quarry")
    assert (server.login, server.key) == ("rosa:l@rch", "quarry")
    assert "l@rch" not in repr(server)
    assert "quarry" not in repr(server)
    assert "rosa" not in server.domain
