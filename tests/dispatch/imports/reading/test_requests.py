"""Rows of requests: taken, or refused with all that is to be mended."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.imports.reading.outcome import NoteKind, Refused, Taken
from dispatch.rides.models import Purpose, ReturnKind
from tests.dispatch.imports.reading import sheets
from tests.dispatch.imports.reading.sheets import a_book, a_place, notes, requests, sentences

BOOK = a_book()


def test_a_plain_row_is_taken_without_a_note():
    (outcome,) = requests({})
    request = outcome.value
    assert outcome.notes == ()
    assert request.appointment_at == datetime(2027, 3, 9, 18, 0, tzinfo=UTC)
    assert request.return_at == datetime(2027, 3, 9, 20, 0, tzinfo=UTC)
    assert (request.return_kind, request.purpose) == (ReturnKind.FIXED, Purpose.MEDICAL)
    assert (request.language, request.party.riders) == ("es", 1)


def test_times_are_right_on_both_sides_of_the_change_of_clocks():
    before, after = requests({"Date": "2027-03-13"}, {"Date": "2027-03-14"})
    assert before.value.appointment_at.hour == 18
    assert after.value.appointment_at.hour == 17


def test_an_hour_the_clocks_leap_over_is_refused():
    (outcome,) = requests({"Date": "2027-03-14", "Appointment": "02:30"})
    assert "the clocks go forward" in sentences(outcome)[0]


def test_all_problems_of_a_row_are_told_at_once_with_their_columns():
    (outcome,) = requests({"Appointment": "25:70", "Home": "", "Family": "", "Adults": "x"})
    assert {problem.column for problem in outcome.problems} == {
        "Appointment", "Home", "Family", "Adults",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"Date": "2027-02-28"}, "is past"),
        ({"Date": "2027-02-30"}, "not in the calendar"),
        ({"Adults": "14", "Kids": "3"}, "17 riders are more than any car takes (8)"),
        ({"Adults": "0"}, "Nobody rides"),
        ({"Back": "9:00"}, "not after the appointment"),
        ({"To": "the place from last week"}, "No place called"),
        ({"To": "12 Alder St"}, "end where it begins"),
        ({"Phone": "call Ana"}, "not a phone number"),
        ({"Note": "x" * 10_000}, "10000 characters"),
        ({"Home": "x" * 300}, "300 characters"),
        ({"Car seats": "yes"}, "which child seats"),
        ({"Family": "F" * 13}, "no family's number"),
        ({"Language": "Spansih"}, "not a language"),
    ],
)
def test_a_row_that_cannot_be_driven_says_what_to_mend(change: dict[str, str], said: str):
    (outcome,) = requests(change)
    assert len(sentences(outcome)) == 1
    assert said in sentences(outcome)[0]


def test_a_repeated_row_names_the_first():
    _first, _other, again = requests({}, {"Family": "F002"}, {"Contact": " ANA "})
    assert sentences(again) == ["The same as row 2; remove one of the two."]


def test_the_same_ride_in_other_words_is_refused():
    _first, again = requests({}, {"Appointment": "10 am", "Note": "second time"})
    assert "same ride in other words" in sentences(again)[0]


def test_two_places_within_the_hour_are_to_be_confirmed():
    book = a_book(a_place("Elm School", 49.3))
    _first, second = requests({}, {"To": "Elm School", "Appointment": "10:30"}, book=book)
    assert [note.kind for note in second.notes] == [NoteKind.CONFIRM]


def test_a_family_with_two_homes_is_refused():
    _first, second = requests({}, {"Date": "2027-03-10", "Home": "14 Alder Street"})
    assert "another home in row 2" in sentences(second)[0]


def test_a_family_with_two_contacts_is_to_be_confirmed():
    _first, second = requests({}, {"Date": "2027-03-10", "Contact": "Luz"})
    assert notes(second) == ["Row 2 has another contact for this family."]


def test_a_unit_left_out_is_the_one_of_the_familys_other_row():
    first, second = requests({}, {"Date": "2027-03-10", "Home": "12 Alder St #7"})
    assert (first.value.home.unit, second.value.home.unit) == ("7", "7")
    assert notes(first) == ["Unit 7 taken from row 3."]


def test_two_units_of_one_house_are_two_homes():
    _first, second = requests(
        {"Home": "12 Alder St #7"}, {"Date": "2027-03-10", "Home": "12 Alder St #8"}
    )
    assert isinstance(second, Refused)


def test_a_branch_is_not_asked_for_where_the_home_is_the_problem():
    book = a_book(a_place("No Frills", 49.3), a_place("No Frills", 49.4))
    (outcome,) = requests({"Home": "", "To": "No Frills"}, book=book)
    assert [problem.column for problem in outcome.problems] == ["Home"]


def test_a_meeting_point_may_stand_for_the_home():
    (outcome,) = requests({"Home": "Alder Clinic", "To": "14 Alder Street"})
    assert outcome.value.home.kind == "clinic"


def test_a_comma_outside_quotation_marks_is_refused():
    data = sheets.a_csv([sheets.REQUEST]).replace(b"Alder Street,", b"Alder Street, apt 4,")
    data = data.replace(b",medical,", b",medical,ring bell 3")
    table = sheets.read_table(data, sheets.REQUESTS)
    (outcome,) = sheets.read_requests(table, BOOK, zone=sheets.ZONE, today=sheets.TODAY)
    assert any("more cells than the header" in sentence for sentence in sentences(outcome))


def test_a_row_keeps_personal_things_out_of_its_repr():
    (outcome,) = requests({"Note": "ring bell 3"})
    said = repr(outcome) + repr(outcome.value)
    assert not any(word in said for word in ("Ana", "604", "Alder", "49.2", "ring"))


@given(
    st.dictionaries(
        st.sampled_from(sorted(sheets.REQUEST)),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
        | st.sampled_from(
            ["²", "٣:٠٠", "=1+1", "12 12 12", "-", "#", ",", "0", "1/1", "🚗", "Mar 99"]
        ),
        min_size=1,
    )
)
@settings(max_examples=150)
def test_whatever_is_typed_is_taken_or_refused(change: dict[str, str]):
    for outcome in requests(change, book=BOOK, today=date(2027, 3, 1)):
        assert isinstance(outcome, Taken) or sentences(outcome)
