"""What a person may type, and which sentence answers what cannot be."""

import pytest

from dispatch.people import forms
from dispatch.people.models import Role

PROFILE = {"name": "Rosa", "phone": "604-555-0117", "language": "en"}
PERSON = {"name": "Anna", "email": "anna@example.org", "language": "en", "role": "driver"}
GROUP = {
    "name": "Alder Bay Rides",
    "time_zone": "America/Vancouver",
    "language": "en",
    "desk_phone": "604-555-0100",
    "grant_before_minutes": "120",
    "grant_after_minutes": "60",
    "most_seats": "6",
    "board_minutes": "5",
    "alight_minutes": "3",
    "flexible_minutes": "30",
    "even_load_seconds": "300",
    "ride_days": "30",
    "family_days": "90",
    "message_days": "14",
    "quiet_from_hour": "21",
    "quiet_until_hour": "7",
}


def test_a_profile_is_taken_as_typed():
    profile, errors = forms.parse_profile(PROFILE)
    assert errors == {}
    assert profile == forms.Profile(name="Rosa", phone="604-555-0117", language="en")


@pytest.mark.parametrize("name", ["😀 Rosa", "مريم يوسف", "Ana-María O'Neill", "李"])
def test_a_name_may_be_in_any_script(name: str):
    profile, errors = forms.parse_profile({**PROFILE, "name": name})
    assert (profile.name, errors) == (name, {})


def test_control_characters_and_needless_space_are_left_out():
    profile, _errors = forms.parse_profile({**PROFILE, "name": "  Ro\x00sa\n\tDiaz\x1b "})
    assert profile.name == "Rosa Diaz"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", " \t"),
        ("name", "x" * 81),
        ("name", "x" * 10_000),
        ("phone", "call me"),
        ("phone", "12345"),
        ("phone", "1" * 33),
        ("language", "tlh"),
        ("language", ""),
    ],
)
def test_a_profile_that_cannot_be_names_its_field(field: str, value: str):
    profile, errors = forms.parse_profile({**PROFILE, field: value})
    assert profile is None
    assert list(errors) == [field]
    assert errors[field].endswith(".")


def test_a_phone_may_be_left_out():
    profile, errors = forms.parse_profile({**PROFILE, "phone": ""})
    assert (profile.phone, errors) == ("", {})


def test_everything_that_is_missing_is_said_at_once():
    _person, errors = forms.parse_invitation({})
    assert set(errors) == {"name", "email", "role", "language"}
    _group, errors = forms.parse_group({})
    assert {"name", "time_zone", "language", "most_seats", "board_minutes"} <= set(errors)


@pytest.mark.parametrize("email", ["anna", "anna@", "@example.org", "a b@example.org", "a@b"])
def test_what_is_no_email_address_is_refused(email: str):
    person, errors = forms.parse_invitation({**PERSON, "email": email})
    assert person is None
    assert list(errors) == ["email"]


def test_an_email_that_no_server_takes_is_refused():
    _person, errors = forms.parse_invitation({**PERSON, "email": "a" * 250 + "@example.org"})
    assert list(errors) == ["email"]


def test_an_invitation_is_taken_as_typed():
    person, errors = forms.parse_invitation({**PERSON, "email": " anna@example.org "})
    assert errors == {}
    assert person == forms.NewPerson("Anna", "anna@example.org", "en", Role.DRIVER)


def test_nobody_is_invited_as_a_steward():
    _person, errors = forms.parse_invitation({**PERSON, "role": "steward"})
    assert list(errors) == ["role"]


def test_group_settings_are_taken_as_typed():
    settings, errors = forms.parse_group({**GROUP, "uses_miles": "1"})
    assert errors == {}
    assert settings.uses_miles
    assert settings.grant_before_minutes == 120


@pytest.mark.parametrize("wished", ["reminds_week", "reminds_day", "reminds_same_day"])
def test_a_group_is_reminded_when_it_says_so_and_never_otherwise(wished: str):
    names = ("reminds_week", "reminds_day", "reminds_same_day")
    settings, errors = forms.parse_group({**GROUP, wished: "1"})
    assert errors == {}
    assert {name: getattr(settings, name) for name in names} == {
        name: name == wished for name in names
    }


@pytest.mark.parametrize(
    ("news", "takes"),
    [
        ("mail", (True, False)),
        ("text", (False, True)),
        ("both", (True, True)),
        ("none", (False, False)),
        ("", (None, None)),
        ("pigeon", (None, None)),
    ],
)
def test_how_somebody_hears_of_news_is_chosen_or_left_as_it_was(news: str, takes: tuple):
    profile, errors = forms.parse_profile({**PROFILE, "news": news})
    assert errors == {}
    assert (profile.takes_mail, profile.takes_texts) == takes


@pytest.mark.parametrize("news", ["text", "both"])
def test_texts_need_a_number(news: str):
    profile, errors = forms.parse_profile({**PROFILE, "phone": "", "news": news})
    assert profile is None
    assert errors == {"phone": "Text messages need a number to go to."}


@pytest.mark.parametrize(
    ("field", "most"),
    [("grant_before_minutes", 720), ("grant_after_minutes", 720), ("most_seats", 20)],
)
def test_the_limits_of_a_number_hold_to_the_unit(field: str, most: int):
    assert forms.parse_group({**GROUP, field: str(most)})[1] == {}
    assert list(forms.parse_group({**GROUP, field: str(most + 1)})[1]) == [field]


@pytest.mark.parametrize(
    ("typed", "middle"),
    [
        ({}, (None, None)),
        ({"latitude": " 49.27 ", "longitude": "-123,12"}, (49.27, -123.12)),
        ({"latitude": "-90", "longitude": "180"}, (-90.0, 180.0)),
    ],
)
def test_the_middle_of_the_map_is_a_point_or_left_out(typed, middle):
    settings, errors = forms.parse_group({**GROUP, **typed})
    assert errors == {}
    assert (settings.latitude, settings.longitude) == middle


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({"latitude": "49.27"}, {"longitude"}),
        ({"latitude": "90.1", "longitude": "-180.1"}, {"latitude", "longitude"}),
        ({"latitude": "north", "longitude": "nan"}, {"latitude", "longitude"}),
    ],
)
def test_half_a_point_or_one_off_the_earth_is_told_beside_its_field(typed, wrong):
    settings, errors = forms.parse_group({**GROUP, **typed})
    assert settings is None
    assert set(errors) == wrong


@pytest.mark.parametrize("value", ["", "-1", "1.5", "two", "٣", "1e3", "99999999999999999999"])
def test_what_is_no_whole_number_is_refused(value: str):
    assert list(forms.parse_group({**GROUP, "board_minutes": value})[1]) == ["board_minutes"]


@pytest.mark.parametrize("zone", ["", "Etc/UTC", "Mars/Olympus", "../../etc/passwd", "EST"])
def test_a_time_zone_is_a_place(zone: str):
    assert list(forms.parse_group({**GROUP, "time_zone": zone})[1]) == ["time_zone"]


def test_every_zone_that_can_be_chosen_is_accepted():
    offered = [zone for part in forms.time_zones() for zone, _label in part["options"]]
    assert ("America/Vancouver", "Vancouver") in forms.time_zones()[1]["options"]
    assert len(offered) > 300
    assert all(forms.parse_group({**GROUP, "time_zone": zone})[1] == {} for zone in offered)


def test_a_good_password_typed_twice_is_taken():
    typed = {"password": "plum otter vane 44", "again": "plum otter vane 44"}
    assert forms.parse_new_password(typed) == ("plum otter vane 44", {})


@pytest.mark.parametrize(
    ("password", "again", "field"),
    [
        ("", "", "password"),
        ("plum otter 444", "plum otter 444", "password"),
        ("plum otter vane" * 20, "plum otter vane" * 20, "password"),
        ("passwordpassword", "passwordpassword", "password"),
        ("plum otter vane 44", "plum otter vane 45", "again"),
        ("plum otter vane 44", "", "again"),
    ],
)
def test_a_password_that_will_not_do_names_its_field(password: str, again: str, field: str):
    taken, errors = forms.parse_new_password({"password": password, "again": again})
    assert taken is None
    assert list(errors) == [field]


@pytest.mark.parametrize("length", [15, 64, 200])
def test_long_phrases_are_welcome(length: int):
    phrase = "the quick otters of vane hill eat plums by moonlight and nobody minds it at all " * 3
    typed = phrase[:length]
    assert forms.parse_new_password({"password": typed, "again": typed}) == (typed, {})


LIMITS = {
    "driver_families_hour": "8",
    "driver_families_day": "20",
    "desk_families_hour": "30",
    "desk_families_day": "90",
    "usual_percent": "150",
}


def test_limits_are_whole_numbers():
    limits, errors = forms.parse_limits(LIMITS)
    assert (errors, limits.driver_families_hour, limits.desk_families_day) == ({}, 8, 90)


@pytest.mark.parametrize("typed", ["0", "501", "-3", "many", ""])
def test_a_limit_that_is_none_is_refused(typed: str):
    limits, errors = forms.parse_limits({**LIMITS, "desk_families_hour": typed})
    assert (limits, list(errors)) == (None, ["desk_families_hour"])


def test_a_day_holds_no_less_than_an_hour():
    limits, errors = forms.parse_limits({**LIMITS, "driver_families_day": "7"})
    assert (limits, list(errors)) == (None, ["driver_families_day"])
