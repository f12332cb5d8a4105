"""Reminders of accepted rides."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.notify import deliveries
from dispatch.notify.channels import MAIL
from dispatch.notify.models import Message, MessageKind
from dispatch.planning import service
from dispatch.planning.models import AssignmentState
from dispatch.planning.service import reminding
from dispatch.planning.service.releasing import release
from dispatch.rides.models import RideState
from tests.build import TEN
from tests.conftest import NOW
from tests.dispatch.notify.waiting import with_mail, with_texts

SECOND = timedelta(seconds=1)
EVENING = NOW + timedelta(hours=8)
"""Five in the afternoon of the day before."""
SHORTLY = TEN - timedelta(minutes=30) - reminding.SHORTLY_BEFORE
"""Two hours before the ride may begin."""


@pytest.fixture
def accepted(world):
    """The driver said yes the day before, in the morning."""
    with_mail(world.session)
    (offer,) = world.approve()
    service.accept(world.session, world.marta, offer, now=NOW)
    return offer


def reminders(world):
    return [one.once.partition(":")[0] for one in world.messages(MessageKind.RIDE_REMINDER)]


def test_each_reminder_comes_once_at_its_time(world, accepted):
    for now, said in (
        (EVENING - SECOND, []),
        (EVENING, ["evening"]),
        (EVENING + 30 * SECOND, ["evening"]),
        (SHORTLY - SECOND, ["evening"]),
        (SHORTLY, ["shortly"]),
        (SHORTLY + 30 * SECOND, ["shortly"]),
    ):
        reminding.remind(world.session, now=now)
        assert reminders(world) == said


def test_a_reminder_leaves_the_house(world, accepted):
    assert reminding.remind(world.session, now=EVENING) == 1
    sent_at = EVENING + timedelta(minutes=1)
    found = []
    while (claimed := deliveries.claim(world.session, MAIL, now=sent_at)) is not None:
        found.append(
            deliveries.open_letter(world.session, claimed, base_url="", now=sent_at)[1].subject
        )
    assert found == ["Reminder: Tuesday 9 March, 10:00"]


@pytest.mark.parametrize("at", [EVENING, SHORTLY])
def test_who_said_yes_afterwards_needs_none(world, accepted, at):
    accepted.answered_at = at
    world.session.flush()
    assert reminding.remind(world.session, now=at + SECOND) == 0


@pytest.mark.parametrize(
    ("after", "number"), [(reminding.LATEST - SECOND, 1), (reminding.LATEST, 0)]
)
@pytest.mark.parametrize("at", [EVENING, SHORTLY])
def test_what_should_have_been_said_long_before_is_not_said(world, accepted, at, after, number):
    assert reminding.remind(world.session, now=at + after) == number


@pytest.mark.parametrize("state", [AssignmentState.OFFERED, AssignmentState.RELEASED])
def test_nobody_is_reminded_of_what_is_not_accepted(world, accepted, state):
    accepted.state = state
    world.session.flush()
    assert reminding.remind(world.session, now=EVENING) == 0


def test_a_ride_that_is_taken_back_at_the_same_moment_keeps_its_own_news(
    world, accepted, monkeypatch
):
    def taken_back(_session, one):
        release(world.session, world.rosa, one, now=EVENING)

    monkeypatch.setattr(reminding, "lock", taken_back)
    assert reminding.remind(world.session, now=EVENING) == 0
    assert len(world.messages(MessageKind.RIDE_WITHDRAWN)) == 1


def test_a_ride_under_way_needs_no_reminder(world, accepted):
    world.ride.state = RideState.ARRIVED
    world.session.flush()
    assert reminding.remind(world.session, now=SHORTLY) == 0


WEEK = EVENING - timedelta(days=6)
"""Five in the afternoon, seven days before."""


def test_a_group_that_wishes_it_is_reminded_a_week_before(world, accepted):
    accepted.answered_at = WEEK - SECOND
    for wished, said in ((False, []), (True, ["week"])):
        world.group.reminds_week = wished
        world.session.flush()
        reminding.remind(world.session, now=WEEK)
        assert reminders(world) == said


@pytest.mark.parametrize(
    ("off", "left"), [("reminds_day", ["shortly"]), ("reminds_same_day", ["evening"])]
)
def test_a_group_that_does_not_wish_it_is_not_reminded(world, accepted, off, left):
    setattr(world.group, off, False)
    world.session.flush()
    assert [word for word, _at in reminding.moments_of(world.ride, world.group)] == left
    made = sum(reminding.remind(world.session, now=at) for at in (EVENING, SHORTLY))
    assert (made, reminders(world)) == (1, left)


def test_both_ways_of_a_day_are_one_letter_in_the_evening(world):
    with_mail(world.session)
    first, _second = world.propose_both_ways()
    offer, _back = world.approve(first)
    service.accept(world.session, world.marta, offer, now=NOW)
    assert reminding.remind(world.session, now=EVENING) == 2
    sent_at = EVENING + timedelta(minutes=1)
    claimed = deliveries.claim(world.session, MAIL, now=sent_at)
    subject = deliveries.open_letter(world.session, claimed, base_url="", now=sent_at)[1].subject
    assert subject.startswith("Reminder: Tuesday 9 March, 10:00 and ")
    assert deliveries.claim(world.session, MAIL, now=sent_at) is None


def test_a_ride_without_an_hour_is_reminded_of_the_evening_before(world):
    world.ride.window_starts_at = world.ride.window_ends_at = None
    assert list(reminding.moments_of(world.ride, world.group)) == [("evening", EVENING)]


def test_where_nothing_is_sent_nobody_is_reminded(world):
    (offer,) = world.approve()
    service.accept(world.session, world.marta, offer, now=NOW)
    assert reminding.remind(world.session, now=EVENING) == 0


def test_a_reminder_of_a_ride_that_went_is_withdrawn(world, accepted):
    reminding.remind(world.session, now=EVENING)
    release(world.session, world.rosa, accepted, now=EVENING + SECOND)
    later = EVENING + timedelta(minutes=1)
    claimed = deliveries.claim(world.session, MAIL, now=later)
    _to, letter = deliveries.open_letter(world.session, claimed, base_url="", now=later)
    assert letter.subject.startswith("A change on")
    assert deliveries.claim(world.session, MAIL, now=later) is None


def family_reminders(world):
    return [
        one.once.partition(":")[0]
        for one in world.session.scalars(
            select(Message).where(
                Message.kind == MessageKind.RIDE_REMINDER, Message.family_id.is_not(None)
            )
        )
    ]


def test_a_family_that_wants_texts_is_reminded_the_evening_before_and_only_then(world, accepted):
    with_texts(world.session)
    world.ride.family.takes_texts = True
    world.session.flush()
    assert reminding.remind(world.session, now=EVENING) == 2
    assert reminding.remind(world.session, now=EVENING + SECOND) == 0
    assert reminding.remind(world.session, now=SHORTLY) == 1
    assert family_reminders(world) == ["family"]


@pytest.mark.parametrize("texts", [True, False])
def test_nobody_is_called_to_remind_a_family(world, accepted, texts):
    (with_texts if texts else with_mail)(world.session)
    world.ride.family.takes_texts = not texts
    world.session.flush()
    assert reminding.remind(world.session, now=EVENING) == 1
    assert family_reminders(world) == []
