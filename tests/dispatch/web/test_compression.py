"""Static text goes pressed to whoever takes it so; pages never do."""

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.web.render import STATIC

SCRIPT = "/static/js/map.js"


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Nobody's browser."""
    return app.test_client()


def fetch(client: FlaskClient, address: str, **headers: str):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.get(address, headers={"Accept-Encoding": "gzip, br", **named}, buffered=True)


def test_a_script_is_sent_pressed(client: FlaskClient):
    answer = fetch(client, SCRIPT)
    plain = (STATIC / "js" / "map.js").read_bytes()
    assert answer.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.data) == plain
    assert len(answer.data) < len(plain) / 2
    assert answer.headers["Content-Length"] == str(len(answer.data))


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0"])
def test_who_does_not_take_it_pressed_gets_it_plain(client: FlaskClient, accepted: str):
    answer = fetch(client, SCRIPT, Accept_Encoding=accepted)
    assert "Content-Encoding" not in answer.headers
    assert answer.data == (STATIC / "js" / "map.js").read_bytes()


def test_both_say_that_there_are_two(client: FlaskClient):
    for accepted in ("gzip", "identity"):
        answer = fetch(client, SCRIPT, Accept_Encoding=accepted)
        assert "Accept-Encoding" in answer.headers["Vary"]


def test_a_page_is_never_pressed(client: FlaskClient):
    answer = fetch(client, "/signin")
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_a_picture_is_left_as_it_is(client: FlaskClient):
    answer = fetch(client, "/static/vendor/leaflet-1.9.4/images/layers.png")
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers


def test_a_file_that_the_browser_has_is_not_sent_again(client: FlaskClient):
    seen = fetch(client, SCRIPT).headers["ETag"]
    assert seen.startswith("W/")
    assert fetch(client, SCRIPT, If_None_Match=seen).status_code == 304


def test_a_part_of_a_file_is_plain(client: FlaskClient):
    answer = fetch(client, SCRIPT, Range="bytes=0-9")
    assert answer.status_code == 206
    assert "Content-Encoding" not in answer.headers


def test_a_missing_file_is_missing(client: FlaskClient):
    assert fetch(client, "/static/js/nowhere.js").status_code == 404
