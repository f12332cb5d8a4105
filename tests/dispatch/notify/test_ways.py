"""By which channels somebody is told."""

import pytest

from dispatch.notify import ways
from dispatch.notify.channels import CHANNELS, MAIL, PUSH, SMS
from dispatch.notify.letters import PAGES
from dispatch.notify.models import Message, MessageKind
from dispatch.notify.push import subscriptions
from dispatch.people.models import UserState
from tests.build import a_driver, a_family, a_group
from tests.conftest import NOW
from tests.dispatch.notify.waiting import with_phone
from tests.services.push import Browser


@pytest.fixture
def user(session):
    return with_phone(session, a_driver(session, a_group(session))).user


def to(user) -> Message:
    """A message to `user`."""
    return Message(user=user, kind=MessageKind.RIDE_OFFERED)


@pytest.mark.parametrize("there", [(), (MAIL,), (SMS,), (MAIL, SMS), (SMS, MAIL)])
def test_what_the_installation_has_is_open_in_its_order(session, user, there):
    session.info[CHANNELS] = there
    assert ways.open_to(session, to(user)) == list(there)


def test_of_what_was_chosen_nothing_is_there_then_something_else_is_used(session, user):
    session.info[CHANNELS] = (MAIL,)
    user.takes_mail, user.takes_texts = False, True
    assert ways.chosen(session, to(user)) == [MAIL]


def test_who_gave_no_number_is_written_to_by_mail(session, user):
    session.info[CHANNELS] = (MAIL, SMS)
    user.takes_mail, user.takes_texts, user.sealed_phone = False, True, None
    assert ways.chosen(session, to(user)) == [MAIL]
    assert not ways.reaches(session, to(user), SMS)


@pytest.mark.parametrize(
    "unlike", [{"takes_mail": False}, {"state": UserState.SUSPENDED}, {"sealed_email": None}]
)
def test_who_wants_nothing_or_has_no_account_is_not_reached(session, user, unlike):
    for name, value in unlike.items():
        setattr(user, name, value)
    assert not ways.reaches(session, to(user), MAIL)


def test_who_was_erased_is_not_reached(session):
    session.info[CHANNELS] = (MAIL, SMS)
    assert ways.chosen(session, to(None)) == ways.open_to(session, to(None)) == []


@pytest.fixture
def everything(session, user):
    """An installation that has every channel, and a person who subscribed a browser."""
    session.info[CHANNELS] = (MAIL, PUSH, SMS)
    subscriptions.begin(session, user, Browser().address, label="", now=NOW)
    return session


def test_a_browser_is_told_as_well(everything, user):
    assert ways.chosen(everything, to(user)) == [MAIL, PUSH]


def test_who_wants_nothing_but_the_browser_gets_nothing_else(everything, user):
    user.takes_mail = False
    assert ways.chosen(everything, to(user)) == ways.open_to(everything, to(user)) == [PUSH]


def test_without_a_browser_there_is_none_to_tell(everything, user):
    subscriptions.end_all(everything, user.id)
    assert ways.open_to(everything, to(user)) == [MAIL, SMS]


def test_a_closed_account_is_told_in_no_browser(everything, user):
    user.state = UserState.SUSPENDED
    assert ways.open_to(everything, to(user)) == []


@pytest.fixture
def family(session):
    """A family that wants texts, where there are any."""
    session.info[CHANNELS] = (MAIL, PUSH, SMS)
    return a_family(session, a_group(session), takes_texts=True)


def about(family, kind=MessageKind.RIDE_ACCEPTED) -> Message:
    """A message to `family`."""
    return Message(family=family, kind=kind)


@pytest.mark.parametrize(
    "kind", [one for one in MessageKind if one not in PAGES or one is MessageKind.RIDE_REMINDER]
)
def test_a_family_that_wants_texts_is_sent_nothing_else(session, family, kind):
    assert ways.chosen(session, about(family, kind)) == [SMS]
    assert ways.open_to(session, about(family, kind)) == [SMS]
    assert ways.may_text(session, family)


@pytest.mark.parametrize(
    "unlike",
    [
        {"takes_texts": False},
        {"sealed_phone": None},
        {"language": "kek"},
        {"withdrawn_at": NOW},
    ],
)
def test_a_family_without_wish_number_words_or_consent_is_called(session, family, unlike):
    for name, value in unlike.items():
        setattr(family, name, value)
    assert ways.open_to(session, about(family)) == []
    assert not ways.may_text(session, family)


def test_where_no_texts_are_sent_a_family_is_called(session, family):
    session.info[CHANNELS] = (MAIL, PUSH)
    assert ways.open_to(session, about(family)) == []
    assert not ways.may_text(session, family)
