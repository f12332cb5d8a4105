"""One spelling for every way of writing a street."""

import pytest

from dispatch.places.gazetteer.spelling import (
    fold,
    street_words,
    with_ordinals,
    without_directions,
    without_kind,
    written_short,
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("W. 16th Ave", "west sixteenth avenue"),
        ("Calle Peña", "CALLE PENA"),
        ("C/ Mayor", "calle mayor"),
        ("Av. Simón Bolívar", "Avenida Simon Bolivar"),
        ("St Marks Pl", "Saint Marks Place"),
        ("E St Marks Ave", "East Saint Marks Avenue"),
        ("Main St SE", "Main Street Southeast"),
        ("O'Donnell St.", "ODonnell Street"),
        ("Dr Martin Luther King Jr Blvd", "Doctor Martin Luther King Jr Boulevard"),
        ("Peña Dr", "Pena Drive"),
        ("Pza. España", "Plaza Espana"),
        ("Calle Primera", "Calle 1st"),
    ],
)
def test_two_ways_of_writing_meet(one, other):
    assert street_words(one) == street_words(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("217th Street", "217th Place"), ("Main Street", "North Main Street"), ("16th", "17th")],
)
def test_two_streets_stay_two(one, other):
    assert street_words(one) != street_words(other)


def test_letters_of_other_scripts_stay():
    assert fold("新堤滝沢線") == "新堤滝沢線"
    assert fold("Ижевск") == "ижевск"


def test_what_kind_of_street_it_is_can_be_left_out():
    assert without_kind(street_words("West 16th Avenue")) == ("west", "16")
    assert without_kind(street_words("Main Street Southeast")) == ("main", "southeast")
    assert without_kind(street_words("Calle Mayor")) == ("mayor",)
    assert without_kind(("street",)) == ("street",)


def test_directions_can_be_left_out():
    assert without_directions(("west", "16", "avenue")) == ("16", "avenue")
    assert without_directions(("north",)) == ("north",)


def test_a_number_is_written_as_on_its_sign():
    assert with_ordinals(("1", "2", "3", "11", "112", "221")) == (
        "1st", "2nd", "3rd", "11th", "112th", "221st",
    )  # fmt: skip
    assert written_short(("west", "16", "avenue")) == ("w", "16th", "ave")


def test_an_ending_that_does_not_fit_its_number_is_a_slip_and_stays():
    assert street_words("212st Street") == ("212st", "street")
    assert street_words("221st Street") == ("221", "street")
