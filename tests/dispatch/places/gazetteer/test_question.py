"""What a typed line may mean."""

import pytest

from dispatch.places.gazetteer.question import LONGEST, Reading, readings

TOWNS = frozenset({"grand bend", "queens village", "madrid"})


def first(text):
    return readings(text, TOWNS)[0]


@pytest.mark.parametrize(
    ("typed", "number", "street", "unit"),
    [
        ("1243 Quarry St apt 4", "1243", "Quarry St", "apt 4"),
        ("1243 Quarry St #4", "1243", "Quarry St", "#4"),
        ("#4 1243 Quarry St", "1243", "Quarry St", "#4"),
        ("Suite 5, 100 Main St", "100", "Main St", "Suite 5"),
        ("3B - 100 Main St", "100", "Main St", "3B"),
        ("100 Main St Unit B", "100", "Main St", "Unit B"),
        ("Calle Mayor 12", "12", "Calle Mayor", ""),
        ("Calle Mayor nº 12", "12", "Calle Mayor", ""),
        ("Calle Sol #12", "12", "Calle Sol", ""),
        ("C/ Mayor, 12, 3º B", "12", "C/ Mayor", "3º B"),
        ("Av. Insurgentes Sur 1605, Piso 3", "1605", "Av. Insurgentes Sur", "Piso 3"),
        ("99-10 217th Street", "99-10", "217th Street", ""),
        ("99 10 217th Street", "99-10", "217th Street", ""),
        ("12B Elm Court", "12B", "Elm Court", ""),
        ("12 E Elm Court", "12", "E Elm Court", ""),
        ("12, Elm Court", "12", "Elm Court", ""),
        ("217th Street", "", "217th Street", ""),
    ],
)
def test_number_street_and_unit_are_told_apart(typed, number, street, unit):
    reading = first(typed)
    assert (reading.number, reading.street, reading.unit) == (number, street, unit)


@pytest.mark.parametrize(
    ("typed", "town", "postcode"),
    [
        ("1243 Quarry St, Grand Bend, MI 49506", "grand bend", "49506"),
        ("1243 quarry st grand bend mi", "grand bend", ""),
        ("1243 Quarry St, Elsewhere", "elsewhere", ""),
        ("Calle Mayor nº 12, 28013 Madrid", "madrid", "28013"),
        ("375 Water Street, Vancouver, BC V6B 1E5", "vancouver", "v6b1e5"),
        ("12345 Main St", "", ""),
    ],
)
def test_town_and_postcode_are_told_apart(typed, town, postcode):
    reading = first(typed)
    assert (reading.town, reading.postcode) == (town, postcode)


@pytest.mark.parametrize(
    "typed",
    [
        "Wealthy & Diamond",
        "Wealthy and Diamond",
        "Wealthy y Diamond",
        "Wealthy / Diamond",
        "Wealthy esquina con Diamond",
        "corner of Wealthy and Diamond",
    ],
)
def test_a_crossing_is_two_streets(typed):
    assert first(typed) == Reading("Wealthy", crossed="Diamond")


def test_a_crossing_may_lie_in_a_town():
    assert first("Wealthy & Diamond Ave, Grand Bend").town == "grand bend"


def test_a_name_that_holds_an_and_is_read_as_a_street_too():
    found = readings("Calle Ramón y Cajal 5", TOWNS)
    assert Reading("Calle Ramón y Cajal", "5") in found


def test_a_street_that_begins_with_a_number_is_read_both_ways():
    found = [(one.street, one.number) for one in readings("5 de Mayo 12", TOWNS)]
    assert ("5 de Mayo", "12") in found
    assert ("de Mayo 12", "5") in found


@pytest.mark.parametrize("typed", ["", "   ", "-", ",,,", "&"])
def test_nothing_typed_means_nothing(typed):
    assert readings(typed, TOWNS) == []


@pytest.mark.parametrize("typed", ["x" * 10_000, "(((((", "1 " * 500, "#" * 300, '"; DROP', "12\0"])
def test_whatever_is_typed_is_read_without_failing(typed):
    assert all(len(one.street) <= LONGEST for one in readings(typed, TOWNS))
