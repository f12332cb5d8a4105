"""Codes open a page once; a family says yes, no and ready; withdrawing closes every door."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from dispatch.audit.models import AuditEvent
from dispatch.errors import Conflict, NotFound, Refused, Stale, TooMany
from dispatch.families import service as families
from dispatch.families.facts import FamilyFacts, Part
from dispatch.families.models import FamilyState
from dispatch.notify.models import Message, MessageKind
from dispatch.people import alarms
from dispatch.people.models import Alarm, SignInFailure
from dispatch.places.models import AddressGrant
from dispatch.planning import service as planning
from dispatch.planning.service.moving_home import follow_home
from dispatch.policy import Action
from dispatch.rides.models import RideState
from dispatch.visits import rules, service
from dispatch.visits.models import CodeState, FamilyCode
from dispatch.visits.service.codes import hash_of
from tests import build
from tests.dispatch.visits import household

HERE, ELSEWHERE = "203.0.113.7", "198.51.100.7"


@pytest.fixture
def known(any_session, now):
    """A household, on each kind of database."""
    return household.make(any_session, now)


def give(session, known, now):
    return service.give_code(session, known.rosa, known.family, now=now)


def test_a_code_opens_the_page_of_its_family(any_session, known, now):
    family, token = service.enter(any_session, give(any_session, known, now), HERE, now=now)
    assert family.id == known.family.id
    assert service.find_phone(any_session, token, now=now).family_id == family.id


def test_a_code_opens_once(any_session, known, now):
    code = give(any_session, known, now)
    service.enter(any_session, code, HERE, now=now)
    with pytest.raises(Refused):
        service.enter(any_session, code, HERE, now=now)


def test_every_code_that_does_not_work_is_told_alike(any_session, known, now):
    ended = give(any_session, known, now)
    used = give(any_session, known, now)
    service.enter(any_session, used, HERE, now=now)
    late = give(any_session, known, now - rules.CODE_LASTS)
    said = set()
    for typed in (ended, used, late, "nothing like a code", "", "K3MF 7HRA 9XWC"):
        with pytest.raises(Refused) as refused:
            service.enter(any_session, typed, HERE, now=now)
        said.add(tuple(refused.value.reasons))
    assert len(said) == 1


def test_a_code_works_until_its_last_second(any_session, known, now):
    code = give(any_session, known, now)
    last = now + rules.CODE_LASTS - timedelta(seconds=1)
    assert service.enter(any_session, code, HERE, now=last)


def test_no_code_is_stored(any_session, known, now):
    code = give(any_session, known, now)
    row = any_session.scalars(select(FamilyCode)).one()
    assert code.encode() not in row.code_hash
    assert row.code_hash == hash_of(any_session, code)
    assert row.state(now) is CodeState.OPEN


def test_a_new_code_ends_the_one_before(any_session, known, now):
    first = give(any_session, known, now)
    give(any_session, known, now)
    with pytest.raises(Refused):
        service.enter(any_session, first, HERE, now=now)


def test_an_ended_code_opens_nothing(any_session, known, now):
    code = give(any_session, known, now)
    service.end_codes(any_session, known.rosa, known.family, now=now)
    with pytest.raises(Refused):
        service.enter(any_session, code, HERE, now=now)


def test_the_desk_of_another_group_gives_no_code(any_session, known, now):
    stranger = build.a_coordinator(any_session, build.a_group(any_session))
    with pytest.raises(NotFound):
        service.give_code(any_session, stranger, known.family, now=now)


def test_wrong_codes_from_one_network_have_to_rest(any_session, known, now):
    for _try in range(rules.FREE_FOR_NETWORK):
        with pytest.raises(Refused):
            service.enter(any_session, "wrong", HERE, now=now)
    code = give(any_session, known, now)
    with pytest.raises(TooMany):
        service.enter(any_session, code, HERE, now=now)
    assert service.enter(any_session, code, ELSEWHERE, now=now)


def test_wrong_codes_from_many_networks_slow_everybody_down_by_seconds(
    any_session, known, now, monkeypatch
):
    monkeypatch.setattr(rules, "FREE_EVERYWHERE", 3)
    for number in range(3):
        with pytest.raises(Refused):
            service.enter(any_session, "wrong", f"192.0.{number}.1", now=now)
    code = give(any_session, known, now)
    with pytest.raises(TooMany) as told:
        service.enter(any_session, code, HERE, now=now)
    assert told.value.seconds == 10
    assert service.enter(any_session, code, HERE, now=now + rules.PAUSE_EVERYWHERE)


def test_a_code_that_fits_counts_as_no_guess(any_session, known, now):
    service.enter(any_session, give(any_session, known, now), HERE, now=now)
    assert any_session.scalar(select(func.count()).select_from(SignInFailure)) == 0


def test_a_sixth_phone_closes_the_page_on_the_first(any_session, known, now):
    tokens = []
    for number in range(rules.MOST_PHONES + 1):
        at = now + timedelta(minutes=number)
        tokens.append(service.enter(any_session, give(any_session, known, at), HERE, now=at)[1])
    assert service.find_phone(any_session, tokens[0], now=at) is None
    assert all(service.find_phone(any_session, one, now=at) for one in tokens[1:])


@pytest.fixture
def phone(any_session, known, now):
    """The token and the row of a phone on which the page is open."""
    _family, token = service.enter(any_session, give(any_session, known, now), HERE, now=now)
    return token, service.find_phone(any_session, token, now=now)


def test_the_desk_ends_a_phone_at_once(any_session, known, phone, now):
    service.end_phone(any_session, known.rosa, known.family, phone[1], now=now)
    assert service.find_phone(any_session, phone[0], now=now) is None


def test_leaving_closes_the_page_on_this_phone(any_session, known, phone, now):
    service.leave(any_session, known.actor, phone[1], now=now)
    assert service.find_phone(any_session, phone[0], now=now) is None


def test_a_page_that_is_used_stays_open_and_one_that_is_not_closes(any_session, phone, now):
    later = now + rules.PHONE_IDLE
    assert service.find_phone(any_session, phone[0], now=later) is None
    service.touch(any_session, phone[1].id, now=now + timedelta(days=1))
    any_session.expire_all()
    assert service.find_phone(any_session, phone[0], now=later) is not None


def test_opening_the_page_is_on_record_as_the_familys(any_session, known, phone, now):
    any_session.commit()
    row = any_session.scalars(
        select(AuditEvent).where(AuditEvent.action == Action.SEE_OWN_FAMILY.value)
    ).one()
    assert (row.role, row.family_uid) == ("family", known.family.uid)


def test_a_family_says_yes_once(any_session, known, now):
    service.confirm(any_session, known.actor, known.ride, now=now)
    service.confirm(any_session, known.actor, known.ride, now=now + timedelta(hours=1))
    assert known.ride.confirmed_at == now


def test_another_time_wants_another_yes(any_session, known, now):
    service.confirm(any_session, known.actor, known.ride, now=now)
    window = (build.TEN, build.TEN + timedelta(minutes=30))
    version = known.ride.version
    planning.change_window(any_session, known.rosa, known.ride, window, version=version, now=now)
    assert known.ride.confirmed_at is None


def test_another_family_says_nothing_about_the_ride(any_session, known, now):
    other = replace(known.actor, family_id=build.a_family(any_session, known.group).id)
    with pytest.raises(NotFound):
        service.confirm(any_session, other, known.ride, now=now)
    with pytest.raises(NotFound):
        service.cancel(any_session, other, known.ride, reason="sick", version=1, now=now)
    with pytest.raises(NotFound):
        service.mark_ready(any_session, other, known.ride, now=now)


def call_off(session, known, now, **values):
    version = values.get("version", known.ride.version)
    reason = values.get("reason", "sick")
    service.cancel(session, known.actor, known.ride, reason=reason, version=version, now=now)


def live_grants(session):
    return session.scalars(select(AddressGrant).where(AddressGrant.revoked_at.is_(None))).all()


def test_a_family_calls_its_ride_off_and_the_door_closes(any_session, known, now):
    assert live_grants(any_session)
    call_off(any_session, known, now)
    assert (known.ride.state, known.ride.cancel_reason) == (RideState.CANCELLED, "sick")
    assert live_grants(any_session) == []


def test_the_driver_and_the_desk_are_told_and_the_family_is_not_called(any_session, known, now):
    call_off(any_session, known, now)
    kinds = {one.kind for one in any_session.scalars(select(Message))}
    assert kinds == {MessageKind.RIDE_WITHDRAWN}
    (alarm,) = alarms.open_alarms(any_session, known.rosa)
    assert known.family.number in alarms.say(any_session, alarm)


def test_a_ride_without_a_driver_alarms_nobody_when_it_is_called_off(any_session, known, now):
    planning.release(any_session, known.rosa, known.held, now=now)
    call_off(any_session, known, now)
    assert alarms.open_alarms(any_session, known.rosa) == []


def test_what_was_changed_meanwhile_is_not_called_off(any_session, known, now):
    with pytest.raises(Stale):
        call_off(any_session, known, now, version=known.ride.version + 1)


def test_a_reason_that_is_not_the_familys_counts_as_its_plain_wish(any_session, known, now):
    call_off(any_session, known, now, reason="desk")
    assert known.ride.cancel_reason == "family"


def test_who_sits_in_the_car_cannot_call_it_off(any_session, known, now):
    known.ride.state = RideState.ON_BOARD
    any_session.flush()
    with pytest.raises(Conflict):
        call_off(any_session, known, now)


def test_a_family_says_that_it_is_ready(any_session, known, now):
    waiting = build.a_ride(
        any_session,
        known.group,
        family=known.family,
        state=RideState.WILL_CALL,
        window_starts_at=None,
        window_ends_at=None,
        service_on=now.date(),
    )
    service.mark_ready(any_session, known.actor, waiting, now=now)
    assert (waiting.state, waiting.ready_at) == (RideState.OPEN, now)


def withdraw(session, known, now, actor=None):
    service.withdraw(session, actor or known.actor, known.family, now=now)


def test_withdrawing_calls_every_ride_off_and_closes_every_door(any_session, known, now):
    other = build.a_ride(any_session, known.group, family=known.family)
    withdraw(any_session, known, now)
    assert {known.ride.state, other.state} == {RideState.CANCELLED}
    assert live_grants(any_session) == []
    assert known.family.withdrawn_at == now
    assert known.family.state is FamilyState.LEFT


def test_after_withdrawing_not_even_the_desk_reads_anything(any_session, known, now):
    for part in Part:
        assert families.reveal(any_session, known.rosa, known.family, parts={part}, now=now)
    withdraw(any_session, known, now)
    any_session.commit()  # a refusal rolls back what its request had done so far
    for part in Part:
        with pytest.raises(NotFound):
            families.reveal(any_session, known.rosa, known.family, parts={part}, now=now)


def test_who_is_on_board_is_brought_home_but_the_address_closes(any_session, known, now):
    known.ride.state = RideState.ON_BOARD
    any_session.flush()
    withdraw(any_session, known, now)
    assert known.ride.state is RideState.ON_BOARD
    assert live_grants(any_session) == []


def test_withdrawing_tells_the_desk_once_and_happens_once(any_session, known, now):
    withdraw(any_session, known, now)
    withdraw(any_session, known, now + timedelta(days=1))
    assert known.family.withdrawn_at == now
    (alarm,) = any_session.scalars(select(Alarm).where(Alarm.kind == "own-page:withdrew"))
    assert known.family.number in alarms.say(any_session, alarm)


def test_withdrawing_ends_codes_keeps_the_page_and_gives_no_new_code(any_session, known, now):
    _family, token = service.enter(any_session, give(any_session, known, now), HERE, now=now)
    code = give(any_session, known, now)
    withdraw(any_session, known, now)
    with pytest.raises(Refused):
        service.enter(any_session, code, HERE, now=now)
    with pytest.raises(Refused):
        give(any_session, known, now)
    assert service.find_phone(any_session, token, now=now) is not None


def test_the_desk_withdraws_for_a_family_that_asks_on_the_phone(any_session, known, now):
    withdraw(any_session, known, now, known.rosa)
    assert known.family.is_closed


def test_nobody_withdraws_another_family(any_session, known, now):
    other = replace(known.actor, family_id=known.family.id + 1000)
    with pytest.raises(NotFound):
        withdraw(any_session, known, now, other)


def test_who_withdrew_is_changed_no_more(any_session, known, now):
    withdraw(any_session, known, now)
    family = known.family
    with pytest.raises(Refused, match="withdrawn"):
        families.change(
            any_session,
            known.rosa,
            family,
            FamilyFacts(number=family.number),
            group=known.group,
            seen_version=family.version,
            follow=follow_home,
            now=now,
        )
