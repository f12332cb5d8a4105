"""The form in which coordinators enter what families ask for."""

import re
from datetime import date

import pytest

from dispatch.db.transactions import vault_of
from dispatch.people.models import Group
from tests.build import a_family
from tests.dispatch.rides.views.desk import ASKED, error, text

PHONE = "604-555-0117"
"""From which a family writes."""


def field(page, name):
    """The value of an input of the form."""
    return re.search(rf'name="{name}"[^>]* value="([^"]*)"', page)[1]


def test_the_form_is_filled_in_for_a_family(desk):
    page = text(desk.client.get(f"/requests/new?family={desk.family.uid}"))
    assert field(page, "family") == desk.family.number
    assert (field(page, "pickup"), field(page, "adults"), field(page, "children")) == (
        "Home",
        "1",
        "1",
    )


def test_without_script_a_button_fills_the_form_in_and_keeps_what_was_typed(desk):
    answer = desk.ask(use="1", adults="", dropoff="Riverside School")
    page = text(answer)
    assert answer.status_code == 200
    assert (field(page, "adults"), field(page, "dropoff")) == ("1", "Riverside School")
    assert desk.rides() == []


def test_an_earlier_ride_is_asked_for_again_on_the_same_weekday(desk):
    desk.ask(**{"return": "fixed", "back": "12:15", "day": "2027-03-09"})
    out = desk.rides()[0]
    page = text(desk.client.get(f"/requests/new?family={desk.family.number}&repeat={out.uid}"))
    assert field(page, "dropoff") == "Lakeview Clinic"
    assert (field(page, "time"), field(page, "back"), field(page, "day")) == (
        "10:30",
        "12:15",
        "2027-03-09",
    )


def test_a_form_sent_twice_makes_one_request(desk):
    assert desk.ask().location == desk.ask().location
    assert len(desk.rides()) == 1


def test_a_form_sent_again_with_other_content_is_told_and_can_be_sent_anew(desk):
    desk.ask()
    answer = desk.ask(day="2027-03-10")
    page = text(answer)
    assert answer.status_code == 422
    assert "This form was sent before, as another request." in page
    assert field(page, "form_token") != ASKED["form_token"]


@pytest.mark.parametrize(
    ("changes", "name", "sentence"),
    [
        ({"family": "F999"}, "family", "No family has this number."),
        ({"family": ""}, "family", "Give the family's number."),
        ({"day": "2027-03-01"}, "day", "1 March 2027 is over. Choose a day from today on."),
        ({"day": "soon"}, "day", "Write the day as year-month-day: 2027-03-09."),
        ({"day": ""}, "day", "On which day?"),
        ({"time": "10:71"}, "time", "Write the time as hours and minutes: 08:30."),
        ({"time": ""}, "time", "At what time?"),
        (
            {"dropoff": "Lakevew Clinc"},
            "dropoff",
            "No place is called “Lakevew Clinc”. Did you mean Lakeview Clinic?",
        ),
        ({"dropoff": "Zzyzx"}, "dropoff", "No place is called “Zzyzx”."),
        ({"dropoff": ""}, "dropoff", "Where do they want to go?"),
        ({"dropoff": "Home"}, "dropoff", "Pickup and drop-off are the same place."),
        ({"purpose": "asylum"}, "purpose", "Choose a purpose, as coarse as it is."),
        (
            {"return": "fixed", "back": "10:15"},
            "back",
            "10:15 is before they arrive at 10:30. Did you mean 11:15?",
        ),
        (
            {"adults": "7", "children": "2"},
            "adults",
            "9 riders fit into no car: the largest takes 6. Enter two requests.",
        ),
        ({"adults": "many"}, "adults", "Write a whole number from 0 to 20."),
        ({"booster": "2"}, "seats", "These are more child seats than children."),
        (
            {"notes": "a" * 10_000},
            "notes",
            "At most 1000 characters; these are 9000 too many.",
        ),
        ({"weekdays": "1"}, "until", "Until when? Give the last day of the series."),
        (
            {"until": "2027-04-01"},
            "weekdays",
            "On which weekdays? Or leave the last day empty.",
        ),
        (
            {"weekdays": "1", "until": "2027-03-01"},
            "until",
            "The series ends before it begins, on 9 March 2027.",
        ),
        (
            {"weekdays": "1", "until": "2027-03-30", "except_on": "16.3."},
            "except_on",
            "Write the day as year-month-day: 2027-03-09.",
        ),
    ],
)
def test_bad_input_is_answered_beside_its_field_and_what_was_typed_stays(
    desk, changes, name, sentence
):
    answer = desk.ask(**changes)
    page = text(answer)
    assert answer.status_code == 422
    assert error(page, name) == sentence
    assert field(page, "booster") == changes.get("booster", "1")
    assert desk.rides() == []


def test_everything_wrong_is_told_at_once(desk):
    page = text(desk.ask(dropoff="Zzyzx", adults="9", **{"return": "fixed", "back": "9:00"}))
    assert error(page, "dropoff")
    assert error(page, "adults")
    assert error(page, "back")


def test_emoji_and_writing_from_right_to_left_are_kept(desk):
    note = "عربة أطفال 🚗"
    request = desk.ask(notes=note, **{"return": "will_call"})
    page = text(desk.client.get(request.location))
    assert note not in page
    shown = desk.client.post(f"{request.location}/note", headers={"HX-Request": "true"})
    assert note in text(shown)
    assert note in text(desk.client.post(f"{request.location}/note"))


def test_a_note_that_looks_wrong_is_saved_and_warned_of(desk):
    answer = desk.ask(notes="Case A-2041-77")
    assert answer.status_code == 303
    assert "better not written down" in text(desk.client.get(answer.location))


def test_a_series_skips_its_exceptions(desk):
    desk.client.post(
        "/requests/new",
        data={"family": desk.family.number}
        | ASKED
        | {"weekdays": ["1", "3"], "until": "2027-03-18", "except_on": ["2027-03-11", ""]},
    )
    assert [ride.service_on for ride in desk.rides()] == [
        date(2027, 3, 9),
        date(2027, 3, 16),
        date(2027, 3, 18),
    ]


def test_the_same_family_can_ask_again_at_once(desk):
    assert desk.ask(next="1").location == f"/requests/new?family={desk.family.uid}"


def test_a_pasted_message_fills_the_form_in_and_is_stored_nowhere(desk):
    wrote = (
        f"{desk.family.number.lower()}: Thursday March 11 at 10:30 to lakeview clinic, home at 12"
    )
    answer = desk.client.post(
        "/requests/new", data={"read": "1", "message": f"{desk.family.number.lower()}: {wrote}"}
    )
    page = text(answer)
    assert answer.status_code == 200
    filled = {name: field(page, name) for name in ("family", "pickup", "dropoff", "day", "time")}
    assert filled == {
        "family": desk.family.number,
        "pickup": "Home",
        "dropoff": "Lakeview Clinic",
        "day": "2027-03-11",
        "time": "10:30",
    }
    assert field(page, "back") == "12:00"
    assert "Lakeview Clinic · Thursday 11 March · arrive by 10:30 · back at 12:00" in page
    assert "Please check" not in page
    assert answer.headers["Cache-Control"] == "no-store"
    assert desk.rides() == []


def test_a_message_changes_nothing_of_which_it_does_not_speak(desk):
    answer = desk.ask(read="1", message="mañana a las 2", dropoff="Riverside School")
    page = text(answer)
    assert (field(page, "dropoff"), field(page, "time")) == ("Riverside School", "14:00")
    assert "Please check: whether the time is before or after noon." in page
    assert desk.rides() == []


def test_a_family_is_known_by_the_phone_it_wrote_from(desk):
    def known_by_phone(family):
        vault_of(session).remember("phone", PHONE, family.uid, desk.group.uid)

    def found():
        sent = {"read": "1", "message": f"{PHONE}: tomorrow at 9"}
        return field(text(desk.client.post("/requests/new", data=sent)), "family")

    with desk.database.transaction() as session:
        known_by_phone(desk.family)
    assert found() == desk.family.number
    with desk.database.transaction() as session:
        known_by_phone(a_family(session, session.get_one(Group, desk.group.id)))
    assert found() == ""


def test_a_message_that_says_nothing_is_told(desk):
    page = text(desk.client.post("/requests/new", data={"read": "1", "message": "thanks!"}))
    assert "Nothing in it says where or when." in page
