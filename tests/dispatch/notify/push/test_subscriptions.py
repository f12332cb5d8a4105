"""Which browsers somebody wants to be told in."""

import pytest
from sqlalchemy import select

from dispatch.notify.models import PushSubscription
from dispatch.notify.push import address, subscriptions
from tests.build import a_user
from tests.conftest import NOW
from tests.services.push import Browser


@pytest.fixture
def session(any_session):
    return any_session


@pytest.fixture
def user(session):
    return a_user(session)


def begin(session, user, browser=None):
    where = (browser or Browser()).address
    return subscriptions.begin(session, user, where, label="Firefox on Android", now=NOW)


def test_an_endpoint_is_kept_under_the_seal_of_its_person(session, user):
    browser = Browser()
    begin(session, user, browser)
    session.expire_all()
    [kept] = subscriptions.of(session, user.id)
    assert (kept.label, kept.made_at) == ("Firefox on Android", NOW)
    assert kept.key_owner == user.uid
    opened = address.read(kept.unseal("sealed_address", session.info["vault"]))
    assert opened == browser.address
    columns = session.execute(select(PushSubscription.__table__)).one()
    assert browser.endpoint.encode() not in b"".join(
        one for one in columns if isinstance(one, bytes)
    )
    assert browser.endpoint not in repr(columns)


def test_the_same_browser_is_kept_once_and_belongs_to_who_came_last(session, user):
    browser, other = Browser(), a_user(session)
    begin(session, user, browser)
    begin(session, user, browser)
    assert len(subscriptions.of(session, user.id)) == 1
    begin(session, other, browser)
    assert subscriptions.of(session, user.id) == []
    assert len(subscriptions.of(session, other.id)) == 1


def test_a_person_has_few_and_the_oldest_makes_room(session, user):
    made = [begin(session, user).uid for _browser in range(subscriptions.MOST + 2)]
    assert [one.uid for one in subscriptions.of(session, user.id)] == made[2:]


def test_one_is_ended_by_who_has_it_alone(session, user):
    one, other = begin(session, user), a_user(session)
    assert not subscriptions.end(session, other.id, one.uid)
    assert subscriptions.end(session, user.id, one.uid)
    assert not subscriptions.end(session, user.id, one.uid)


def test_all_of_a_person_are_ended_together(session, user):
    other = a_user(session)
    for who in (user, user, other):
        begin(session, who)
    assert subscriptions.end_all(session, user.id)
    assert not subscriptions.end_all(session, user.id)
    assert len(subscriptions.of(session, other.id)) == 1


def test_what_a_push_service_does_not_know_any_more_is_forgotten(session, user):
    gone, kept = Browser(), Browser()
    begin(session, user, gone)
    left = begin(session, user, kept)
    subscriptions.forget(session, [])
    subscriptions.forget(session, [gone.address.text()])
    assert subscriptions.of(session, user.id) == [left]
