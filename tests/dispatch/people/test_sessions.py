"""Web sessions: the row, not the cookie, says whether somebody is signed in."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.people import sessions
from dispatch.people.models import Membership, Role, UserState, WebSession
from tests.build import a_group, a_user

SECOND = timedelta(seconds=1)


def test_a_token_finds_the_person_who_signed_in(any_session: Session, now: datetime):
    user = a_user(any_session)
    token = sessions.begin(any_session, user, now=now)
    assert sessions.find(any_session, token, now=now).user is user
    assert sessions.find(any_session, token[:-1] + "?", now=now) is None
    assert sessions.find(any_session, "", now=now) is None


def test_the_token_itself_is_not_stored(any_session: Session, now: datetime):
    token = sessions.begin(any_session, a_user(any_session), now=now)
    row = any_session.scalars(select(WebSession)).one()
    assert token.encode() not in row.token_hash
    assert len(token) >= 43


def test_half_an_hour_unused_ends_it_to_the_second(any_session: Session, now: datetime):
    token = sessions.begin(any_session, a_user(any_session), now=now)
    assert sessions.find(any_session, token, now=now + sessions.IDLE - SECOND)
    assert sessions.find(any_session, token, now=now + sessions.IDLE) is None
    assert sessions.find(any_session, token, now=now + sessions.IDLE + SECOND) is None


def test_twelve_hours_end_it_to_the_second_however_it_was_used(any_session: Session, now: datetime):
    token = sessions.begin(any_session, a_user(any_session), now=now)
    end = now + sessions.ABSOLUTE
    at = now
    while at < end - timedelta(minutes=20):
        at += timedelta(minutes=20)
        sessions.touch(any_session, sessions.find(any_session, token, now=at).id, now=at)
    any_session.expire_all()
    assert sessions.find(any_session, token, now=end - SECOND)
    assert sessions.find(any_session, token, now=end) is None
    assert sessions.find(any_session, token, now=end + SECOND) is None


def test_using_it_is_noted_once_a_minute(any_session: Session, now: datetime):
    token = sessions.begin(any_session, a_user(any_session), now=now)
    found = sessions.find(any_session, token, now=now)
    assert not sessions.is_due_to_touch(found, now + timedelta(seconds=59))
    assert sessions.is_due_to_touch(found, now + timedelta(seconds=60))


def test_an_ended_session_is_over(any_session: Session, now: datetime):
    token = sessions.begin(any_session, a_user(any_session), now=now)
    sessions.end(any_session, sessions.find(any_session, token, now=now), now=now)
    assert sessions.find(any_session, token, now=now) is None


def test_what_was_ended_on_purpose_is_told_from_what_ran_out(any_session: Session, now: datetime):
    user = a_user(any_session)
    token = sessions.begin(any_session, user, now=now)
    assert not sessions.was_ended(any_session, token)
    assert not sessions.was_ended(any_session, "nobody's")
    user.state = UserState.SUSPENDED
    assert sessions.was_ended(any_session, token)
    user.state = UserState.ACTIVE
    sessions.end_all(any_session, user, now=now)
    any_session.expire_all()
    assert sessions.was_ended(any_session, token)


def test_all_sessions_of_a_person_end_together_but_one(any_session: Session, now: datetime):
    user, other = a_user(any_session), a_user(any_session)
    tokens = [sessions.begin(any_session, user, now=now) for _browser in range(3)]
    others = sessions.begin(any_session, other, now=now)
    sessions.end_all(any_session, user, now=now, but=tokens[1])
    live = [token for token in [*tokens, others] if sessions.find(any_session, token, now=now)]
    assert live == [tokens[1], others]
    sessions.end_all(any_session, user, now=now)
    assert sessions.find(any_session, tokens[1], now=now) is None


@pytest.mark.parametrize("state", [UserState.SUSPENDED, UserState.INVITED])
def test_an_account_that_is_not_open_has_no_session(
    any_session: Session, now: datetime, state: UserState
):
    user = a_user(any_session)
    token = sessions.begin(any_session, user, now=now)
    user.state = state
    any_session.flush()
    assert sessions.find(any_session, token, now=now) is None


def test_signing_in_ends_what_the_browser_had_before(any_session: Session, now: datetime):
    user = a_user(any_session)
    before = sessions.begin(any_session, user, now=now)
    row = sessions.find(any_session, before, now=now)
    after = sessions.begin(any_session, user, now=now, instead_of=row)
    assert before != after
    assert sessions.find(any_session, before, now=now) is None
    assert sessions.find(any_session, after, now=now).user is user


def test_a_person_keeps_the_group_a_stranger_does_not(any_session: Session, now: datetime):
    first, second = a_group(any_session, name="A"), a_group(any_session, name="B")
    user, stranger = a_user(any_session), a_user(any_session)
    for group in (first, second):
        any_session.add(Membership(user=user, group=group, role=Role.COORDINATOR))
    any_session.flush()
    row = sessions.find(any_session, sessions.begin(any_session, user, now=now), now=now)
    assert row.group is first
    row.group = second
    any_session.flush()
    again = sessions.begin(any_session, user, now=now, instead_of=row)
    assert sessions.find(any_session, again, now=now).group is second
    strangers = sessions.begin(any_session, stranger, now=now, instead_of=row)
    assert sessions.find(any_session, strangers, now=now).group is None


def test_who_coordinates_one_group_and_drives_in_another_starts_as_coordinator(
    any_session: Session, now: datetime
):
    driven, coordinated = a_group(any_session), a_group(any_session)
    user = a_user(any_session)
    any_session.add(Membership(user=user, group=driven, role=Role.DRIVER))
    any_session.add(Membership(user=user, group=coordinated, role=Role.COORDINATOR))
    any_session.flush()
    token = sessions.begin(any_session, user, now=now)
    assert sessions.find(any_session, token, now=now).group is coordinated


def test_an_actor_is_what_the_account_says(any_session: Session):
    group = a_group(any_session)
    user = a_user(any_session, is_steward=True)
    any_session.add(Membership(user=user, group=group, role=Role.COORDINATOR))
    any_session.flush()
    actor = sessions.actor_of(user, {group.id: 5})
    assert (actor.is_active, actor.is_steward) == (True, True)
    assert (actor.coordinates, actor.driver_ids) == ({group.id}, {5})
    user.state = UserState.SUSPENDED
    assert not sessions.actor_of(user, {}).is_active
