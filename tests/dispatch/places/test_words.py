"""Languages and seats, in the words of the page."""

import pytest

from dispatch import i18n
from dispatch.places.words import SEAT_WORDS, language_name, say_cell, say_seats, spoken_languages


@pytest.mark.parametrize(
    ("code", "name"),
    [("es", "Spanish"), ("kek", "Q’eqchi’"), ("mxv", "Mixteco"), ("zzz", "Zzz")],
)
def test_a_language_has_a_name_even_where_nobody_knows_it(code, name):
    assert language_name(code) == name


def test_a_language_is_called_as_the_page_calls_it():
    with i18n.speaking("es"):
        assert language_name("en") == "Inglés"


def test_languages_are_offered_by_name_and_each_once():
    offered = spoken_languages()
    assert offered == sorted(offered, key=lambda pair: pair[1])
    assert len(dict(offered)) == len(offered)
    assert {"en", "es", "prs", "mam"} <= set(dict(offered))


def test_a_language_that_is_stored_stays_a_choice():
    assert "haw" not in dict(spoken_languages())
    assert dict(spoken_languages(["haw", "", "es"]))["haw"] == "Hawaiian"
    assert len(spoken_languages(["es", ""])) == len(spoken_languages())


def test_seats_are_counted_in_words_and_none_is_not_said():
    assert say_seats({"booster": 2, "infant": 1, "convertible": 0}) == [
        "1 infant seat",
        "2 boosters",
    ]
    assert say_seats({}) == []


def test_every_kind_of_seat_is_said():
    for kind in SEAT_WORDS:
        assert len(say_seats({kind: 1})) == 1
        assert say_seats({kind: 1}) != say_seats({kind: 2})


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("Lakeview Clinic, 1 km S 1 km W", "Lakeview Clinic, 1 km S 1 km O"),
        ("Lakeview Clinic, 2 km N", "Lakeview Clinic, 2 km N"),
        ("2 km West, 3 km W", "2 km West, 3 km O"),
        ("Lakeview Clinic", "Lakeview Clinic"),
        ("5474:-8914", "5474:-8914"),
        ("Route 9, 2 km Walk", "Route 9, 2 km Walk"),
    ],
)
def test_the_compass_speaks_the_language_of_the_page(stored, said):
    assert say_cell(stored) == stored
    with i18n.speaking("es"):
        assert say_cell(stored) == said
