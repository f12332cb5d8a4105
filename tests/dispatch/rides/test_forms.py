"""What may be typed into a request, and which sentence answers what cannot be."""

from datetime import date, time, timedelta

import pytest
from werkzeug.datastructures import MultiDict

from dispatch.i18n import speaking
from dispatch.rides import forms
from dispatch.rides.models import Anchor, Leg, Purpose, ReturnKind
from tests.build import TEN, a_family, a_group, a_home, a_public_place, a_request, a_ride
from tests.dispatch.rides.asked import RIDE_FORM, somewhere

TYPED = {
    "family": "F118",
    **RIDE_FORM,
}
DAY_LIKE = "Write the day as year-month-day: 2027-03-09."
TIME_LIKE = "Write the time as hours and minutes: 08:30."


def _errors(**changes):
    typed, errors = forms.parse(MultiDict({**TYPED, **changes}))
    assert (typed is None) == bool(errors)
    return errors


def _asked(**changes):
    """What is asked for once the places are found."""
    typed, errors = forms.parse(MultiDict({**TYPED, **changes}))
    assert errors == {}
    return typed.asked(pickup=somewhere("Home"), dropoff=somewhere())


def test_a_request_is_taken_as_typed():
    typed, _none = forms.parse(MultiDict(TYPED))
    assert (typed.family, typed.pickup, typed.dropoff) == ("F118", "home", "Lakeview Clinic")
    asked = _asked(booster="1", wheelchair="1", language="es", notes=" Ring twice. ")
    assert (asked.anchor, asked.on, asked.at) == (Anchor.ARRIVE_BY, date(2027, 3, 9), time(10, 30))
    assert (asked.flexible_minutes, asked.adults, asked.children) == (15, 1, 1)
    assert (asked.child_seats, asked.wheelchair) == ({"booster": 1}, True)
    assert (asked.language, asked.purpose, asked.notes) == ("es", Purpose.MEDICAL, "Ring twice.")


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"family": ""}, "family", "Give the family's number."),
        ({"family": "F" * 13}, "family", "At most 12 characters; this is one too many."),
        ({"pickup": " "}, "pickup", "Where do they get in?"),
        ({"dropoff": ""}, "dropoff", "Where do they want to go?"),
        ({"dropoff": "x" * 10_000}, "dropoff",
         "At most 120 characters; these are 9880 too many."),
        ({"anchor": "noon"}, "anchor", "Is it the arrival or the departure?"),
        ({"day": ""}, "day", "On which day?"),
        ({"day": "9 March"}, "day", DAY_LIKE),
        ({"day": "2027-02-29"}, "day", DAY_LIKE),
        ({"time": ""}, "time", "At what time?"),
        ({"time": "24:00"}, "time", TIME_LIKE),
        ({"time": "ten"}, "time", TIME_LIKE),
        ({"flexible": "241"}, "flexible", "Write a whole number from 0 to 240."),
        ({"return": "maybe"}, "return", "How do they come back?"),
        ({"return": "fixed"}, "back", "At what time do they leave again?"),
        ({"return": "fixed", "back": "12"}, "back", TIME_LIKE),
        ({"return": "fixed", "back": "12:00", "back_flexible": "-5"}, "back_flexible",
         "Write a whole number from 0 to 240."),
        ({"return": "wait", "wait": "4"}, "wait", "Write a whole number from 5 to 240."),
        ({"weekdays": "1"}, "until", "Until when? Give the last day of the series."),
        ({"until": "2027-04-01"}, "weekdays",
         "On which weekdays? Or leave the last day empty."),
        ({"weekdays": "1", "until": "2027-04-01", "except_on": "16.3."}, "except_on", DAY_LIKE),
        ({"adults": "21"}, "adults", "Write a whole number from 0 to 20."),
        ({"children": "one"}, "children", "Write a whole number from 0 to 20."),
        ({"infant": "10"}, "infant", "Write a whole number from 0 to 9."),
        ({"language": "Spanish"}, "language", "Choose a language."),
        ({"purpose": "asylum"}, "purpose", "Choose a purpose, as coarse as it is."),
        ({"notes": "x" * 10_000}, "notes",
         "At most 1000 characters; these are 9000 too many."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_answered_beside_its_field(wrong, field, sentence):
    assert _errors(**wrong) == {field: sentence}


def test_everything_wrong_is_told_at_once_and_every_field_has_a_label():
    _typed, errors = forms.parse(MultiDict())
    assert set(errors) == {
        "family", "pickup", "dropoff", "anchor", "day", "time", "return", "purpose",
    }  # fmt: skip
    assert set(errors) < set(forms.LABELS)


@pytest.mark.parametrize("text", ["🦽 Ring twice\nthen wait", "‏الباب الجانبي", "Señora Núñez"])
def test_emoji_and_text_from_right_to_left_are_kept(text):
    assert _asked(notes=text).notes == text
    assert forms.parse(MultiDict({**TYPED, "dropoff": "مركز"}))[0].dropoff == "مركز"


def test_of_the_way_back_only_the_chosen_kind_is_read():
    unread = {"back": "late", "back_flexible": "x", "wait": "x"}
    assert _asked(**unread).return_kind is ReturnKind.NONE
    assert _asked(**{**unread, "return": "will_call"}).return_kind is ReturnKind.WILL_CALL
    fixed = _asked(**{"return": "fixed", "back": "12:00", "back_flexible": "30", "wait": "x"})
    assert (fixed.return_at, fixed.return_flexible_minutes) == (time(12), 30)
    waiting = _asked(**{"return": "wait", "wait": "", "back": "late"})
    assert waiting.wait_minutes == forms.USUAL_WAIT


def test_a_series_has_its_weekdays_last_day_and_exceptions():
    asked = _asked(
        weekdays=["1", "3", "8", "x"], until="2027-04-01", except_on=["2027-03-16", " ", ""]
    )
    assert (asked.weekdays, asked.until) == ({1, 3}, date(2027, 4, 1))
    assert asked.except_on == {date(2027, 3, 16)}
    assert _asked(except_on=["16.3."]).except_on == frozenset()


@pytest.mark.parametrize("token", ["", "short", "x" * 65, "a token with blanks", "x" * 20 + "\n"])
def test_what_is_no_token_of_ours_is_none(token):
    assert forms.token_of({"form_token": token}) is None
    assert forms.token_of({}) is None


def test_a_token_of_ours_is_taken():
    assert forms.token_of({"form_token": "a-token_of-this-form"}) == "a-token_of-this-form"


def test_the_form_begins_with_what_the_family_needs(session):
    group = a_group(session)
    family = a_family(session, group, number="F118", children=2, child_seats={"booster": 2})
    values = forms.of_family(family)
    assert (values["family"], values["pickup"], values["language"]) == ("F118", "Home", "")
    assert (values["children"], values["booster"], values["infant"]) == (2, 2, 0)
    family.needs_language = True
    assert forms.of_family(family)["language"] == "es"


def test_the_word_for_home_is_that_of_the_page_and_a_meeting_point_has_its_name(session):
    group = a_group(session)
    family = a_family(session, group)
    with speaking("es"):
        assert forms.home_word(family) == forms.home_word(None) != "Home"
    family.place = a_public_place(session, group, "Mill Hill library")
    assert forms.home_word(family) == "Mill Hill library"


def test_a_ride_is_asked_for_again_with_its_times_but_no_day(session):
    group = a_group(session)
    family = a_family(session, group)
    request = a_request(session, family, return_kind=ReturnKind.FIXED)
    ride = a_ride(session, group, family=family, request=request)
    a_ride(
        session,
        group,
        family=family,
        request=request,
        leg=Leg.RETURN,
        outbound=ride,
        anchor=Anchor.LEAVE_AT,
        pickup_place=ride.dropoff_place,
        dropoff_place=family.place,
        window_starts_at=TEN + timedelta(hours=2),
        window_ends_at=TEN + timedelta(hours=3),
    )
    session.refresh(ride)
    values = forms.of_ride(ride, family, group)
    assert (values["pickup"], values["dropoff"]) == ("Home", "Lakeview Clinic")
    assert (values["time"], values["flexible"], values["back"]) == ("10:00", 30, "12:00")
    assert "day" not in values
    again = MultiDict({**TYPED, **{name: str(value) for name, value in values.items()}})
    again["wheelchair"] = ""
    assert forms.parse(again)[1] == {}


def test_a_ride_from_a_home_that_was_left_is_asked_for_from_where_the_family_is(session):
    group = a_group(session)
    ride = a_ride(session, group)
    ride.family.place = a_home(session, group, ride.family.uid, line="9 Elm Ct")
    assert forms.of_ride(ride, ride.family, group)["pickup"] == "Home"
    ride.family.place = a_public_place(session, group, "Mill Hill Library")
    assert forms.of_ride(ride, ride.family, group)["pickup"] == "Mill Hill Library"


def test_a_departure_is_asked_for_again_at_its_earliest(session):
    group = a_group(session)
    ride = a_ride(session, group, anchor=Anchor.LEAVE_AT)
    assert forms.of_ride(ride, ride.family, group)["time"] == "09:30"


def test_a_new_form_begins_with_what_the_group_finds_usual(session):
    group = a_group(session, flexible_minutes=20)
    assert forms.empty(group)["flexible"] == 20
    assert [minutes for minutes, _said in forms.minutes_to_choose(20)] == [0, 15, 20, 30, 60]
    assert len(forms.minutes_to_choose("")) == len(forms.minutes_to_choose(30)) == 4


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "0 min"), (45, "45 min"), (60, "1 h"), (90, "1 h 30 min")]
)
def test_minutes_are_said_as_people_say_them(minutes, said):
    assert forms.say_minutes(minutes) == said


def test_a_driver_can_be_asked_to_wait_as_long_as_a_form_takes():
    for minutes, _said in forms.waits_to_choose():
        assert _asked(**{"return": "wait", "wait": str(minutes)}).wait_minutes == minutes
