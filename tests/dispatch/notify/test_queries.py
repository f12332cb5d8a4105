"""The list of calls."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from dispatch.errors import NotFound
from dispatch.notify import queries, service
from dispatch.notify.channels import SMS
from dispatch.notify.models import Delivery, DeliveryState, Message, MessageKind
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.rides.models import RideState
from tests import build
from tests.build import (
    TEN,
    a_coordinator,
    a_driver,
    a_group,
    a_public_place,
    a_steward,
    driver_actor,
)
from tests.conftest import NOW
from tests.dispatch.notify.waiting import an_offer, deliveries_of, with_mail, with_texts

HOUR = timedelta(hours=1)


def a_family(session, group, **values):
    """A family that is spoken to in the language of these tests."""
    return build.a_family(session, group, **{"language": "en", **values})


def a_ride(session, group, **values):
    """A ride of such a family."""
    family = values.pop("family", None) or a_family(session, group)
    return build.a_ride(session, group, family=family, **values)


@pytest.fixture
def group(any_session):
    return a_group(any_session)


@pytest.fixture
def actor(any_session, group):
    return a_coordinator(any_session, group)


def accepted(session, ride, driver, at=TEN):
    """`driver` accepts `ride` and the family is to hear of it."""
    ride.state = RideState.ACCEPTED
    session.add(
        Assignment(
            group_id=ride.group_id,
            ride=ride,
            driver=driver,
            user_id=driver.user_id,
            state=AssignmentState.ACCEPTED,
            pickup_at=at,
            dropoff_at=at + HOUR / 2,
            busy_until=at + HOUR,
            approved_at=at - 24 * HOUR,
        )
    )
    tell(session, ride, MessageKind.RIDE_ACCEPTED)


def tell(session, ride, kind):
    service.tell_family(
        session,
        kind=kind,
        family_id=ride.family_id,
        ride=ride,
        facts={},
        once=f"{kind.value}:{ride.uid}",
        now=TEN - 24 * HOUR,
    )


def words(session, actor, group, now=TEN):
    return [
        (call.family.number, [line.words for line in call.lines])
        for call in queries.calls(session, actor, group, now=now)
    ]


def test_the_sentence_names_the_driver_who_accepted(any_session, group, actor):
    ride = a_ride(any_session, group)
    driver = a_driver(any_session, group, name="Marta Vega")
    accepted(any_session, ride, driver)
    assert words(any_session, actor, group) == [
        (ride.family.number, ["Marta is coming at 10:00, blue Honda."])
    ]


def test_everything_for_one_family_is_one_call_and_the_nearest_ride_comes_first(
    any_session, group, actor
):
    later, sooner = a_family(any_session, group), a_family(any_session, group)
    for family, at in [(later, 5), (sooner, 2), (sooner, 4)]:
        start = TEN + at * HOUR
        ride = a_ride(
            any_session, group, family=family, window_starts_at=start, window_ends_at=start
        )
        tell(any_session, ride, MessageKind.RIDE_CANCELLED)
    assert words(any_session, actor, group) == [
        (sooner.number, ["Your ride at 12:00 is cancelled.", "Your ride at 14:00 is cancelled."]),
        (later.number, ["Your ride at 15:00 is cancelled."]),
    ]


def test_a_public_pickup_is_named(any_session, group, actor):
    library = a_public_place(any_session, group, "Mill Hill library")
    ride = a_ride(any_session, group, pickup_place=library)
    accepted(any_session, ride, a_driver(any_session, group))
    [(_number, [said])] = words(any_session, actor, group)
    assert said == "Marta is coming to Mill Hill library at 10:00, blue Honda."


def test_a_language_without_words_is_marked(any_session, group, actor):
    ride = a_ride(any_session, group, family=a_family(any_session, group, language="kek"))
    tell(any_session, ride, MessageKind.RIDE_CANCELLED)
    [call] = queries.calls(any_session, actor, group, now=TEN)
    assert (call.is_spoken_to, call.language) == (False, "en")


def test_a_family_is_spoken_to_in_its_own_language(any_session, group, actor):
    ride = a_ride(any_session, group, family=a_family(any_session, group, language="es"))
    tell(any_session, ride, MessageKind.RIDE_CANCELLED)
    [call] = queries.calls(any_session, actor, group, now=TEN)
    assert (call.is_spoken_to, call.language) == (True, "es")


def test_rides_of_yesterday_need_no_call(any_session, group, actor):
    tell(any_session, a_ride(any_session, group), MessageKind.RIDE_CANCELLED)
    assert words(any_session, actor, group, TEN + 24 * HOUR) == []


def test_who_was_told_leaves_the_list_and_stands_in_the_other(any_session, group, actor):
    ride = a_ride(any_session, group)
    tell(any_session, ride, MessageKind.RIDE_CANCELLED)
    [call] = queries.calls(any_session, actor, group, now=TEN)
    service.mark_told(any_session, actor, call.lines[0].message, now=TEN)
    assert queries.calls(any_session, actor, group, now=TEN) == []
    assert queries.told_since(any_session, actor, group, TEN) == [call.lines[0].message]
    assert queries.told_since(any_session, actor, group, TEN + HOUR) == []


def test_a_stranger_calls_nobody(any_session, group):
    stranger = a_coordinator(any_session, a_group(any_session))
    ride = a_ride(any_session, group)
    tell(any_session, ride, MessageKind.RIDE_CANCELLED)
    [message] = any_session.query(Message)
    assert queries.calls(any_session, stranger, group, now=TEN) == []
    with pytest.raises(NotFound):
        queries.get_messages(any_session, stranger, [message.uid], now=NOW)


def test_messages_are_found_together_or_not_at_all(any_session, group, actor):
    ride = a_ride(any_session, group)
    tell(any_session, ride, MessageKind.RIDE_CANCELLED)
    [message] = any_session.query(Message)
    assert queries.get_messages(any_session, actor, [message.uid], now=NOW) == [message]
    for wrong in ([], [message.uid, ride.uid]):
        with pytest.raises(NotFound):
            queries.get_messages(any_session, actor, wrong, now=NOW)


def test_a_driver_finds_the_own_messages_of_a_kind_until_they_were_seen(any_session, group):
    mine, other = a_driver(any_session, group), a_driver(any_session, group)
    ride = a_ride(any_session, group)
    tell(any_session, ride, MessageKind.RIDE_ACCEPTED)
    for driver in (mine, other):
        service.tell_driver(
            any_session,
            kind=MessageKind.RIDE_OFFERED,
            user_id=driver.user_id,
            ride=ride,
            facts={},
            once=f"offered:{driver.uid}",
            now=TEN,
        )
    kind, actor = MessageKind.RIDE_OFFERED, driver_actor(mine)
    (found,) = queries.unread(any_session, actor, kind)
    assert (found.user_id, found.about_uid) == (mine.user_id, mine.uid)
    assert queries.unread(any_session, actor, MessageKind.RIDE_WITHDRAWN) == []
    assert service.mark_seen(any_session, found.once, by_user_id=mine.user_id, now=TEN + HOUR)
    assert queries.unread(any_session, actor, kind) == []
    any_session.refresh(found)
    assert (found.told_at, found.told_by_id) == (TEN + HOUR, mine.user_id)


def test_nobody_sees_a_message_for_somebody_else_or_twice(any_session, group):
    mine, other = a_driver(any_session, group), a_driver(any_session, group)
    service.tell_driver(
        any_session,
        kind=MessageKind.RIDE_WITHDRAWN,
        user_id=mine.user_id,
        ride=a_ride(any_session, group),
        facts={},
        once="withdrawn:1",
        now=TEN,
    )
    seen = [
        service.mark_seen(any_session, "withdrawn:1", by_user_id=driver.user_id, now=TEN)
        for driver in (other, mine, mine)
    ]
    assert seen == [False, True, False]


def test_many_calls_cost_as_many_statements_as_few(any_session, group, actor):
    costs = []
    for hour in (1, 2, 3, 4, 5):
        accepted(any_session, a_ride(any_session, group), a_driver(any_session, group), TEN)
        any_session.flush()
        if hour in (1, 5):
            any_session.expire_all()
            costs.append(statements(any_session, lambda: words(any_session, actor, group)))
    assert costs[0] == costs[1]


def statements(session, call):
    """How many statements `call` runs."""
    seen = []

    def note(*told):
        seen.append(told)

    event.listen(session.get_bind(), "before_cursor_execute", note)
    try:
        call()
    finally:
        event.remove(session.get_bind(), "before_cursor_execute", note)
    return len(seen)


LOST = [DeliveryState.FAILED, DeliveryState.UNSURE]


@pytest.fixture
def offer(any_session, group):
    return an_offer(with_mail(any_session), group, a_driver(any_session, group))


def sent_as(session, offer, state):
    """The letter about `offer` came to `state`."""
    [delivery] = deliveries_of(session, offer)
    delivery.state, delivery.tries, delivery.next_try_at = state, 1, TEN
    session.flush()


def unreached(session, actor, group, now=TEN):
    return [
        (one.driver.number, one.is_unsure)
        for one in queries.unreached(session, actor, group, now=now)
    ]


@pytest.mark.parametrize("state", list(DeliveryState))
def test_a_driver_whose_letter_failed_or_may_be_lost_is_to_be_called(
    any_session, group, actor, offer, state
):
    sent_as(any_session, offer, state)
    expected = [(offer.driver.number, state is DeliveryState.UNSURE)] if state in LOST else []
    assert unreached(any_session, actor, group) == expected


def by_two(session, offer, mail, text):
    """The same news by both channels, each come to a state of its own."""
    sent_as(session, offer, mail)
    [delivery] = deliveries_of(session, offer)
    message_id = delivery.message_id
    session.add(Delivery(message_id=message_id, channel=SMS, next_try_at=TEN, state=text, tries=1))
    session.flush()


@pytest.mark.parametrize(
    ("mail", "text", "expected"),
    [
        (DeliveryState.FAILED, DeliveryState.SENT, []),
        (DeliveryState.UNSURE, DeliveryState.SENT, []),
        (DeliveryState.FAILED, DeliveryState.WAITING, []),
        (DeliveryState.FAILED, DeliveryState.SENDING, []),
        (DeliveryState.FAILED, DeliveryState.FAILED, [False]),
        (DeliveryState.FAILED, DeliveryState.UNSURE, [True]),
        (DeliveryState.FAILED, DeliveryState.WITHDRAWN, [False]),
        (DeliveryState.WITHDRAWN, DeliveryState.WITHDRAWN, []),
    ],
)
def test_a_driver_is_called_once_no_channel_is_left(
    any_session, group, actor, offer, mail, text, expected
):
    by_two(any_session, offer, mail, text)
    assert unreached(any_session, actor, group) == [
        (offer.driver.number, is_unsure) for is_unsure in expected
    ]


LATE = NOW + queries.STUCK


def test_letters_that_nobody_sends_are_noticed(any_session, group, actor, offer):
    assert queries.stuck_since(any_session, actor, now=LATE - timedelta(seconds=1)) is None
    assert queries.stuck_since(any_session, actor, now=LATE) == NOW
    sent_as(any_session, offer, DeliveryState.SENT)
    assert queries.stuck_since(any_session, actor, now=LATE) is None


def test_whose_letter_nobody_sends_is_called(any_session, group, actor, offer):
    called = [(offer.driver.number, False)]
    assert unreached(any_session, actor, group, LATE - timedelta(seconds=1)) == []
    assert unreached(any_session, actor, group, LATE) == called
    [delivery] = deliveries_of(any_session, offer)
    chosen = queries.get_messages(any_session, actor, [delivery.message.uid], now=LATE)
    service.mark_told(any_session, actor, chosen[0], now=LATE)
    assert unreached(any_session, actor, group, LATE) == []
    assert queries.stuck_since(any_session, actor, now=LATE) is None
    sent_as(any_session, offer, DeliveryState.SENDING)
    service.mark_untold(any_session, actor, chosen[0], now=LATE)
    assert unreached(any_session, actor, group, LATE) == []


def test_a_family_whose_text_nobody_sends_is_called(any_session, group, actor):
    family = a_family(with_texts(any_session), group, takes_texts=True)
    tell(any_session, a_ride(any_session, group, family=family), MessageKind.RIDE_CANCELLED)
    [delivery] = any_session.query(Delivery)
    sent_at = delivery.next_try_at
    assert words(any_session, actor, group, sent_at) == []
    late = words(any_session, actor, group, sent_at + queries.STUCK)
    assert [number for number, _words in late] == [family.number]


def test_letters_about_days_gone_by_trouble_nobody(any_session, actor, offer):
    over = TEN + timedelta(days=2)
    assert queries.stuck_since(any_session, actor, now=over) is None


def test_letters_that_wait_for_the_morning_are_where_they_should_be(any_session, group, actor):
    night = NOW.replace(hour=6)
    driver = a_driver(with_mail(any_session), group)
    an_offer(any_session, group, driver, at=night + timedelta(hours=13), now=night)
    assert queries.stuck_since(any_session, actor, now=night + timedelta(hours=8)) is None


def test_whose_letters_nobody_sends_the_desk_of_another_group_does_not_learn(
    any_session, group, offer
):
    stranger = a_coordinator(any_session, a_group(any_session))
    assert queries.stuck_since(any_session, stranger, now=LATE) is None
    assert queries.stuck_since(any_session, a_steward(any_session), now=LATE) == NOW


def test_a_driver_who_answered_or_was_called_is_not_called_again(any_session, group, actor, offer):
    sent_as(any_session, offer, DeliveryState.FAILED)
    [one] = queries.unreached(any_session, actor, group, now=TEN)
    service.mark_told(any_session, actor, one.message, now=TEN)
    assert unreached(any_session, actor, group) == []
    service.mark_untold(any_session, actor, one.message, now=TEN)
    assert len(unreached(any_session, actor, group)) == 1
    offer.state = AssignmentState.ACCEPTED
    any_session.flush()
    assert unreached(any_session, actor, group) == []


def test_drivers_of_other_groups_are_nobodys_to_call(any_session, group, actor, offer):
    sent_as(any_session, offer, DeliveryState.FAILED)
    other = a_group(any_session)
    stranger = a_coordinator(any_session, other)
    assert unreached(any_session, stranger, group) == []
    assert unreached(any_session, stranger, other) == []
    assert unreached(any_session, driver_actor(offer.driver), group) == []


def test_a_message_to_a_driver_is_for_the_desk_once_it_was_not_reached(
    any_session, group, actor, offer
):
    uid = deliveries_of(any_session, offer)[0].message.uid
    with pytest.raises(NotFound):
        queries.get_messages(any_session, actor, [uid], now=NOW)
    sent_as(any_session, offer, DeliveryState.UNSURE)
    assert [one.uid for one in queries.get_messages(any_session, actor, [uid], now=NOW)] == [uid]
    with pytest.raises(NotFound):
        queries.get_messages(
            any_session, a_coordinator(any_session, a_group(any_session)), [uid], now=NOW
        )


ON_ITS_WAY = [DeliveryState.WAITING, DeliveryState.SENDING, DeliveryState.SENT]


@pytest.mark.parametrize("state", list(DeliveryState))
def test_a_family_is_called_unless_a_text_went_or_still_may(any_session, group, actor, state):
    family = a_family(with_texts(any_session), group, takes_texts=True)
    ride = a_ride(any_session, group, family=family)
    tell(any_session, ride, MessageKind.RIDE_CANCELLED)
    [delivery] = any_session.query(Delivery)
    delivery.state, delivery.tries = state, 1
    delivery.next_try_at = delivery.ended_at = TEN
    any_session.flush()
    called = [] if state in ON_ITS_WAY else [family.number]
    assert [number for number, _words in words(any_session, actor, group)] == called
    texted = queries.texted_since(any_session, actor, group, TEN)
    sent = [family.number] if state is DeliveryState.SENT else []
    assert [one.family.number for one in texted] == sent
    assert queries.texted_since(any_session, actor, group, TEN + HOUR) == []
    stranger = a_coordinator(any_session, a_group(any_session))
    assert queries.texted_since(any_session, stranger, group, TEN) == []
