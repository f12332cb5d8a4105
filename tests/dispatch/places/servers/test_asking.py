"""Asking a server through geopy: each of the three programs, and each way it can go wrong."""

import logging

import pytest
from geopy.util import logger as geopys

from dispatch.places.gazetteer.found import MatchKind
from dispatch.places.gazetteer.frame import Frame
from dispatch.places.servers.asking import Server, Unanswered
from tests.dispatch.places.servers.fakes import ANSWERS, HOUSE, PATHS, Fake

TEXT = "1201 Wealthy Street Southeast"


def ask(fake: Fake, dialect: str, *, patience: float = 5.0, **more: object) -> list:
    return Server(fake.setting(dialect), patience).find(TEXT, **more)


def answer_of(fake: Fake, dialect: str) -> tuple[list, Unanswered | None]:
    try:
        return ask(fake, dialect), None
    except Unanswered as trouble:
        return [], trouble


@pytest.mark.parametrize("dialect", list(ANSWERS))
def test_a_house_is_found(fake, dialect):
    fake.answer = ANSWERS[dialect]
    (house,) = ask(fake, dialect)
    assert (house.kind, house.point) == (MatchKind.EXACT, HOUSE)
    assert house.server == "127.0.0.1"
    assert fake.heard[0].startswith(f"{PATHS[dialect]}?")
    assert fake.said[0]["User-Agent"] == "dispatch"


@pytest.mark.parametrize(("dialect", "nothing"), [
    ("nominatim", []), ("photon", {"features": []}), ("pelias", {"features": []}),
])  # fmt: skip
def test_a_server_that_knows_nothing_like_it_says_so(fake, dialect, nothing):
    fake.answer = nothing
    assert ask(fake, dialect) == []


@pytest.mark.parametrize("dialect", list(ANSWERS))
def test_a_server_below_a_path_is_asked_there(fake, dialect):
    fake.answer = ANSWERS[dialect]
    fake.url += "/geo"
    ask(fake, dialect)
    assert fake.heard[0].startswith(f"/geo{PATHS[dialect]}?")


def test_what_lies_on_the_imported_map_comes_first_where_it_can(fake):
    around = Frame(42.0, -86.0, 44.0, -85.0)
    fake.answer = ANSWERS["nominatim"]
    ask(fake, "nominatim", around=around)
    assert fake.asked()["viewbox"] == ["-86.0,42.0,-85.0,44.0"]
    assert "bounded" not in fake.asked()
    fake.answer = ANSWERS["photon"]
    ask(fake, "photon", around=around)
    assert (fake.asked(1)["lat"], fake.asked(1)["lon"]) == (["43.0"], ["-85.5"])


def test_pelias_is_given_its_key(fake):
    fake.answer = ANSWERS["pelias"]
    Server(fake.setting("pelias", key="larch")).find(TEXT)
    assert fake.asked()["api_key"] == ["larch"]


@pytest.mark.parametrize("dialect", list(ANSWERS))
@pytest.mark.parametrize("answer", [
    b"<html>", b"", b"null-", 7, "text", {}, [3], [[]], {"features": 3}, {"features": [{}]},
    {"features": [{"geometry": {"coordinates": ["x", None]}, "properties": {}}]},
    {"error": "1201 Wealthy Street Southeast is too long"}, [{"lat": "north", "lon": "2"}],
])  # fmt: skip
def test_what_is_no_answer_is_said_and_not_repeated(fake, caplog, dialect, answer):
    fake.answer = answer
    found, trouble = answer_of(fake, dialect)
    assert found == []
    assert "Wealthy" not in f"{trouble} {caplog.text}"
    assert trouble is None or trouble.__context__ is None


@pytest.mark.parametrize("dialect", list(ANSWERS))
@pytest.mark.parametrize("status", [400, 401, 403, 429, 500, 502, 301, 307])
def test_an_error_of_the_server_is_said(fake, elsewhere, caplog, dialect, status):
    fake.status, fake.headers = status, {"Location": elsewhere.url}
    fake.answer = {"error": TEXT}
    with pytest.raises(Unanswered):
        ask(fake, dialect)
    assert elsewhere.heard == []
    assert len(fake.heard) == 1
    assert "127.0.0.1" in caplog.text
    assert "Wealthy" not in caplog.text


@pytest.mark.parametrize("dialect", list(ANSWERS))
def test_a_slow_server_is_not_waited_for(fake, dialect):
    fake.answer, fake.pause = ANSWERS[dialect], 0.05
    with pytest.raises(Unanswered, match="in time"):
        ask(fake, dialect, patience=0.2)


def test_geopys_own_log_which_holds_whole_questions_is_silent(fake, caplog):
    caplog.set_level(logging.DEBUG)
    fake.answer = ANSWERS["nominatim"]
    ask(fake, "nominatim")
    assert "Wealthy" not in caplog.text
    silence = list(geopys.filters)
    for one in silence:
        geopys.removeFilter(one)
    ask(fake, "nominatim")
    for one in silence:
        geopys.addFilter(one)
    assert "Wealthy" in caplog.text  # else this test would look at nothing
