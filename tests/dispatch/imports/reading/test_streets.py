"""A written address taken apart."""

import pytest

from dispatch.imports.reading.streets import street_key, take_apart, town_key

TOWNS = ("bayside", "north bayside")


@pytest.mark.parametrize(
    ("text", "numbers", "street", "unit", "town"),
    [
        ("12 Alder Street, apt 37", ("12",), "alder street", "37", None),
        ("12 Alder St bsmt apt 2", ("12",), "alder street", "bsmt apt 2", None),
        ("12 Alder Drive  #23, Bayside", ("12",), "alder drive", "23", "bayside"),
        ("312-2555 alder drive", ("2555",), "alder drive", "312", None),
        ("#110 532 West Alder", ("532",), "west alder", "110", None),
        ("Unit 102 -1626 West 2nd Ave", ("1626",), "west 2nd avenue", "102", None),
        ("201 City Square, 555 W 12th Av", ("555",), "west 12th avenue", "201 city square", None),
        ("2400/2420 Alder Way", ("2400", "2420"), "alder way", None, None),
        ("12 Alder St. North Bayside", ("12",), "alder street", None, "north bayside"),
        ("12 Alder St, North Bayside City, BC V5T 3E5", ("12",), "alder street", None,
         "north bayside"),
        ("797 W 16 Ave", ("797",), "west 16th avenue", None, None),
    ],
)  # fmt: skip
def test_the_parts_of_an_address_are_told_apart(text, numbers, street, unit, town):
    written = take_apart(text, TOWNS)
    assert (written.numbers, written.street, written.unit, written.town) == (
        numbers, street, unit, town,
    )  # fmt: skip


def test_two_numbers_close_together_are_a_building():
    assert take_apart("2801-2831 Oak Street").is_range
    assert not take_apart("2800-2831 Oak Street").is_range


@pytest.mark.parametrize("text", ["", "Alder Clinic", "the place from last week", "Alder Street"])
def test_without_a_house_number_there_is_no_address(text: str):
    assert take_apart(text) is None


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("W. 4th Ave.", "west 4th avenue"),
        ("29th Avenue East", "east 29th avenue"),
        ("St Catherines St", "saint catherines street"),
        ("Fourth Avenue", "4th avenue"),
        ("SW Marine Drive", "southwest marine drive"),
        ("East Kent Avenue South", "east kent avenue south"),
        ("East Mall", "east mall"),
    ],
)
def test_a_street_has_one_spelling(text: str, key: str):
    assert street_key(text) == key


def test_province_and_city_are_no_part_of_a_towns_name():
    assert town_key("North Vancouver City, B.C.".replace("B.C.", "BC")) == "north vancouver"
