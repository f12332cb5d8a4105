"""Pauses, passwords that are guessed first, and who may hold a link."""

from datetime import UTC, datetime, timedelta

import pytest

from dispatch.people import rules
from dispatch.people.facts import Claims
from dispatch.people.models import Group, Membership, Role, User, UserState
from dispatch.policy import Actor
from dispatch.policy.actor import SYSTEM

NOW = datetime(2027, 3, 8, 17, 0, tzinfo=UTC)
HERE, ELSEWHERE = 1, 2


@pytest.mark.parametrize(
    ("failures", "seconds"), [(0, 0), (4, 0), (5, 15), (6, 30), (7, 60), (11, 960), (12, 1200)]
)
def test_pauses_grow_with_wrong_guesses(failures: int, seconds: int):
    assert rules.seconds_to_wait([NOW] * failures, free=5, now=NOW) == seconds


def test_no_number_of_guesses_makes_the_pause_longer_than_twenty_minutes():
    assert rules.seconds_to_wait([NOW] * 10_000, free=5, now=NOW) == 1200


def test_a_pause_ends_to_the_second():
    failures = [NOW - timedelta(seconds=14)] * 5
    assert rules.seconds_to_wait(failures, free=5, now=NOW) == 1
    assert rules.seconds_to_wait(failures, free=5, now=NOW + timedelta(seconds=1)) == 0


def test_yesterdays_guesses_are_forgotten():
    assert rules.seconds_to_wait([NOW - timedelta(days=1)] * 50, free=5, now=NOW) == 0
    almost = [NOW - timedelta(days=1) + timedelta(seconds=1)] * 49
    assert rules.seconds_to_wait([*almost, NOW], free=5, now=NOW) == 1200


def test_who_guesses_all_day_gets_fewer_than_a_hundred_guesses():
    failures, at = [], NOW
    while at < NOW + timedelta(days=1):
        wait = rules.seconds_to_wait(failures, free=rules.FREE_FOR_ACCOUNT, now=at)
        if wait:
            at += timedelta(seconds=wait)
        else:
            failures.append(at)
    assert 50 < len(failures) < 100


@pytest.mark.parametrize(
    "password",
    [
        "passwordpassword",
        "Password123456789",
        "P@ssw0rd!Welcome1",
        "qwertyuiopasdfghjkl",
        "1qaz2wsx3edc4rfv",
        "aaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "iloveyou iloveyou 2024",
        "correct horse battery staple",
        "Rosa Diaz rosa diaz",
        "alder-bay-2027-alder",
        "0987654321 0987654321",
        "... --- ... --- ...",
    ],
)
def test_what_everybody_tries_first_is_refused(password: str):
    assert rules.is_guessed_first(password, ["Rosa Diaz", "rosa@alder-bay.example"])


@pytest.mark.parametrize(
    "password",
    [
        "plum otter vane 44",
        "my dog barks at thursday trains",
        "el tren sale a las siete y media",
        "x9K-plum-Qv2-tR7w",
        "خمس كلمات لا علاقة بينها",
        "marble kite and tundra",
    ],
)
def test_words_that_have_nothing_to_do_with_each_other_are_fine(password: str):
    assert not rules.is_guessed_first(password, ["Rosa Diaz", "rosa@alder-bay.example"])


def test_the_same_words_are_fine_for_one_person_and_not_for_the_one_they_name():
    assert not rules.is_guessed_first("rosalind vandermeer", ["Tom Hale"])
    assert rules.is_guessed_first("rosalind vandermeer", ["Rosalind Vandermeer"])


def _user(state: UserState = UserState.INVITED, **values: object) -> User:
    return User(id=7, state=state, **{"is_steward": False, **values})


def _in(group_id: int, role: Role = Role.DRIVER) -> Membership:
    return Membership(group_id=group_id, role=role)


COORDINATOR = Actor(user_id=1, uid=None, coordinates=frozenset({HERE}))
STEWARD = Actor(user_id=2, uid=None, is_steward=True)


def test_a_coordinator_holds_the_link_of_a_new_driver_of_the_own_group():
    assert rules.may_hand_out_link(COORDINATOR, _user(), [_in(HERE)])


@pytest.mark.parametrize(
    ("user", "memberships"),
    [
        (_user(UserState.ACTIVE), [_in(HERE)]),
        (_user(UserState.SUSPENDED), [_in(HERE)]),
        (_user(is_steward=True), [_in(HERE)]),
        (_user(), [_in(HERE), _in(ELSEWHERE)]),
        (_user(), [_in(HERE, Role.COORDINATOR)]),
    ],
    ids=["signed in before", "suspended", "a steward", "drives elsewhere too", "a coordinator"],
)
def test_a_coordinator_holds_no_link_into_more_than_the_own_group(
    user: User, memberships: list[Membership]
):
    assert not rules.may_hand_out_link(COORDINATOR, user, memberships)


@pytest.mark.parametrize("actor", [STEWARD, SYSTEM])
def test_whoever_keeps_accounts_holds_every_link_but_of_a_closed_one(actor: Actor):
    coordinates = [_in(ELSEWHERE, Role.COORDINATOR)]
    assert rules.may_hand_out_link(actor, _user(), coordinates)
    assert rules.may_hand_out_link(actor, _user(UserState.ACTIVE), coordinates)
    assert not rules.may_hand_out_link(actor, _user(UserState.SUSPENDED), coordinates)


def _another(value: object) -> object:
    return Claims.TAKE if isinstance(value, Claims) else value * 2 or "1"


def test_the_version_of_settings_changes_with_each_of_them():
    values = {
        "name": "Alder Bay",
        "time_zone": "America/Vancouver",
        "language": "en",
        "desk_phone": "",
        "uses_miles": False,
        "most_seats": 6,
        "grant_before_minutes": 120,
        "grant_after_minutes": 60,
        "board_minutes": 5,
        "alight_minutes": 3,
        "flexible_minutes": 30,
        "even_load_seconds": 300,
        "ride_days": 30,
        "family_days": 90,
        "message_days": 14,
        "quiet_from_hour": 21,
        "quiet_until_hour": 7,
        "reminds_week": False,
        "reminds_day": True,
        "reminds_same_day": True,
        "claims": Claims.NONE,
        "lets_navigate": False,
    }
    versions = {rules.version_of(Group(**values))}
    for name, value in values.items():
        changed = not value if isinstance(value, bool) else _another(value)
        versions.add(rules.version_of(Group(**{**values, name: changed})))
    assert len(versions) == len(values) + 1
    assert rules.version_of(Group(**values)) in versions
