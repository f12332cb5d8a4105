"""What leaves the house, on both databases: claimed once, and given up rather than sent twice."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from dispatch.crypto.keyring import KeysOutOfReach
from dispatch.notify import deliveries, rules, service
from dispatch.notify.channels import MAIL, SMS, RefusedForGood, TryLater
from dispatch.notify.deliveries import LEASE, Outcome
from dispatch.notify.models import Delivery, DeliveryState, Message, MessageKind
from dispatch.people.models import UserState
from dispatch.planning.models import AssignmentState
from dispatch.rides.models import RideState
from tests.build import TEN, a_driver, a_family, a_group, a_ride
from tests.conftest import NOW
from tests.dispatch.notify.waiting import (
    BEFORE,
    an_offer,
    deliveries_of,
    tell,
    with_mail,
    with_phone,
    with_texts,
)

SOON = NOW + timedelta(hours=2)


@pytest.fixture
def session(any_session):
    return with_mail(any_session)


@pytest.fixture
def group(session):
    return a_group(session)


@pytest.fixture
def driver(session, group):
    return a_driver(session, group)


@pytest.fixture
def offer(session, group, driver):
    return an_offer(session, group, driver)


def claim(session, now=NOW):
    return deliveries.claim(session, MAIL, now=now)


def state_of(session, offer):
    return deliveries_of(session, offer)[0].state


def test_a_message_to_a_driver_is_to_leave_the_house(session, offer):
    [found] = deliveries_of(session, offer)
    assert (found.channel, found.state, found.next_try_at) == (MAIL, DeliveryState.WAITING, NOW)
    assert (found.tries, found.trouble) == (0, "")


def test_where_nothing_is_sent_nothing_waits(any_session):
    group = a_group(any_session)
    offer = an_offer(any_session, group, a_driver(any_session, group))
    assert deliveries_of(any_session, offer) == []


@pytest.mark.parametrize(
    "unlike", [{"takes_mail": False}, {"state": UserState.SUSPENDED}, {"state": UserState.INVITED}]
)
def test_who_wants_none_or_has_no_account_is_sent_nothing(session, group, driver, unlike):
    for name, value in unlike.items():
        setattr(driver.user, name, value)
    assert deliveries_of(session, an_offer(session, group, driver)) == []


def test_families_that_want_no_texts_are_sent_nothing(session, group):
    with_texts(session)
    ride = a_ride(session, group)
    kind = MessageKind.RIDE_ACCEPTED
    family_id = ride.family_id
    service.tell_family(
        session, kind=kind, family_id=family_id, ride=ride, facts={}, once="a", now=NOW
    )
    assert session.scalars(select(Delivery)).all() == []


def test_the_same_news_leave_once(session, offer):
    tell(session, offer, MessageKind.RIDE_OFFERED, "offered")
    assert len(deliveries_of(session, offer)) == 1


def test_a_rollback_takes_the_delivery_back(any_database):
    with any_database.session() as session:
        with_mail(session)
        group = a_group(session)
        an_offer(session, group, a_driver(session, group))
        session.rollback()
        assert session.scalars(select(Delivery)).all() == []


def test_at_night_it_waits_until_the_morning_unless_it_is_soon(session, group, driver):
    night = NOW.replace(hour=6)
    later = an_offer(session, group, driver, at=night + timedelta(hours=13), now=night)
    soon = an_offer(
        session, group, a_driver(session, group), at=night + timedelta(hours=3), now=night
    )
    night += rules.SETTLED
    assert deliveries_of(session, later)[0].next_try_at == NOW.replace(hour=15)
    assert deliveries_of(session, soon)[0].next_try_at == night
    assert claim(session, night) == deliveries_of(session, soon)[0].id
    assert claim(session, night) is None


def test_a_group_without_a_night_is_told_at_any_hour(session, group, driver):
    group.quiet_from_hour = group.quiet_until_hour = 0
    night = NOW.replace(hour=6)
    later = an_offer(session, group, driver, at=night + timedelta(hours=13), now=night)
    assert deliveries_of(session, later)[0].next_try_at == night + rules.SETTLED


def test_it_is_claimed_once(session, offer):
    claimed = claim(session)
    [found] = deliveries_of(session, offer)
    assert claimed == found.id
    assert (found.state, found.claimed_at, found.tries) == (DeliveryState.SENDING, NOW, 1)
    assert claim(session) is None


def test_many_who_claim_at_the_same_moment_share(any_database):
    with any_database.transaction() as session:
        with_mail(session)
        group = a_group(session)
        for number in range(6):
            an_offer(session, group, a_driver(session, group), at=TEN + timedelta(hours=number))
    together, found = Barrier(3), []

    def work():
        together.wait()
        while True:
            with any_database.transaction() as session:
                one = deliveries.claim(session, MAIL, now=NOW)
            if one is None:
                return
            found.append(one)

    threads = [Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with any_database.session() as session:
        assert sorted(found) == session.scalars(select(Delivery.id).order_by(Delivery.id)).all()


def _read(session, offer, _now):
    service.mark_seen(session, f"offered:{offer.uid}", by_user_id=offer.user_id, now=NOW)


def _answered(session, offer, _now):
    offer.state = AssignmentState.ACCEPTED


def _declined(session, offer, _now):
    offer.state, offer.ended_at = AssignmentState.DECLINED, NOW


def _undone(session, offer, _now):
    service.drop(session, f"offered:{offer.uid}", now=NOW)


def _closed(session, offer, _now):
    offer.driver.user.state = UserState.SUSPENDED


def _turned_off(session, offer, _now):
    offer.driver.user.takes_mail = False


def _over(session, offer, _now):
    offer.ride.service_on -= timedelta(days=30)


@pytest.mark.parametrize(
    "happens", [_read, _answered, _declined, _undone, _closed, _turned_off, _over]
)
def test_what_is_news_no_more_is_never_sent(session, offer, happens):
    happens(session, offer, NOW)
    session.flush()
    assert claim(session) is None
    assert state_of(session, offer) is DeliveryState.WITHDRAWN


@pytest.mark.parametrize(
    ("state", "now", "is_sent"),
    [
        (AssignmentState.ACCEPTED, TEN - timedelta(minutes=1), True),
        (AssignmentState.ACCEPTED, TEN, False),
        (AssignmentState.RELEASED, NOW, False),
        (AssignmentState.OFFERED, NOW, False),
    ],
)
def test_a_reminder_goes_as_long_as_the_ride_is_ahead(session, offer, state, now, is_sent):
    offer.state = state
    tell(session, offer, MessageKind.RIDE_REMINDER, "evening")
    assert (claim(session, now) is not None) is is_sent


def test_newer_news_go_in_place_of_older(session, offer):
    offer.state, offer.ended_at = AssignmentState.RELEASED, NOW
    tell(session, offer, MessageKind.RIDE_WITHDRAWN, "withdrawn")
    _old, new = deliveries_of(session, offer)
    assert claim(session) == new.id
    assert claim(session) is None
    assert [one.state for one in deliveries_of(session, offer)] == [
        DeliveryState.WITHDRAWN,
        DeliveryState.SENDING,
    ]


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.UNSURE])
def test_what_came_of_it_is_noted_once(session, offer, state):
    claimed = claim(session)
    deliveries.note(session, claimed, Outcome(state, "refused"), now=SOON)
    [found] = deliveries_of(session, offer)
    assert (found.state, found.ended_at, found.trouble) == (state, SOON, "refused")
    deliveries.note(session, claimed, Outcome(DeliveryState.WAITING), now=SOON)
    assert state_of(session, offer) is state
    assert claim(session, SOON) is None


def test_a_passing_trouble_is_tried_again_after_growing_pauses_and_then_given_up(session, offer):
    now, pauses = NOW, []
    while (claimed := claim(session, now)) is not None:
        deliveries.note(session, claimed, Outcome(DeliveryState.WAITING, "away"), now=now)
        [found] = deliveries_of(session, offer)
        if found.state is DeliveryState.FAILED:
            break
        assert claim(session, found.next_try_at - timedelta(seconds=1)) is None
        pauses.append(found.next_try_at - now)
        now = found.next_try_at
    assert tuple(pauses) == rules.PAUSES
    assert (found.state, found.trouble) == (DeliveryState.FAILED, "away")
    assert found.tries == len(rules.PAUSES) + 1


def test_a_claim_whose_worker_died_is_never_sent_again(session, offer):
    claimed = claim(session)
    assert deliveries.give_up_lost(session, now=NOW + LEASE) == 0
    late = NOW + LEASE + timedelta(seconds=1)
    assert deliveries.is_any_due(session, MAIL, now=late)
    assert deliveries.give_up_lost(session, now=late) == 1
    [found] = deliveries_of(session, offer)
    assert (found.state, found.trouble) == (DeliveryState.UNSURE, "worker died")
    assert claim(session, late) is None
    deliveries.note(session, claimed, Outcome(DeliveryState.WAITING), now=late)
    assert state_of(session, offer) is DeliveryState.UNSURE


def test_a_copy_from_before_sends_nothing_that_may_have_gone_out_since(
    session, group, driver, offer
):
    claim(session)
    other = an_offer(session, group, driver, at=TEN + timedelta(hours=2))
    assert deliveries.doubt_all(session, now=NOW) == 2
    assert state_of(session, offer) is state_of(session, other) is DeliveryState.UNSURE
    assert not deliveries.is_any_due(session, MAIL, now=NOW + timedelta(days=1))


def test_the_letter_is_in_the_language_of_its_reader_and_goes_to_the_reader(session, group, driver):
    driver.user.language = "es"
    driver.user.seal("sealed_email", "marta@example.net", session.info["vault"])
    offer = an_offer(session, group, driver)
    to, letter = deliveries.open_letter(
        session, claim(session), base_url="https://rides.example.org", now=NOW
    )
    assert to == ["marta@example.net"]
    assert letter.uid == deliveries_of(session, offer)[0].uid
    assert letter.subject.startswith("Una pregunta sobre el martes 9 de marzo, 10:00")


def test_the_letter_holds_the_time_that_was_asked_for_and_not_the_planned_minute(session, offer):
    offer.pickup_at = TEN - timedelta(minutes=47)
    session.flush()
    _to, letter = deliveries.open_letter(session, claim(session), base_url="", now=NOW)
    assert "10:00" in letter.subject
    assert "9:13" not in letter.subject + letter.text


def test_a_reader_who_was_erased_meanwhile_gets_nothing(session, offer, driver):
    claimed = claim(session)
    session.info["vault"].keys.destroy(driver.user.key_owner)
    with pytest.raises(RefusedForGood, match="erased"):
        deliveries.open_letter(session, claimed, base_url="", now=NOW)


def test_while_keys_are_out_of_reach_nothing_is_lost(session, offer, driver, monkeypatch):
    claimed = claim(session)

    def away(*_asked):
        raise KeysOutOfReach("away")

    monkeypatch.setattr(driver.user, "unseal", away)
    with pytest.raises(TryLater, match="keys"):
        deliveries.open_letter(session, claimed, base_url="", now=NOW)


def refuse(session, channel, now=NOW, state=DeliveryState.FAILED):
    """The next letter by `channel` comes to `state`; the message that it told."""
    claimed = deliveries.claim(session, channel, now=now)
    deliveries.note(session, claimed, Outcome(state, "refused"), now=now)
    return session.get_one(Delivery, claimed).message


def by_channel(session, offer):
    return {one.channel: one.state for one in deliveries_of(session, offer)}


@pytest.fixture
def everything(session, driver):
    """An installation that sends both, and a driver who has both addresses."""
    with_phone(with_texts(session), driver)
    return session


@pytest.mark.parametrize(
    ("takes_mail", "takes_texts", "channels"),
    [(True, False, {MAIL}), (False, True, {SMS}), (True, True, {MAIL, SMS}), (False, False, set())],
)
def test_a_driver_is_told_by_what_the_driver_chose(
    everything, group, driver, takes_mail, takes_texts, channels
):
    driver.user.takes_mail, driver.user.takes_texts = takes_mail, takes_texts
    assert set(by_channel(everything, an_offer(everything, group, driver))) == channels


@pytest.mark.parametrize(("first", "second"), [(MAIL, SMS), (SMS, MAIL)])
def test_what_one_channel_refuses_leaves_by_another_once(everything, group, driver, first, second):
    driver.user.takes_mail, driver.user.takes_texts = first == MAIL, first == SMS
    offer = an_offer(everything, group, driver)
    refuse(everything, first)
    assert by_channel(everything, offer) == {
        first: DeliveryState.FAILED,
        second: DeliveryState.WAITING,
    }
    later = NOW + rules.SETTLED
    refuse(everything, second, later)
    assert set(by_channel(everything, offer).values()) == {DeliveryState.FAILED}
    assert deliveries.claim(everything, first, now=later + timedelta(days=1)) is None


def test_what_was_tried_often_enough_leaves_by_another_channel(everything, group, driver):
    offer = an_offer(everything, group, driver)
    now = NOW
    while (claimed := deliveries.claim(everything, MAIL, now=now)) is not None:
        deliveries.note(everything, claimed, Outcome(DeliveryState.WAITING, "away"), now=now)
        now += timedelta(hours=1)
    assert by_channel(everything, offer) == {
        MAIL: DeliveryState.FAILED,
        SMS: DeliveryState.WAITING,
    }


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.UNSURE])
def test_what_may_have_arrived_leaves_by_no_other(everything, group, driver, state):
    offer = an_offer(everything, group, driver)
    refuse(everything, MAIL, state=state)
    assert by_channel(everything, offer) == {MAIL: state}


def test_who_has_no_other_address_is_sent_nothing_more(session, group, driver):
    with_texts(session)
    offer = an_offer(session, group, driver)
    refuse(session, MAIL)
    assert by_channel(session, offer) == {MAIL: DeliveryState.FAILED}


def test_who_turned_all_off_meanwhile_is_sent_nothing_more(everything, group, driver):
    offer = an_offer(everything, group, driver)
    claimed = deliveries.claim(everything, MAIL, now=NOW)
    driver.user.takes_mail = False
    deliveries.note(everything, claimed, Outcome(DeliveryState.FAILED), now=NOW)
    assert by_channel(everything, offer) == {MAIL: DeliveryState.FAILED}


def test_two_channels_that_fail_together_lead_to_no_second_letter(everything, group, driver):
    driver.user.takes_texts = True
    offer = an_offer(everything, group, driver)
    refuse(everything, MAIL)
    refuse(everything, SMS)
    assert len(deliveries_of(everything, offer)) == 2


def test_a_text_goes_to_the_number_that_the_driver_gave(everything, group, driver):
    driver.user.takes_mail, driver.user.takes_texts = False, True
    driver.user.language = "es"
    an_offer(everything, group, driver)
    claimed = deliveries.claim(everything, SMS, now=NOW)
    to, letter = deliveries.open_letter(
        everything, claimed, base_url="https://rides.example.org", now=NOW
    )
    assert to == ["604-555-0118"]
    assert letter.brief == (
        "Una pregunta sobre el 9 mar, 10:00 a. m. https://rides.example.org/offers"
    )


def test_a_number_that_was_taken_out_meanwhile_is_no_address(everything, group, driver):
    driver.user.takes_mail, driver.user.takes_texts = False, True
    offer = an_offer(everything, group, driver)
    claimed = deliveries.claim(everything, SMS, now=NOW)
    driver.user.sealed_phone = None
    everything.flush()
    with pytest.raises(RefusedForGood, match="no address"):
        deliveries.open_letter(everything, claimed, base_url="", now=NOW)
    deliveries.note(everything, claimed, Outcome(DeliveryState.FAILED), now=NOW)
    assert by_channel(everything, offer)[MAIL] is DeliveryState.WAITING


BACK = TEN + timedelta(hours=3)


def open_next(session, now=NOW):
    claimed = claim(session, now)
    return claimed, deliveries.open_letter(session, claimed, base_url="", now=now)[1]


def test_what_is_told_of_one_day_at_one_moment_is_one_letter(session, group, driver, offer):
    back = an_offer(session, group, driver, at=BACK)
    claimed, letter = open_next(session)
    assert letter.subject == "A question about Tuesday 9 March, 10:00 and 13:00"
    assert letter.uid == deliveries_of(session, offer)[0].uid
    assert claim(session) is None
    deliveries.note(session, claimed, Outcome(DeliveryState.SENT), now=NOW)
    assert state_of(session, offer) is state_of(session, back) is DeliveryState.SENT
    assert {one.tries for one in session.scalars(select(Delivery))} == {1}


@pytest.mark.parametrize("other", ["day", "moment", "reader", "kind", "group"])
def test_what_is_told_of_something_else_is_a_letter_of_its_own(
    session, group, driver, offer, other
):
    if other == "day":
        an_offer(session, group, driver, at=BACK + timedelta(days=1))
    elif other == "moment":
        an_offer(session, group, driver, at=BACK, now=NOW - rules.SETTLED - timedelta(seconds=1))
    elif other == "reader":
        an_offer(session, group, a_driver(session, group), at=BACK)
    elif other == "kind":
        back = an_offer(session, group, driver, at=BACK)
        back.state, back.ended_at = AssignmentState.RELEASED, NOW
        tell(session, back, MessageKind.RIDE_WITHDRAWN, "withdrawn")
    else:
        far = a_group(session)
        an_offer(session, far, a_driver(session, far, user=driver.user), at=BACK)
    letters = [open_next(session)[1].subject for _letter in range(2)]
    assert claim(session) is None
    assert not any("and" in one for one in letters)


def test_what_is_news_no_more_does_not_go_along(session, group, driver, offer):
    back = an_offer(session, group, driver, at=BACK)
    _read(session, back, NOW)
    _claimed, letter = open_next(session)
    assert letter.subject == "A question about Tuesday 9 March, 10:00"
    assert state_of(session, back) is DeliveryState.WITHDRAWN


def test_where_the_first_is_news_no_more_the_second_goes_alone(session, group, driver, offer):
    back = an_offer(session, group, driver, at=BACK)
    _read(session, offer, NOW)
    _claimed, letter = open_next(session)
    assert letter.subject == "A question about Tuesday 9 March, 13:00"
    assert letter.uid == deliveries_of(session, back)[0].uid


def test_a_letter_that_is_tried_again_tells_all_of_it_under_the_same_mark(
    session, group, driver, offer
):
    an_offer(session, group, driver, at=BACK)
    claimed, first = open_next(session)
    deliveries.note(session, claimed, Outcome(DeliveryState.WAITING, "away"), now=NOW)
    assert claim(session) is None
    again, second = open_next(session, NOW + rules.PAUSES[0])
    assert (again, second.uid, second.subject) == (claimed, first.uid, first.subject)


def test_a_worker_that_died_with_two_in_one_letter_leaves_both_unsure(
    session, group, driver, offer
):
    back = an_offer(session, group, driver, at=BACK)
    claim(session)
    assert deliveries.give_up_lost(session, now=NOW + LEASE + timedelta(seconds=1)) == 2
    assert state_of(session, offer) is state_of(session, back) is DeliveryState.UNSURE


def test_two_in_a_letter_that_is_refused_both_leave_by_another_channel(
    everything, group, driver, offer
):
    back = an_offer(everything, group, driver, at=BACK)
    refuse(everything, MAIL)
    assert by_channel(everything, offer)[SMS] is DeliveryState.WAITING
    assert by_channel(everything, back)[SMS] is DeliveryState.WAITING
    later = NOW + rules.SETTLED
    claimed = deliveries.claim(everything, SMS, now=later)
    brief = deliveries.open_letter(everything, claimed, base_url="", now=later)[1].brief
    assert "10:00 and 13:00" in brief


@pytest.fixture
def family(session, group):
    """A Spanish-speaking family that wants text messages."""
    return a_family(with_texts(session), group, takes_texts=True)


def tell_about(session, group, family, *, at=TEN, kind=MessageKind.RIDE_ACCEPTED, now=BEFORE):
    """A ride of `family` at `at`, and what the family is to be told of it; the delivery."""
    state = RideState.ACCEPTED if kind is MessageKind.RIDE_ACCEPTED else RideState.CANCELLED
    ride = a_ride(
        session,
        group,
        family=family,
        service_on=at.date(),
        window_starts_at=at,
        window_ends_at=at,
        state=state,
    )
    service.tell_family(
        session,
        kind=kind,
        family_id=family.id,
        ride=ride,
        facts={"pickup_at": (at - timedelta(minutes=20)).isoformat()},
        once=f"{kind.value}:{ride.uid}",
        now=now,
    )
    message = session.scalars(select(Message).where(Message.ride_id == ride.id)).one()
    return session.scalars(select(Delivery).where(Delivery.message_id == message.id)).one()


def open_text(session, now=NOW):
    claimed = deliveries.claim(session, SMS, now=now)
    return claimed, *deliveries.open_letter(session, claimed, base_url="https://a.org", now=now)


def test_a_family_that_wants_texts_is_told_the_planned_time_in_its_language(session, group, family):
    group.desk_phone = "604-555-0100"
    delivery = tell_about(session, group, family)
    assert delivery.channel == SMS
    _claimed, to, letter = open_text(session)
    assert to == ["604-555-0117"]
    assert letter.brief == "Confirmado: 9 mar, 9:40 a. m. Preguntas: 604-555-0100"


def test_both_ways_of_a_family_are_one_text_and_those_of_another_are_not(session, group, family):
    other = a_family(session, group, takes_texts=True, language="en")
    for whose, hours in ((family, 0), (family, 3), (other, 1)):
        tell_about(session, group, whose, at=TEN + timedelta(hours=hours))
    texts = [open_text(session)[2].brief for _text in range(2)]
    assert deliveries.claim(session, SMS, now=NOW) is None
    assert [text.split(".")[0] for text in texts] == [
        "Confirmado: 9 mar, 9:40 a",
        "Confirmed: 9 Mar, 10:40",
    ]
    assert "12:40 p. m." in texts[0]


def test_a_text_waits_for_the_morning(session, group, family):
    night = NOW.replace(hour=6)
    at = night + timedelta(hours=13)
    delivery = tell_about(session, group, family, at=at, now=night)
    assert delivery.next_try_at == NOW.replace(hour=15)


def test_what_is_settled_no_more_is_not_told_a_family(session, group, family):
    delivery = tell_about(session, group, family)
    delivery.message.ride.state = RideState.OPEN
    session.flush()
    assert deliveries.claim(session, SMS, now=NOW) is None
    assert delivery.state is DeliveryState.WITHDRAWN


def test_a_family_that_withdrew_meanwhile_is_sent_nothing(session, group, family):
    delivery = tell_about(session, group, family)
    family.withdrawn_at = NOW
    session.flush()
    assert deliveries.claim(session, SMS, now=NOW) is None
    assert delivery.state is DeliveryState.WITHDRAWN


def test_a_family_that_was_erased_meanwhile_is_sent_nothing(session, group, family):
    tell_about(session, group, family)
    claimed = deliveries.claim(session, SMS, now=NOW)
    session.info["vault"].keys.destroy(family.key_owner)
    with pytest.raises(RefusedForGood, match="erased"):
        deliveries.open_letter(session, claimed, base_url="", now=NOW)


def test_what_is_refused_leaves_by_nothing_else(session, group, family):
    delivery = tell_about(session, group, family)
    refuse(session, SMS)
    assert delivery.state is DeliveryState.FAILED
    chosen = select(Delivery).where(Delivery.message_id == delivery.message_id)
    assert len(session.scalars(chosen).all()) == 1


def test_a_cancelled_ride_is_told_as_such(session, group, family):
    tell_about(session, group, family, kind=MessageKind.RIDE_CANCELLED)
    _claimed, _to, letter = open_text(session)
    assert letter.brief.startswith("Cancelado: 9 mar, 9:40 a. m.")
