"""What people typed, found among what is known."""

import pytest

from dispatch.imports.reading.addresses import AddressBook, Match, SeveralBranches
from dispatch.imports.reading.known import Point
from dispatch.imports.reading.outcome import NoteKind, Unreadable
from tests.dispatch.imports.reading.sheets import a_book, a_place, an_address


def _refusal(book: AddressBook, typed: str) -> str:
    with pytest.raises(Unreadable) as refusal:
        book.find(typed)
    return refusal.value.sentence


def test_an_address_is_found_with_its_unit_kept():
    found = a_book().find("12 ALDER st., apt 4b")
    assert (found.match, found.label, found.unit) == (Match.EXACT, "12 Alder Street, Bayside", "4B")
    assert found.point == Point(49.25, -123.1)


@pytest.mark.parametrize("typed", ["12 Adler Street", "12 Alde rStreet", "12 Alder Steret"])
def test_a_slip_of_the_keys_is_mended_and_told(typed: str):
    found = a_book().find(typed)
    assert (found.match, found.label) == (Match.CORRECTED, "12 Alder Street, Bayside")
    assert [note.kind for note in found.notes] == [NoteKind.CORRECTED]


def test_a_house_number_is_never_changed():
    assert _refusal(a_book(), "13 Alder Street") == (
        "No house 13 on Alder Street is known; check the address or add the place."
    )


def test_an_unknown_street_is_named_in_the_sentence():
    assert _refusal(a_book(), "99999 Nowhere Street") == (
        "No house 99999 on Nowhere Street is known; check the address or add the place."
    )


def test_a_numbered_street_is_never_taken_for_its_neighbour():
    book = a_book(an_address("20", "West 13th Avenue"))
    assert "No house" in _refusal(book, "20 West 12th Avenue")
    assert book.find("20 Wets 13th Ave").match is Match.CORRECTED


def test_east_is_no_slip_for_west():
    book = a_book(an_address("20", "West Elm Street"))
    assert "perhaps 20 West Elm Street, Bayside is meant" in _refusal(book, "20 East Elm Street")


def test_a_drive_is_no_slip_for_a_street():
    assert "perhaps 12 Alder Street" in _refusal(a_book(), "12 Alder Drive")


def test_two_names_equally_near_are_not_chosen_between():
    book = a_book(an_address("12", "Elder Street"))
    assert "perhaps" in _refusal(book, "12 Ulder Street")


def test_a_name_without_its_type_is_completed_where_only_one_is_known():
    assert a_book().find("12 Alder").match is Match.CORRECTED
    both = a_book(an_address("40", "Alder Drive"))
    assert "perhaps 12 Alder Street" in _refusal(both, "12 Alder")


def test_one_address_in_two_towns_asks_for_the_town():
    book = a_book(an_address("12", "Alder Street", 49.35, city="North Bayside"))
    assert "Bayside, North Bayside; write the town too" in _refusal(book, "12 Alder Street")
    assert book.find("12 Alder Street, North Bayside").point.lat == 49.35
    assert book.find("12 Alder Street, Bayside").point.lat == 49.25


def test_another_town_is_not_passed_over():
    assert "perhaps" in _refusal(a_book(), "12 Alder Street, Burnaby")


def test_a_town_misspelt_in_the_list_is_the_one_it_is_near_to():
    houses = [an_address(str(n), "Elm Street") for n in range(100, 140)]
    book = a_book(*houses, an_address("99", "Elm Street", city="Bayisde"))
    assert book.find("99 Elm Street, Bayside").label == "99 Elm Street, Bayside"


def test_a_number_between_those_of_a_building_belongs_to_it():
    book = a_book(an_address("2801-2831", "Oak Street"))
    assert [note.kind for note in book.find("2811 Oak Street").notes] == [NoteKind.READ]
    assert "No house 2812" in _refusal(book, "2812 Oak Street")


def test_of_two_points_of_an_address_the_one_beside_its_neighbours_is_taken():
    rows = [an_address(str(280 + n), "Oak Street", 49.2 + n / 10_000) for n in range(-4, 5, 2)]
    book = a_book(*rows, an_address("280", "Oak Street", 49.3))
    found = book.find("280 Oak Street")
    assert found.point.lat == 49.2
    assert [note.kind for note in found.notes] == [NoteKind.CONFIRM]


def test_two_points_without_neighbours_are_not_chosen_between():
    book = a_book(an_address("280", "Oak Street", 49.2), an_address("280", "Oak Street", 49.3))
    assert "far apart" in _refusal(book, "280 Oak Street")


@pytest.mark.parametrize("typed", ["Saint Pauls Hospital", "st. paul's hospital", "SPH"])
def test_a_place_is_known_by_its_names(typed: str):
    book = a_book(a_place("St. Paul's Hospital (SPH)", kind="hospital"))
    found = book.find(typed)
    assert (found.match, found.kind) == (Match.PLACE, "hospital")


def test_a_name_with_a_slip_or_in_part_is_told():
    book = a_book(a_place("Bayside General Hospital"))
    for typed in ("Baysied General Hospital", "General Hospital"):
        assert [note.kind for note in book.find(typed).notes] == [NoteKind.CORRECTED]


def test_a_part_of_several_names_is_refused_with_them():
    book = a_book(a_place("Broadway Medical Building"), a_place("Broadway Medical Dental"))
    said = _refusal(book, "Broadway Medical")
    assert "could be Broadway Medical Building, Broadway Medical Dental" in said


def test_a_chain_is_the_branch_nearest_to_home():
    book = a_book(a_place("No Frills", 49.1), a_place("nofrills", 49.27), a_place("NoFrills", 49.4))
    found = book.find("no frills", near=Point(49.25, -123.1))
    assert (found.match, found.point.lat) == (Match.NEAREST_BRANCH, 49.27)
    assert [note.sentence for note in found.notes] == ["The nearest of 3 places called nofrills."]


def test_a_chain_without_a_home_is_refused():
    book = a_book(a_place("No Frills", 49.1), a_place("No Frills", 49.27))
    with pytest.raises(SeveralBranches):
        book.find("No Frills")


def test_a_place_that_begins_like_an_address_is_a_place():
    book = a_book(a_place("88 Supermarket"))
    assert book.find("88 Supermarket").match is Match.PLACE
    assert book.find("88 Supermarkt").match is Match.PLACE


def test_an_unknown_place_is_refused():
    assert "No place called the place from last week" in _refusal(
        a_book(), "the place from last week"
    )


def test_what_was_found_keeps_the_home_out_of_its_repr():
    found = a_book().find("12 Adler Street, apt 4b")
    assert not {"Alder", "Adler", "49.25", "4B"} & set(repr(found).replace("'", " ").split())
    assert "Alder" not in repr(found)
