"""What may be typed about a driver, and which sentence answers what cannot be."""

from datetime import date
from uuid import UUID

import pytest
from werkzeug.datastructures import MultiDict

from dispatch.drivers import forms
from dispatch.drivers.facts import OwnAddress, Stays
from dispatch.drivers.models import CredentialKind, Driver, DriverState
from dispatch.places.sealed import Address

TYPED = {
    "number": "d07",
    "car": "red Fiat",
    "seats": "4",
    "languages": ["en", "es"],
    "start": "own",
    "start-line": "5 Quay St",
    "start-lat": "49.2751",
    "start-lon": "-123.1003",
    "end": "same",
}
STORED = Driver(number="D07", state=DriverState.PAUSED)
PERSON = {"name": "Yusuf", "email": "yusuf@example.org", "language": "en"}
PLACE = UUID("00000000-0000-0000-0000-000000000007")


def _parsed(stored=None, *, is_own=False, uses_miles=False, **changes):
    form = MultiDict({**TYPED, **changes})
    return forms.parse(form, stored, is_own=is_own, uses_miles=uses_miles)


def test_a_driver_is_taken_as_typed():
    typed, errors = _parsed(booster="2", wheelchair="1", max_drive_minutes="90")
    assert errors == {}
    facts = typed.facts
    assert (facts.number, facts.state, facts.seats) == ("D07", DriverState.ACTIVE, 4)
    assert (facts.child_seats, facts.wheelchair) == ({"booster": 2}, True)
    assert (facts.languages, facts.max_drive_minutes) == (("en", "es"), 90)
    assert facts.start == OwnAddress(Address("5 Quay St"), (49.2751, -123.1003))
    assert facts.end is Stays.AT_START


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"number": ""}, "number", "Write the driver's number."),
        ({"seats": "0"}, "seats", "Write a whole number from 1 to 20."),
        ({"seats": "many"}, "seats", "Write a whole number from 1 to 20."),
        ({"seats": "1", "booster": "2"}, "seats", "There are more child seats than seats."),
        ({"booster": "-1"}, "booster", "Write a whole number from 0 to 9."),
        ({"languages": []}, "languages", "Choose at least one language."),
        ({"languages": ["<b>", "english"]}, "languages", "Choose at least one language."),
        ({"max_drive_minutes": "9"}, "max_drive_minutes", "Write a whole number from 10 to 1440."),
        ({"max_rides_week": "0"}, "max_rides_week", "Write a whole number from 1 to 200."),
        ({"max_distance": "1001"}, "max_distance", "Write a whole number from 1 to 1000."),
        ({"car": "x" * 61}, "car", "At most 60 characters; this is one too many."),
        ({"start": ""}, "start", "Choose where the driver starts."),
        ({"start": "keep"}, "start", "Choose where the driver starts."),
        ({"start": "same"}, "start", "Choose where the driver starts."),
        ({"end": "moon"}, "end", "Choose where the day ends."),
        ({"start-line": " "}, "start-line", "Write the number and the street."),
        ({"start-lat": "north"}, "start-lat", "Write it in degrees: 49.2711."),
        ({"end": "public"}, "end-place", "Choose a place."),
        ({"start": "public", "start-place": "x"}, "start-place", "Choose a place."),
    ],
)
def test_what_cannot_be_is_answered_beside_its_field(wrong, field, sentence):
    assert _parsed(**wrong) == (None, {field: sentence})


def test_everything_wrong_is_told_at_once():
    _typed, errors = forms.parse(MultiDict(), None, is_own=False, uses_miles=False)
    assert set(errors) == {"number", "languages", "start"}


@pytest.mark.parametrize("car", ["🚐 minibus", "סוברו כחולה", "Škoda"])
def test_a_car_may_be_described_in_any_script(car):
    assert _parsed(car=car)[0].facts.car == car


def test_a_public_place_is_a_start_or_an_end_by_its_id():
    typed, errors = _parsed(**{"start": "public", "start-place": str(PLACE), "end": ""})
    assert (typed.public_start, typed.public_end, errors) == (PLACE, None, {})
    assert typed.facts.start is Stays.AS_STORED


def test_only_a_driver_who_is_known_can_be_paused_and_stay_where_he_starts():
    assert _parsed(state="paused")[0].facts.state is DriverState.ACTIVE
    typed, errors = _parsed(STORED, state="paused", start="keep", end="keep", version="3")
    assert errors == {}
    assert (typed.facts.state, typed.seen_version) == (DriverState.PAUSED, 3)
    assert typed.facts.start is typed.facts.end is Stays.AS_STORED
    _typed, errors = _parsed(STORED, state="asleep")
    assert errors == {"state": "Choose whether the driver is asked."}


def test_drivers_change_neither_their_number_nor_their_places():
    changes = {"number": "D99", "state": "active", "start": "public", "start-place": str(PLACE)}
    typed, errors = _parsed(STORED, is_own=True, **changes)
    assert (typed.facts.number, typed.public_start, errors) == ("D07", None, {})
    assert typed.facts.start is Stays.AS_STORED


def test_miles_are_kept_as_kilometres():
    assert _parsed(max_distance="10", uses_miles=True)[0].facts.max_distance_km == 16
    assert _parsed(max_distance="10")[0].facts.max_distance_km == 10
    assert _parsed(max_distance="")[0].facts.max_distance_km is None


@pytest.mark.parametrize("email", ["yusuf", "yusuf@", "@example.org", "y@org", "y u@example.org"])
def test_what_is_no_whole_address_is_no_invitation(email):
    invited, errors = forms.parse_invited({**PERSON, "email": email})
    assert invited is None
    assert errors == {"email": "This is not a whole e-mail address: name@example.org."}


def test_an_invitation_needs_name_address_and_language():
    assert forms.parse_invited(PERSON) == (forms.Invited(*PERSON.values()), {})
    assert set(forms.parse_invited({})[1]) == {"name", "email", "language"}
    assert list(forms.parse_invited({**PERSON, "name": "x" * 81})[1]) == ["name"]


def test_a_paper_has_a_kind_and_a_last_day():
    paper = {"kind": "licence", "expires_on": "2028-01-31"}
    assert forms.parse_paper(paper) == ((CredentialKind.LICENCE, date(2028, 1, 31)), {})
    assert forms.parse_paper({}) == (
        None,
        {
            "kind": "Choose which paper it is.",
            "expires_on": "Write the last day on which it is good.",
        },
    )
    for year in ("0208", "2208"):
        _paper, errors = forms.parse_paper({**paper, "expires_on": f"{year}-01-31"})
        assert errors == {"expires_on": "Look at the year again."}


def test_hours_are_minutes_of_the_day_and_midnight_is_its_end():
    form = {"from-0": "08:30", "to-0": "12:00", "from-1": "", "to-1": "", "from-2": "18:00"}
    assert forms.parse_ranges({**form, "to-2": "00:00"}) == ([(510, 720), (1080, 1440)], {})


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        (("", "12:00"), "from-0", "Write from when."),
        (("08:00", ""), "to-0", "Write until when."),
        (("12:00", "08:00"), "to-0", "The end has to be later than the start."),
        (("08:00", "08:00"), "to-0", "The end has to be later than the start."),
        (("8 o'clock", "12:00"), "from-0", "Write the time as hours and minutes: 08:30."),
        (("24:00", "24:00"), "from-0", "Write the time as hours and minutes: 08:30."),
    ],
)
def test_hours_that_cannot_be_are_answered_beside_their_field(typed, field, sentence):
    ranges, errors = forms.parse_ranges({"from-0": typed[0], "to-0": typed[1]})
    assert (ranges, errors) == ([], {field: sentence})


def test_hours_may_touch_and_not_overlap():
    form = {"from-0": "08:00", "to-0": "12:00", "from-1": "12:00", "to-1": "13:00"}
    assert forms.parse_ranges(form)[1] == {}
    _ranges, errors = forms.parse_ranges({**form, "from-1": "11:59"})
    assert errors == {"from-1": "These hours overlap those before."}


def test_no_form_has_more_rows_of_hours_than_fit_a_day():
    form = {f"{end}-{row}": f"{row % 24:02d}:{half}" for row in range(24)
            for end, half in (("from", "00"), ("to", "30"))}  # fmt: skip
    assert len(forms.parse_ranges(form)[0]) == 12


def test_hours_read_back_as_they_were_written():
    ranges = [(510, 720), (1080, 1440)]
    values = forms.ranges_as_values(ranges, "w3-")
    assert values["w3-to-1"] == "00:00"
    assert forms.parse_ranges(values, "w3-") == (ranges, {})
    assert forms.parse_week(values)[0] == {day: ranges if day == 3 else [] for day in range(7)}


def test_a_week_with_one_wrong_day_is_not_taken():
    week, errors = forms.parse_week({"w0-from-0": "08:00", "w6-from-0": "late"})
    assert week is None
    assert set(errors) == {"w0-to-0", "w6-from-0"}


def test_a_day_needs_hours_only_where_they_are_its_own():
    day = {"day": "2027-03-09"}
    for repeat in (forms.Repeat.EVERY, forms.Repeat.AS_WEEK, forms.Repeat.OFF):
        found, errors = forms.parse_day(MultiDict({**day, "repeat": repeat.value}))
        assert (found, errors) == (forms.DayTimes(date(2027, 3, 9), repeat, [], []), {})
    only = MultiDict({**day, "repeat": "only"})
    assert forms.parse_day(only) == (None, {"from-0": "Write from when."})
    assert forms.parse_day(MultiDict()) == (
        None,
        {"day": "Choose a day.", "repeat": "Choose for which days it is meant."},
    )


def test_hours_are_copied_to_weekdays_that_there_are():
    said = MultiDict({"day": "2027-03-09", "repeat": "every"})
    said.setlist("also", ["0", "6", "7", "Monday"])
    assert forms.parse_day(said)[0].also == [0, 6]


def test_one_day_away_needs_no_last_day_and_none_ends_before_it_begins():
    assert forms.parse_away({"first_on": "2027-03-09"})[0] == (date(2027, 3, 9),) * 2
    _days, errors = forms.parse_away({"first_on": "2027-03-09", "last_on": "2027-03-08"})
    assert errors == {"last_on": "The last day is before the first."}
    assert forms.parse_away({}) == (None, {"first_on": "Write the first day."})


@pytest.mark.parametrize(
    ("typed", "version"), [("3", 3), ("0", 0), ("", -1), ("26141c88-eb04", -1)]
)
def test_a_form_without_a_version_is_stale(typed, version):
    assert forms.seen_version({"version": typed}) == version
