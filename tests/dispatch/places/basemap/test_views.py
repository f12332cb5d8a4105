"""The tiles are sent in ranges, to whoever is signed in."""

import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch import installation
from dispatch.config import Settings
from dispatch.db.transactions import Database
from dispatch.people.models import Membership, Role
from dispatch.places import editions
from dispatch.places.basemap import serving
from tests.build import a_driver, a_group, a_public_place, a_user


@pytest.fixture
def imported(tiles: Path, settings: Settings) -> bytes:
    """The content of the base map in use."""
    with editions.making(settings.data_dir) as fresh:
        shutil.copy(tiles, fresh / serving.FILE)
    return tiles.read_bytes()


@pytest.fixture
def rosa(client_of, database: Database) -> FlaskClient:
    """A coordinator's browser."""
    with database.transaction() as session:
        group, user = a_group(session), a_user(session)
        session.add(Membership(user=user, group=group, role=Role.COORDINATOR))
        a_public_place(session, group)
    return client_of(user)


@pytest.fixture
def address(imported: bytes, settings: Settings) -> str:
    """Where the tiles are."""
    return f"/map.pmtiles?v={serving.in_use(settings.data_dir).edition}"


def test_a_range_is_sent(rosa: FlaskClient, address: str, imported: bytes):
    answer = rosa.get(address, headers={"Range": "bytes=7-126"}, buffered=True)
    assert answer.status_code == 206
    assert answer.data == imported[7:127]
    assert answer.headers["Content-Range"] == f"bytes 7-126/{len(imported)}"
    assert answer.headers["Content-Type"] == "application/vnd.pmtiles"
    assert "Content-Encoding" not in answer.headers


def test_the_file_is_named_by_us(rosa: FlaskClient, address: str):
    answer = rosa.get(address, headers={"Range": "bytes=0-9"}, buffered=True)
    assert answer.headers["Content-Disposition"] == "inline; filename=map.pmtiles"


def test_a_range_beyond_the_end_is_refused(rosa: FlaskClient, address: str, imported: bytes):
    beyond = {"Range": f"bytes={len(imported)}-"}
    assert rosa.get(address, headers=beyond, buffered=True).status_code == 416


def test_the_browser_may_keep_a_range_for_itself(rosa: FlaskClient, address: str):
    answer = rosa.get(address, headers={"Range": "bytes=0-126"}, buffered=True)
    kept = answer.headers["Cache-Control"]
    assert set(kept.split(", ")) == {"private", "max-age=31536000", "immutable"}
    assert not answer.headers["ETag"].startswith("W/")


def test_no_log_tells_which_part_was_asked_for():
    """What somebody looks at stands in the range, and shows in the number of bytes sent."""
    command = installation.serving_command("127.0.0.1", 8000, 2)
    logged = command[command.index("--access-logformat") + 1]
    method, path, status, duration = "m", "U", "s", "D"
    assert set(re.findall(r"%\(([^)]+)\)s", logged)) == {method, path, status, duration}


def test_nobody_else_sees_the_map(app: Flask, address: str):
    assert app.test_client().get(address).status_code == 302


def test_a_driver_sees_it_too(client_of, database: Database, address: str):
    with database.transaction() as session:
        user = a_driver(session, a_group(session)).user
    assert client_of(user).get(address, buffered=True).status_code == 200


@pytest.mark.parametrize("query", ["", "?v=", "?v=older"])
def test_another_edition_is_gone_and_nothing_is_kept(rosa: FlaskClient, address: str, query: str):
    answer = rosa.get(f"/map.pmtiles{query}")
    assert answer.status_code == 410
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Reload the page" in answer.text


def test_a_page_with_a_map_says_where_the_tiles_are(rosa: FlaskClient, address: str):
    page = rosa.get("/places/new").text
    assert address in page
    assert "&quot;zoom&quot;: 15" in page or '"zoom": 15' in page
    assert "© OpenStreetMap contributors" in page


def test_before_an_import_a_page_says_nothing_of_tiles(rosa: FlaskClient):
    page = rosa.get("/places/new").text
    assert "data-map" in page
    assert "pmtiles" not in page
    assert "protomaps" not in page
