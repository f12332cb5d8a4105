"""Who rides, on what, and why."""

import pytest

from dispatch.imports.reading.outcome import Unreadable
from dispatch.imports.reading.party import (
    SeatKindUnknown,
    read_child_seats,
    read_count,
    read_purpose,
    read_yes_no,
)
from dispatch.rides.models import Purpose


@pytest.mark.parametrize(
    ("cell", "seats"),
    [
        ("", {}), ("no", {}), ("2 boosters", {"booster": 2}), ("1 booster", {"booster": 1}),
        ("convertible", {"convertible": 1}), ("infant", {"infant": 1}),
        ("1 booster, 1 convertible", {"booster": 1, "convertible": 1}),
        ("booster seat and 2x infant", {"booster": 1, "infant": 2}),
        ("un elevador", {"booster": 1}), ("rear-facing", {"infant": 1}),
    ],
)  # fmt: skip
def test_child_seats_are_counted_by_kind(cell: str, seats: dict[str, int]):
    assert read_child_seats(cell) == seats


@pytest.mark.parametrize("cell", ["yes", "2", "car seat", "1 booster, 1 seat"])
def test_the_kind_of_a_child_seat_is_never_guessed(cell: str):
    with pytest.raises(SeatKindUnknown):
        read_child_seats(cell)


def test_an_unknown_kind_of_seat_is_refused():
    with pytest.raises(Unreadable):
        read_child_seats("2 rockets")


@pytest.mark.parametrize(
    ("cell", "number"), [("3", 3), ("3.0", 3), ("", 0), ("two", 2), ("dos", 2)]
)
def test_a_number_is_read(cell: str, number: int):
    assert read_count(cell) == number


@pytest.mark.parametrize("cell", ["-1", "1.5", "many", "99999", "1e3"])
def test_what_is_no_number_is_refused(cell: str):
    with pytest.raises(Unreadable):
        read_count(cell)


def test_an_empty_number_is_refused_where_one_is_needed():
    with pytest.raises(Unreadable):
        read_count("", blank=None)


def test_yes_and_no_are_read_and_nothing_else():
    assert [read_yes_no(cell) for cell in ("yes", "Sí", "x", "", "no")] == [True] * 3 + [False] * 2
    with pytest.raises(Unreadable):
        read_yes_no("maybe")


@pytest.mark.parametrize(
    ("cell", "purpose"),
    [
        ("medical", Purpose.MEDICAL), ("Escuela", Purpose.SCHOOL), ("court date", Purpose.LEGAL),
        ("food shopping", Purpose.FOOD), ("church", None), ("", None), ("work, school", None),
    ],
)  # fmt: skip
def test_the_purpose_stays_coarse(cell: str, purpose: Purpose | None):
    assert read_purpose(cell) is purpose
