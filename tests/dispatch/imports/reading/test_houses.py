"""House numbers, street by street."""

import pytest

from dispatch.imports.reading.houses import ONE_HOUSE_METRES, Houses
from dispatch.imports.reading.known import AddressRow, Point
from dispatch.imports.reading.outcome import NoteKind, Unreadable
from dispatch.imports.reading.streets import take_apart
from tests.dispatch.imports.reading.sheets import an_address

METRE = 1 / 111_195
"""Of latitude, in degrees."""


def _find(typed: str, *rows: AddressRow):
    houses = Houses(rows)
    written = take_apart(typed, houses.towns)
    assert written is not None
    return houses.find(written)


def _refusal(typed: str, *rows: AddressRow) -> str:
    with pytest.raises(Unreadable) as refusal:
        _find(typed, *rows)
    return refusal.value.sentence


def test_a_house_is_labelled_as_the_list_spells_it_most_often():
    rows = [an_address("12", "alder street"), *(an_address(n, "Alder Street") for n in "34")]
    house, mended = _find("12 ALDER ST", *rows)
    assert (house.label, mended) == ("12 Alder Street, Bayside", False)


def test_a_list_without_towns_has_labels_without_them():
    house, _mended = _find("12 Alder Street", an_address("12", "Alder Street", city=""))
    assert house.label == "12 Alder Street"


@pytest.mark.parametrize("typed", ["12 Adler Street", "12 Alder", "12 Alder Street, Bayside"])
def test_a_mended_street_or_town_is_said_to_be_mended(typed: str):
    house, mended = _find(typed, an_address("12", "Alder Street"))
    assert (house.label, mended) == (
        "12 Alder Street, Bayside",
        typed != "12 Alder Street, Bayside",
    )


def test_a_letter_belongs_to_the_number():
    rows = [an_address("12", "Alder Street", 49.25), an_address("12A", "Alder Street", 49.26)]
    assert _find("12a Alder Street", *rows)[0].point.lat == 49.26
    assert _find("12 Alder Street", *rows)[0].point.lat == 49.25


def test_entrances_of_one_property_are_one_house():
    step = 0.9 * ONE_HOUSE_METRES * METRE
    rows = [an_address("12", "Alder Street", 49.25 + n * step) for n in (0, 1, -1)]
    house, _mended = _find("12 Alder Street", *rows)
    assert (house.point, house.remarks) == (Point(49.25, -123.1), ())


def test_points_further_apart_are_not_one_house():
    far = 49.25 + 1.1 * ONE_HOUSE_METRES * METRE
    rows = [an_address("12", "Alder Street"), an_address("12", "Alder Street", far)]
    assert _refusal("12 Alder Street", *rows) == (
        "12 Alder Street, Bayside is known at points far apart; set the point on the map."
    )


def test_a_unit_has_its_own_entrance():
    rows = [an_address("1-12", "Alder Street", 49.25), an_address("2-12", "Alder Street", 49.251)]
    for unit, latitude in (("1", 49.250), ("2", 49.251)):
        assert _find(f"12 Alder Street, unit {unit}", *rows)[0].point.lat == latitude


def test_only_numbers_on_its_side_belong_to_a_range():
    row = an_address("2801-2831", "Oak Street")
    house, mended = _find("2811 Oak Street", row)
    assert (house.label, mended) == ("2811 Oak Street, Bayside", False)
    assert house.remarks == ((NoteKind.READ, "2811 belongs to the house 2801-2831."),)
    for typed in ("2810 Oak Street", "2799 Oak Street", "2833 Oak Street"):
        assert _refusal(typed, row).startswith("No house ")


def test_a_house_in_several_towns_asks_for_the_town():
    rows = [an_address("12", "Alder Street"), an_address("12", "Alder Street", city="Harbour")]
    assert _refusal("12 Alder Street", *rows) == (
        "12 Alder Street is known in Bayside, Harbour; write the town too."
    )
    assert _find("12 Alder Street, Harbour", *rows)[0].label == "12 Alder Street, Harbour"


def test_a_slip_in_a_digit_of_the_street_is_never_mended():
    assert _refusal("20 12th Avenue", an_address("20", "13th Avenue")).startswith("No house 20")


def test_what_is_perhaps_meant_is_named_and_not_taken():
    row = an_address("20", "West Elm Street")
    assert _refusal("20 East Elm Street", row) == (
        "No house 20 on East Elm Street is known; perhaps 20 West Elm Street, Bayside is meant."
    )


def test_a_house_keeps_its_address_out_of_its_repr():
    house, _mended = _find("12 Alder Street", an_address("12", "Alder Street"))
    assert "Alder" not in repr(house)
    assert "49.25" not in repr(house)
