"""Whether a message is news still; what happens to one that is not is tested with deliveries."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.notify import news
from dispatch.notify.models import Message, MessageKind
from dispatch.planning.models import AssignmentState
from dispatch.rides.models import Anchor
from tests.build import TEN, a_driver, a_group
from tests.dispatch.notify.waiting import an_offer, tell


@pytest.fixture
def offer(session):
    group = a_group(session)
    return an_offer(session, group, a_driver(session, group))


def message_of(session, word):
    return session.scalars(select(Message).where(Message.once.startswith(word))).one()


def test_news_are_open_until_the_day_is_over(session, offer):
    message = message_of(session, "offered")
    assert news.assignment_of(message) is offer
    assert news.is_open(message, TEN)
    assert not news.is_open(message, TEN + timedelta(days=1))


def test_a_change_is_news_whatever_became_of_the_ride(session, offer):
    offer.state = AssignmentState.RELEASED
    tell(session, offer, MessageKind.RIDE_WITHDRAWN, "withdrawn")
    assert news.is_open(message_of(session, "withdrawn"), TEN)
    assert not news.is_open(message_of(session, "offered"), TEN)


@pytest.mark.parametrize(
    ("anchor", "at"), [(Anchor.ARRIVE_BY, TEN), (Anchor.LEAVE_AT, TEN - timedelta(minutes=30))]
)
def test_the_time_that_was_asked_for_is_the_appointment_or_the_wish_to_leave(
    session, offer, anchor, at
):
    offer.ride.anchor = anchor
    assert news.asked_at(offer.ride) == at


def test_a_family_is_told_when_the_driver_comes_and_else_what_it_asked_for(session, offer):
    message = message_of(session, "offered")
    assert news.told_time(message) == TEN
    message.facts = {"pickup_at": (TEN - timedelta(minutes=20)).isoformat()}
    assert news.told_time(message) == TEN - timedelta(minutes=20)
