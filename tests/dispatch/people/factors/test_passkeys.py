"""Passkeys: only the right device, asked by this browser a moment ago, gets in, and only once."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.people.factors import passkeys
from dispatch.people.factors.models import Passkey
from dispatch.people.factors.passkeys import NotProven, Site
from dispatch.people.models import User
from tests.build import a_user
from tests.device import PRESENT, Device

SITE = Site("http://localhost")
MARK = "what the browser holds"


@pytest.fixture
def rosa(any_session: Session) -> User:
    user = a_user(any_session)
    any_session.commit()
    return user


def _ask_for_new(session: Session, user: User, now: datetime, mark: str = MARK) -> str:
    return passkeys.ask_for_new(session, user, called="rosa", site=SITE, mark=mark, now=now)


def _add(session: Session, user: User, answer: str, now: datetime, mark: str = MARK) -> Passkey:
    return passkeys.add(session, user, answer, site=SITE, mark=mark, label="Chrome", now=now)


def _enrolled(session: Session, user: User, now: datetime, device: Device | None = None) -> Device:
    device = device or Device()
    _add(session, user, device.make(_ask_for_new(session, user, now)), now)
    return device


def _ask(session: Session, now: datetime, mark: str = MARK) -> str:
    return passkeys.ask_for_proof(session, site=SITE, mark=mark, now=now)


def _prove(session: Session, answer: str, now: datetime, mark: str = MARK) -> Passkey:
    return passkeys.prove(session, answer, site=SITE, mark=mark, now=now)


def test_a_passkey_that_was_made_here_proves_whose_it_is(
    any_session: Session, rosa: User, now: datetime
):
    device = _enrolled(any_session, rosa, now)
    found = _prove(any_session, device.prove(_ask(any_session, now)), now)
    assert (found.user, found.used_at) == (rosa, now)


@pytest.mark.parametrize(
    "lies",
    [
        {"site": "http://evil.example"},
        {"name": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
    ],
)
def test_a_device_of_elsewhere_or_one_that_did_not_look_who_holds_it_proves_nothing(
    any_session: Session, rosa: User, now: datetime, lies: dict
):
    device = _enrolled(any_session, rosa, now)
    _prove(any_session, device.prove(_ask(any_session, now)), now)
    with pytest.raises(NotProven):
        _prove(any_session, device.but(**lies).prove(_ask(any_session, now)), now)
    with pytest.raises(NotProven):
        _enrolled(any_session, rosa, now, Device().but(**lies))


def test_an_answer_is_taken_once(any_session: Session, rosa: User, now: datetime):
    device = _enrolled(any_session, rosa, now)
    answer = device.prove(_ask(any_session, now))
    _prove(any_session, answer, now)
    with pytest.raises(NotProven):
        _prove(any_session, answer, now)


def test_a_challenge_is_gone_even_if_the_answer_did_not_fit(
    any_session: Session, rosa: User, now: datetime
):
    device = _enrolled(any_session, rosa, now)
    asked = _ask(any_session, now)
    with pytest.raises(NotProven):
        _prove(any_session, device.but(flags=PRESENT).prove(asked), now)
    any_session.rollback()
    with pytest.raises(NotProven):
        _prove(any_session, device.prove(asked), now)


def test_the_answer_to_another_browsers_challenge_proves_nothing(
    any_session: Session, rosa: User, now: datetime
):
    device = _enrolled(any_session, rosa, now)
    answer = device.prove(_ask(any_session, now, "another browser"))
    _ask(any_session, now)
    with pytest.raises(NotProven):
        _prove(any_session, answer, now)


def test_a_challenge_can_be_answered_for_five_minutes(
    any_session: Session, rosa: User, now: datetime
):
    device = _enrolled(any_session, rosa, now)
    last = now + passkeys.LASTS - timedelta(seconds=1)
    assert _prove(any_session, device.prove(_ask(any_session, now)), last)
    answer = device.prove(_ask(any_session, now))
    with pytest.raises(NotProven):
        _prove(any_session, answer, now + passkeys.LASTS)


def test_a_challenge_for_signing_in_makes_no_passkey(
    any_session: Session, rosa: User, now: datetime
):
    with pytest.raises(NotProven):
        _add(any_session, rosa, Device().make(_ask(any_session, now)), now)


def test_a_challenge_for_one_person_makes_no_passkey_of_another(
    any_session: Session, rosa: User, now: datetime
):
    asked = _ask_for_new(any_session, a_user(any_session), now)
    with pytest.raises(NotProven):
        _add(any_session, rosa, Device().make(asked), now)


def test_a_device_whose_count_goes_back_is_a_copy(any_session: Session, rosa: User, now: datetime):
    device = _enrolled(any_session, rosa, now, Device(uses=7))
    _prove(any_session, device.but(uses=8).prove(_ask(any_session, now)), now)
    with pytest.raises(NotProven):
        _prove(any_session, device.but(uses=8).prove(_ask(any_session, now)), now)


def test_a_passkey_of_somebody_cannot_become_that_of_another(
    any_session: Session, rosa: User, now: datetime
):
    device = _enrolled(any_session, a_user(any_session), now)
    with pytest.raises(NotProven):
        _enrolled(any_session, rosa, now, device)


@pytest.mark.parametrize(
    "answer", ["", "{", "[]", "7", '{"rawId": 5}', '{"rawId": "AAAA"}', '{"rawId": "!"}']
)
def test_what_is_no_answer_proves_nothing(
    any_session: Session, rosa: User, now: datetime, answer: str
):
    _ask(any_session, now)
    with pytest.raises(NotProven):
        _prove(any_session, answer, now)
    _ask_for_new(any_session, rosa, now)
    with pytest.raises(NotProven):
        _add(any_session, rosa, answer, now)


def test_nobody_has_more_passkeys_than_can_be_looked_through(
    any_session: Session, rosa: User, now: datetime
):
    for _number in range(passkeys.MOST):
        _enrolled(any_session, rosa, now)
    with pytest.raises(NotProven):
        _enrolled(any_session, rosa, now)


def test_an_address_of_numbers_is_this_machine():
    assert Site("http://127.0.0.1:8000").name == "localhost"
    assert Site("https://rides.example.org:8443").name == "rides.example.org"
