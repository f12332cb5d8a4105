"""The browsers in which a driver is told of news, and what ends that."""

from uuid import uuid4

import pytest
from sqlalchemy import select

from dispatch.audit.models import AuditEvent
from dispatch.errors import Forbidden, NotFound
from dispatch.notify.push import subscriptions
from dispatch.people import service, sessions
from dispatch.people.service.accounts import close
from tests.build import a_steward, a_user, actor_for
from tests.conftest import NOW
from tests.services.push import Browser


@pytest.fixture
def user(session):
    return a_user(session)


@pytest.fixture
def actor(user):
    return actor_for(user)


def subscribe(session, actor, user):
    service.subscribe(session, actor, user, Browser().address, label="Firefox, Android", now=NOW)


def test_a_person_turns_it_on_and_off_and_both_stand_in_the_log(session, user, actor):
    subscribe(session, actor, user)
    [one] = subscriptions.of(session, user.id)
    service.unsubscribe(session, actor, user, one.uid, now=NOW)
    assert subscriptions.of(session, user.id) == []
    session.commit()
    assert len(session.scalars(select(AuditEvent)).all()) == 2


def test_nobody_turns_it_on_or_off_for_somebody_else(session, user, actor):
    subscribe(session, actor, user)
    [one] = subscriptions.of(session, user.id)
    other = a_user(session)
    for stranger in (actor_for(other), a_steward(session)):
        with pytest.raises((Forbidden, NotFound)):
            subscribe(session, stranger, user)
        with pytest.raises((Forbidden, NotFound)):
            service.unsubscribe(session, stranger, user, one.uid, now=NOW)
    with pytest.raises(NotFound):
        service.unsubscribe(session, actor_for(other), other, one.uid, now=NOW)
    with pytest.raises(NotFound):
        service.unsubscribe(session, actor, user, uuid4(), now=NOW)
    assert subscriptions.of(session, user.id) == [one]


def _everywhere(session, actor, user):
    service.sign_out_everywhere(session, actor, user, now=NOW)


def _closed(session, _actor, user):
    close(session, user, now=NOW)


def _locked(session, actor, user):
    service.lock_own(session, actor, user, now=NOW)


def _others_out(session, _actor, user):
    sessions.end_all(session, user, now=NOW, but="the token of one")


@pytest.mark.parametrize("ends", [_everywhere, _closed, _locked, _others_out])
def test_it_ends_with_what_ends_every_browser(session, user, actor, ends):
    kept = a_user(session)
    subscribe(session, actor, user)
    subscribe(session, actor_for(kept), kept)
    ends(session, actor, user)
    assert subscriptions.of(session, user.id) == []
    assert len(subscriptions.of(session, kept.id)) == 1
