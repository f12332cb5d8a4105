"""By which channels somebody is told."""

import pytest

from dispatch.notify import ways
from dispatch.notify.channels import CHANNELS, MAIL, PUSH, SMS
from dispatch.notify.push import subscriptions
from dispatch.people.models import UserState
from tests.build import a_driver, a_group
from tests.conftest import NOW
from tests.dispatch.notify.waiting import with_phone
from tests.services.push import Browser


@pytest.fixture
def user(session):
    return with_phone(session, a_driver(session, a_group(session))).user


@pytest.mark.parametrize("there", [(), (MAIL,), (SMS,), (MAIL, SMS), (SMS, MAIL)])
def test_what_the_installation_has_is_open_in_its_order(session, user, there):
    session.info[CHANNELS] = there
    assert ways.open_to(session, user) == list(there)


def test_of_what_was_chosen_nothing_is_there_then_something_else_is_used(session, user):
    session.info[CHANNELS] = (MAIL,)
    user.takes_mail, user.takes_texts = False, True
    assert ways.chosen(session, user) == [MAIL]


def test_who_gave_no_number_is_written_to_by_mail(session, user):
    session.info[CHANNELS] = (MAIL, SMS)
    user.takes_mail, user.takes_texts, user.sealed_phone = False, True, None
    assert ways.chosen(session, user) == [MAIL]
    assert not ways.reaches(session, user, SMS)


@pytest.mark.parametrize(
    "unlike", [{"takes_mail": False}, {"state": UserState.SUSPENDED}, {"sealed_email": None}]
)
def test_who_wants_nothing_or_has_no_account_is_not_reached(session, user, unlike):
    for name, value in unlike.items():
        setattr(user, name, value)
    assert not ways.reaches(session, user, MAIL)


def test_nobody_is_not_reached(session):
    session.info[CHANNELS] = (MAIL, SMS)
    assert ways.chosen(session, None) == ways.open_to(session, None) == []


@pytest.fixture
def everything(session, user):
    """An installation that has every channel, and a person who subscribed a browser."""
    session.info[CHANNELS] = (MAIL, PUSH, SMS)
    subscriptions.begin(session, user, Browser().address, label="", now=NOW)
    return session


def test_a_browser_is_told_as_well(everything, user):
    assert ways.chosen(everything, user) == [MAIL, PUSH]


def test_who_wants_nothing_but_the_browser_gets_nothing_else(everything, user):
    user.takes_mail = False
    assert ways.chosen(everything, user) == ways.open_to(everything, user) == [PUSH]


def test_without_a_browser_there_is_none_to_tell(everything, user):
    subscriptions.end_all(everything, user.id)
    assert ways.open_to(everything, user) == [MAIL, SMS]


def test_a_closed_account_is_told_in_no_browser(everything, user):
    user.state = UserState.SUSPENDED
    assert ways.open_to(everything, user) == []
