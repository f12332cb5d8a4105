"""By which channels somebody is told."""

import pytest

from dispatch.notify import ways
from dispatch.notify.channels import CHANNELS, MAIL, SMS
from dispatch.people.models import UserState
from tests.build import a_driver, a_group
from tests.dispatch.notify.waiting import with_phone


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
    assert not ways.reaches(user, SMS)


@pytest.mark.parametrize(
    "unlike", [{"takes_mail": False}, {"state": UserState.SUSPENDED}, {"sealed_email": None}]
)
def test_who_wants_nothing_or_has_no_account_is_not_reached(user, unlike):
    for name, value in unlike.items():
        setattr(user, name, value)
    assert not ways.reaches(user, MAIL)


def test_nobody_is_not_reached(session):
    session.info[CHANNELS] = (MAIL, SMS)
    assert ways.chosen(session, None) == ways.open_to(session, None) == []
