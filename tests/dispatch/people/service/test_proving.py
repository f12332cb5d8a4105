"""How far in somebody is after each proof; the pages play the rest."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.errors import NotFound, Refused
from dispatch.people import service, sessions
from dispatch.people.factors import passkeys
from dispatch.people.factors.passkeys import Site
from dispatch.people.models import User, UserState
from dispatch.people.rules import Proof
from dispatch.people.service import Whence
from dispatch.policy import Standing
from tests.build import a_coordinator, a_group, a_user, actor_for
from tests.device import Device
from tests.doors import a_passkey, an_app

HOME = Whence("203.0.113.7")
SITE = Site("http://localhost")


@pytest.fixture
def marta(any_session: Session) -> User:
    """Somebody who is no coordinator."""
    return a_user(any_session)


@pytest.fixture
def rosa(any_session: Session) -> User:
    """A coordinator."""
    return any_session.get_one(User, a_coordinator(any_session, a_group(any_session)).user_id)


def _standing(session: Session, user: User, proof: Proof, *, is_demo: bool = False) -> Standing:
    return service.standing_of(session, user, proof, is_demo=is_demo)


def test_a_password_alone_is_never_enough(
    any_session: Session, marta: User, rosa: User, now: datetime
):
    for user in (marta, rosa):
        assert _standing(any_session, user, Proof.PASSWORD) is Standing.TO_ENROL
        a_passkey(any_session, user, now)
        assert _standing(any_session, user, Proof.PASSWORD) is Standing.HALF_IN


def test_a_code_is_enough_for_a_driver_and_not_for_a_coordinator(
    any_session: Session, marta: User, rosa: User, now: datetime
):
    for proof in (Proof.APP_CODE, Proof.RECOVERY_CODE):
        assert _standing(any_session, marta, proof) is Standing.IN
        assert _standing(any_session, rosa, proof) is Standing.TO_ENROL


def test_in_a_demo_what_is_set_up_is_asked_for_and_nothing_more(
    any_session: Session, rosa: User, now: datetime
):
    assert _standing(any_session, rosa, Proof.PASSWORD, is_demo=True) is Standing.IN
    a_passkey(any_session, rosa, now)
    assert _standing(any_session, rosa, Proof.PASSWORD, is_demo=True) is Standing.HALF_IN


def _by_passkey(session: Session, device: Device, now: datetime) -> User:
    asked = passkeys.ask_for_proof(session, site=SITE, mark="mark", now=now)
    answer = device.prove(asked)
    return service.sign_in_by_passkey(session, answer, HOME, site=SITE, mark="mark", now=now)


@pytest.mark.parametrize("state", [UserState.SUSPENDED, UserState.INVITED])
def test_a_passkey_of_a_closed_account_opens_nothing(
    any_session: Session, marta: User, now: datetime, state: UserState
):
    device = a_passkey(any_session, marta, now)
    assert _by_passkey(any_session, device, now) is marta
    marta.state = state
    with pytest.raises(Refused):
        _by_passkey(any_session, device, now)


def test_nobody_finishes_the_sign_in_of_another(
    any_session: Session, marta: User, rosa: User, now: datetime
):
    an_app(any_session, marta, now)
    token = sessions.begin(any_session, marta, now=now, standing=Standing.HALF_IN)
    half = sessions.find(any_session, token, now=now + timedelta(minutes=1))
    stranger = actor_for(rosa, standing=Standing.HALF_IN)
    with pytest.raises(NotFound):
        service.finish_by_code(any_session, stranger, half, "123456", HOME, now=now)
