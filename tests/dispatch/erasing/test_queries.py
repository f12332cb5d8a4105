"""Who is due, and what keeps them."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from dispatch.erasing import queries
from dispatch.erasing.models import Erasure, ErasureState, LegalHold, Whose, Why
from dispatch.families.models import Family
from dispatch.people.models import Group
from dispatch.planning.models import AssignmentState
from dispatch.rides.models import RideState
from tests import build
from tests.dispatch.erasing import scene
from tests.dispatch.erasing.scene import NOW

LONG_AGO = NOW - timedelta(days=400)


@pytest.fixture
def group(any_session: Session) -> Group:
    return build.a_group(any_session, family_days=90)


@pytest.fixture
def family(any_session: Session, group: Group) -> Family:
    return build.a_family(any_session, group, made_at=LONG_AGO)


def due(session: Session) -> list[tuple]:
    """Who is due now, and why."""
    return [(one.owner_uid, one.why) for one in queries.due_families(session, now=NOW)]


@pytest.mark.parametrize(("days", "is_due"), [(90, False), (91, True)])
def test_a_family_is_due_when_its_days_have_passed(
    any_session: Session, group: Group, family: Family, days: int, is_due: bool
):
    scene.a_past_ride(any_session, group, family, days)
    assert due(any_session) == ([(family.uid, Why.INACTIVE)] if is_due else [])


def test_a_ride_that_is_only_counted_any_more_still_counts_for_its_family(
    any_session: Session, family: Family
):
    family.last_ride_on = scene.days_ago(60)
    any_session.flush()
    assert due(any_session) == []
    assert queries.kept_until(any_session, family) == scene.days_ago(60) + timedelta(days=91)


def test_a_family_that_never_asked_counts_from_when_it_was_entered(
    any_session: Session, group: Group, family: Family
):
    fresh = build.a_family(any_session, group, made_at=NOW)
    assert [uid for uid, _why in due(any_session)] == [family.uid]
    assert queries.kept_until(any_session, fresh) == date(2027, 6, 7)


def test_a_ride_to_come_keeps_its_family(any_session: Session, group: Group, family: Family):
    scene.a_past_ride(any_session, group, family, -10, state=RideState.OPEN)
    assert due(any_session) == []


def test_a_family_that_withdrew_is_due_at_once(any_session: Session, group: Group, family: Family):
    scene.a_past_ride(any_session, group, family, 1)
    family.withdrawn_at = NOW
    any_session.flush()
    assert due(any_session) == [(family.uid, Why.WITHDRAWN)]


def test_nobody_is_erased_while_a_driver_is_on_the_way(
    any_session: Session, group: Group, family: Family
):
    ride = scene.a_past_ride(any_session, group, family, 0, state=RideState.ACCEPTED)
    driver = build.a_driver(any_session, group)
    scene.driven_by(any_session, ride, driver, state=AssignmentState.ACCEPTED)
    family.withdrawn_at = driver.user.leaves_at = NOW
    any_session.flush()
    assert due(any_session) == []
    assert queries.due_accounts(any_session, now=NOW) == []
    later = NOW + timedelta(hours=1)
    assert [one.owner_uid for one in queries.due_families(any_session, now=later)] == [family.uid]
    assert [one.row_id for one in queries.due_accounts(any_session, now=later)] == [driver.user_id]


def test_a_confirmed_hold_keeps_a_family_until_it_ends(
    any_session: Session, group: Group, family: Family
):
    hold = LegalHold(
        family_id=family.id, group_id=group.id, made_at=NOW, expires_at=NOW + timedelta(days=9)
    )
    any_session.add(hold)
    any_session.flush()
    assert len(due(any_session)) == 1
    hold.confirmed_at = NOW
    any_session.flush()
    assert due(any_session) == []
    assert queries.held_family_ids(any_session, now=NOW) == {family.id}
    assert queries.live_holds(any_session, group.id, now=NOW) == [hold]
    assert queries.due_families(any_session, now=NOW + timedelta(days=9))
    hold.ended_at = NOW
    any_session.flush()
    assert len(due(any_session)) == 1


def test_what_should_have_been_taken_by_the_daily_run_is_overdue(
    any_session: Session, family: Family
):
    family.withdrawn_at = NOW
    any_session.flush()
    assert queries.overdue(any_session, now=NOW + timedelta(hours=23)) == []
    assert len(queries.overdue(any_session, now=NOW + timedelta(hours=24))) == 1


def test_the_longest_overdue_comes_first_and_says_everything(any_session: Session, group: Group):
    other = build.a_group(any_session, family_days=30)
    late = build.a_family(any_session, group, withdrawn_at=NOW)
    first = build.a_family(any_session, other, made_at=LONG_AGO)
    (one, two) = queries.due_families(any_session, now=NOW)
    began = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
    assert one == queries.Due(first.uid, Whose.FAMILY, first.id, other.id, Why.INACTIVE, began)
    assert two == queries.Due(late.uid, Whose.FAMILY, late.id, group.id, Why.WITHDRAWN, NOW)


def test_an_account_is_due_from_the_moment_that_was_agreed(any_session: Session, group: Group):
    user = build.a_driver(any_session, group).user
    build.a_user(any_session)
    assert queries.due_accounts(any_session, now=NOW) == []
    user.leaves_at = NOW
    any_session.flush()
    assert queries.due_accounts(any_session, now=NOW - timedelta(seconds=1)) == []
    assert queries.due_accounts(any_session, now=NOW) == [
        queries.Due(user.uid, Whose.ACCOUNT, user.id, None, Why.WITHDRAWN, NOW)
    ]
    overdue = queries.overdue(any_session, now=NOW + timedelta(hours=24))
    assert [one.whose for one in overdue] == [Whose.ACCOUNT]


@pytest.mark.parametrize("state", [AssignmentState.OFFERED, AssignmentState.ACCEPTED])
def test_a_ride_to_come_keeps_its_own_people_only(
    any_session: Session, group: Group, family: Family, state: AssignmentState
):
    other, idle = build.a_family(any_session, group), build.a_driver(any_session, group)
    ride = scene.a_past_ride(any_session, group, family, 0, state=RideState.ACCEPTED)
    driver = build.a_driver(any_session, group)
    ends = NOW + timedelta(minutes=5)
    scene.driven_by(any_session, ride, driver, state=state, busy_until=ends)
    for one in (family, other):
        one.withdrawn_at = NOW
    driver.user.leaves_at = idle.user.leaves_at = NOW
    any_session.flush()
    before = ends - timedelta(seconds=1)
    assert [one.row_id for one in queries.due_families(any_session, now=before)] == [other.id]
    accounts = queries.due_accounts(any_session, now=before)
    assert [one.row_id for one in accounts] == [idle.user_id]
    assert len(queries.due_families(any_session, now=ends)) == 2
    assert len(queries.due_accounts(any_session, now=ends)) == 2


def test_a_ride_that_was_driven_keeps_nobody(any_session: Session, group: Group, family: Family):
    ride = scene.a_past_ride(any_session, group, family, 0)
    driver = build.a_driver(any_session, group)
    ends = NOW + timedelta(minutes=5)
    scene.driven_by(any_session, ride, driver, busy_until=ends)
    family.withdrawn_at = driver.user.leaves_at = NOW
    any_session.flush()
    assert len(queries.due_families(any_session, now=NOW)) == 1
    assert len(queries.due_accounts(any_session, now=NOW)) == 1


def test_the_last_of_all_days_counts(any_session: Session, group: Group, family: Family):
    scene.a_past_ride(any_session, group, build.a_family(any_session, group), -30)
    for days in (80, 50, 70):
        scene.a_past_ride(any_session, group, family, days)
    family.last_ride_on = scene.days_ago(60)
    assert queries.kept_until(any_session, family) == scene.days_ago(50) + timedelta(days=91)


def test_what_was_begun_and_not_ended_is_unfinished(any_session: Session):
    times = {"due_at": NOW, "begun_at": NOW}
    begun, ended = (
        Erasure(owner_uid=uuid4(), whose=Whose.FAMILY, why=Why.WITHDRAWN, state=state, **times)
        for state in (ErasureState.ERASING, ErasureState.ERASED)
    )
    any_session.add_all([begun, ended])
    any_session.flush()
    assert queries.unfinished(any_session) == [begun]


def test_live_holds_are_those_of_the_group_the_soonest_to_end_first(
    any_session: Session, group: Group, family: Family
):
    def hold(of: Group, days: int, **values: object) -> LegalHold:
        held = build.a_family(any_session, of)
        end = NOW + timedelta(days=days)
        made = NOW - timedelta(days=9)
        found = LegalHold(family_id=held.id, group_id=of.id, made_at=made, expires_at=end, **values)
        any_session.add(found)
        any_session.flush()
        return found

    late, soon = hold(group, 9), hold(group, 2, confirmed_at=NOW)
    hold(group, 0, confirmed_at=NOW)
    hold(group, 9, confirmed_at=NOW, ended_at=NOW)
    elsewhere = hold(build.a_group(any_session), 3, confirmed_at=NOW)
    assert queries.live_holds(any_session, group.id, now=NOW) == [soon, late]
    assert queries.held_family_ids(any_session, now=NOW) == {soon.family_id, elsewhere.family_id}


def test_days_are_those_of_the_group(any_session: Session):
    group = build.a_group(any_session, family_days=90, time_zone="Pacific/Auckland")
    in_the_evening = datetime(2027, 2, 1, 20, 0, tzinfo=UTC)
    family = build.a_family(any_session, group, made_at=in_the_evening)
    assert queries.kept_until(any_session, family) == date(2027, 2, 2) + timedelta(days=91)


def test_a_hold_keeps_no_other_family(any_session: Session, group: Group, family: Family):
    other = build.a_family(any_session, group, withdrawn_at=NOW)
    times = {"made_at": NOW, "confirmed_at": NOW, "expires_at": NOW + timedelta(days=9)}
    any_session.add(LegalHold(family_id=family.id, group_id=group.id, **times))
    any_session.flush()
    assert [uid for uid, _why in due(any_session)] == [other.uid]
