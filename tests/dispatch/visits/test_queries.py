"""What a family is shown of itself, and of nobody else."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import NotFound
from dispatch.families import service as families
from dispatch.families.facts import Part
from dispatch.glass.models import GlassBreak, Need
from dispatch.planning import service as planning
from dispatch.rides.models import RideState
from dispatch.visits import queries, service
from dispatch.visits.facts import Seen
from tests import build
from tests.dispatch.visits import household


@pytest.fixture
def known(session, now):
    """A household."""
    return household.make(session, now)


def rides(session, known, now):
    return queries.own_rides(session, known.actor, known.group, now=now)


def test_a_ride_says_when_from_where_to_where_and_who_comes(session, known, now):
    (one,) = rides(session, known, now)
    assert (one.start, one.end) == ("Home", "Lakeview Clinic")
    assert (one.driver.name, one.driver.car) == ("Marta", "blue Honda")
    assert one.at == known.held.pickup_at
    assert not one.is_arrival


def test_a_driver_who_is_late_is_expected_later_until_the_car_is_there(session, known, now):
    known.held.delay_minutes = 20
    session.flush()
    (one,) = rides(session, known, now)
    assert one.at == known.held.pickup_at + timedelta(minutes=20)
    assert one.driver.delay_minutes == 20
    known.ride.state = RideState.ARRIVED
    session.flush()
    (one,) = rides(session, known, now)
    assert (one.at, one.driver.delay_minutes) == (known.held.pickup_at, 0)


def test_an_offer_is_nobodys_business_yet(session, known, now):
    planning.release(session, known.rosa, known.held, now=now)
    session.refresh(known.ride, ["assignments"])
    (one,) = rides(session, known, now)
    assert one.driver is None
    assert (one.at, one.is_arrival) == (build.TEN, True)


def test_another_private_address_is_only_its_area(session, known, now):
    other = build.a_home(session, known.group, known.family.uid, line="9 Secret Way")
    other.kind = other.kind.OTHER_PRIVATE
    known.ride.dropoff_place = other
    session.flush()
    assert rides(session, known, now)[0].end == "Mill Hill"


def test_what_is_over_or_called_off_is_not_shown(session, known, now):
    known.ride.state = RideState.DONE
    session.flush()
    assert rides(session, known, now) == []


def test_the_rides_of_another_family_are_not_found(session, known, now):
    theirs = build.a_ride(session, known.group)
    assert [one.ride.id for one in rides(session, known, now)] == [known.ride.id]
    with pytest.raises(NotFound):
        queries.get_own_ride(session, known.actor, theirs.uid)
    assert queries.get_own_ride(session, known.actor, known.ride.uid) is known.ride


def test_a_coordinator_is_no_family(session, known):
    with pytest.raises(NotFound):
        queries.own_family(session, known.rosa)
    with pytest.raises(NotFound):
        queries.get_own_ride(session, known.rosa, known.ride.uid)


def test_a_will_call_waits_for_their_word_on_its_day(session, known, now):
    waiting = build.a_ride(
        session,
        known.group,
        family=known.family,
        state=RideState.WILL_CALL,
        window_starts_at=None,
        window_ends_at=None,
        service_on=build.DAY,
    )

    def is_waited_for(moment):
        shown = {one.ride.id: one for one in rides(session, known, moment)}
        return shown[waiting.id].is_waited_for

    assert not is_waited_for(now)
    assert is_waited_for(now + timedelta(days=1))


def test_a_ride_with_a_time_comes_before_a_will_call_of_its_day(session, known, now):
    build.a_ride(
        session,
        known.group,
        family=known.family,
        state=RideState.WILL_CALL,
        window_starts_at=None,
        window_ends_at=None,
        service_on=build.DAY,
    )
    assert [one.at is None for one in rides(session, known, now)] == [False, True]


def test_what_one_person_read_at_once_is_one_look(session, known, now):
    families.reveal(session, known.rosa, known.family, now=now)
    (look,) = queries.own_looks(session, known.family, most=5)
    assert look.what == {Seen.ADDRESS, Seen.OTHER}
    assert (look.role, look.name, look.in_need) == ("coordinator", "", False)


def test_a_driver_is_told_by_first_name(session, known, now):
    actor = build.driver_actor(known.held.driver)
    moment = known.held.pickup_at - timedelta(minutes=10)
    planning.look(session, actor, known.held, now=moment)
    (look,) = queries.own_looks(session, known.family, most=5)
    assert (look.role, look.name) == ("driver", "Marta")


def test_a_look_that_was_refused_showed_nothing_and_is_not_told(session, known, now):
    session.commit()
    stranger = build.a_coordinator(session, build.a_group(session))
    session.commit()
    with pytest.raises(NotFound):
        families.reveal(session, stranger, known.family, parts={Part.NAME}, now=now)
    assert queries.own_looks(session, known.family, most=5) == []


def test_a_look_while_the_family_was_opened_in_need_says_so(session, known, now):
    service.withdraw(session, known.actor, known.family, now=now)
    session.add(
        GlassBreak(
            group_id=known.group.id,
            family=known.family,
            user_id=known.rosa.user_id,
            need=Need.DANGER,
            starts_at=now,
            ends_at=now + timedelta(minutes=30),
            review_by=now + timedelta(hours=72),
        )
    )
    session.commit()
    session.refresh(known.family, ["breaks"])
    families.reveal(session, known.rosa, known.family, parts={Part.NAME}, now=now)
    assert [one.in_need for one in queries.own_looks(session, known.family, most=5)] == [True]


def test_the_day_of_erasure_follows_from_the_last_ride(session, known, now):
    day = queries.erased_on(session, known.family, known.group)
    assert day == build.DAY + timedelta(days=known.group.family_days + 1)


def test_who_withdrew_is_gone_from_every_copy_within_a_week(session, known, now):
    service.withdraw(session, known.actor, known.family, now=now)
    day = queries.erased_on(session, known.family, known.group)
    assert day == now.date() + timedelta(days=7)


def test_codes_and_phones_are_for_the_own_desk_alone(session, known, now):
    code = service.give_code(session, known.rosa, known.family, now=now)
    service.enter(session, code, "203.0.113.7", now=now)
    stranger = build.a_coordinator(session, build.a_group(session))
    for find in (queries.codes_of, queries.phones_of):
        assert len(find(session, known.rosa, known.family)) == 1
        assert find(session, stranger, known.family) == []
        assert find(session, replace(known.rosa, is_active=False), known.family) == []


def test_only_an_open_code_counts_as_open(session, known, now):
    service.give_code(session, known.rosa, known.family, now=now)
    codes = queries.codes_of(session, known.rosa, known.family)
    assert queries.has_open_code(codes, now)
    assert not queries.has_open_code(codes, now + timedelta(days=7))
