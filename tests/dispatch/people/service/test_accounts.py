"""The own account, and closing and opening those of others."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.audit.models import AuditEvent
from dispatch.db.transactions import vault_of
from dispatch.errors import Forbidden, NotFound, Refused, TooMany
from dispatch.people import passwords, queries, service, sessions
from dispatch.people.forms import Profile
from dispatch.people.models import Membership, Role, User, UserState, WebSession
from dispatch.people.service import accounts
from dispatch.policy import Action, permits
from tests.build import a_coordinator, a_driver, a_group, a_steward, a_user, actor_for, driver_actor

PROFILE = Profile(name="Rosa Diaz", phone="604-555-0117", language="es")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch):
    """Hashing without the work."""
    monkeypatch.setattr(passwords, "fits", lambda stored, typed: stored == f"hash of {typed}")
    monkeypatch.setattr(passwords, "hash_of", lambda typed: f"hash of {typed}")


@pytest.fixture
def rosa(any_session: Session) -> User:
    user = a_user(any_session, password_hash="hash of old")  # noqa: S106 -- made up
    any_session.commit()
    return user


def _browser(session: Session, user: User, now: datetime) -> WebSession:
    return sessions.find(session, sessions.begin(session, user, now=now), now=now)


def test_a_person_changes_the_own_name_phone_and_language(
    any_session: Session, rosa: User, now: datetime
):
    service.change_profile(any_session, actor_for(rosa), rosa, PROFILE, now=now)
    contact = queries.contact_of(rosa, vault_of(any_session))
    assert (contact.name, contact.phone, rosa.language) == ("Rosa Diaz", "604-555-0117", "es")


def test_nobody_changes_somebody_elses_account(any_session: Session, rosa: User, now: datetime):
    steward = a_steward(any_session)
    with pytest.raises(NotFound):
        service.change_profile(any_session, steward, rosa, PROFILE, now=now)
    with pytest.raises(NotFound):
        service.change_language(any_session, steward, rosa, "es", now=now)
    with pytest.raises(NotFound):
        service.sign_out_everywhere(any_session, steward, rosa, now=now)
    assert queries.shown_name(rosa, vault_of(any_session)) == "Rosa"


def test_a_new_password_ends_every_session_and_begins_one(
    any_session: Session, rosa: User, now: datetime
):
    here, there = _browser(any_session, rosa, now), _browser(any_session, rosa, now)
    token = service.change_password(
        any_session, actor_for(rosa), rosa, "old", "new", web_session=here, now=now
    )
    any_session.expire_all()
    assert rosa.password_hash == "hash of new"  # noqa: S105 -- made up above
    assert here.ended_at == there.ended_at == now
    assert sessions.find(any_session, token, now=now).user is rosa


def test_who_does_not_know_the_old_password_sets_no_new_one(
    any_session: Session, rosa: User, now: datetime
):
    here = _browser(any_session, rosa, now)
    for _guess in range(5):
        with pytest.raises(Refused):
            service.change_password(
                any_session, actor_for(rosa), rosa, "guess", "new", web_session=here, now=now
            )
    with pytest.raises(TooMany):
        service.change_password(
            any_session, actor_for(rosa), rosa, "old", "new", web_session=here, now=now
        )
    assert rosa.password_hash == "hash of old"  # noqa: S105 -- made up above
    later = now + timedelta(seconds=15)
    assert service.change_password(
        any_session, actor_for(rosa), rosa, "old", "new", web_session=here, now=later
    )


def test_signing_out_is_recorded_and_ends_this_browser_only(
    any_session: Session, rosa: User, now: datetime
):
    here, there = _browser(any_session, rosa, now), _browser(any_session, rosa, now)
    service.sign_out(any_session, actor_for(rosa), here, now=now)
    any_session.commit()
    assert (here.ended_at, there.ended_at) == (now, None)
    row = any_session.scalars(select(AuditEvent)).one()
    assert (row.action, row.object_uid) == (Action.SIGN_OUT.value, here.uid)


def test_signing_out_everywhere_leaves_no_browser(any_session: Session, rosa: User, now: datetime):
    _browser(any_session, rosa, now)
    _browser(any_session, rosa, now)
    service.sign_out_everywhere(any_session, actor_for(rosa), rosa, now=now)
    any_session.expire_all()
    assert queries.own_browsers(any_session, rosa, now=now) == []


def test_a_browser_switches_to_another_of_the_persons_groups_and_to_no_other(
    any_session: Session, rosa: User, now: datetime
):
    first, second, strange = (a_group(any_session) for _number in range(3))
    for group in (first, second):
        any_session.add(Membership(user=rosa, group=group, role=Role.COORDINATOR))
    any_session.flush()
    here = _browser(any_session, rosa, now)
    # The law asks whose the browser is.
    service.switch_group(any_session, actor_for(rosa), here, second.uid, now=now)
    assert here.group is second
    for uid in (strange.uid, uuid4()):
        with pytest.raises(NotFound):
            service.switch_group(any_session, actor_for(rosa), here, uid, now=now)
    assert here.group is second


def test_a_suspended_person_is_out_at_once_and_may_do_nothing(any_session: Session, now: datetime):
    group = a_group(any_session)
    driver = a_driver(any_session, group)
    here = _browser(any_session, driver.user, now)
    token_actor = driver_actor(driver)
    assert permits(token_actor, Action.SEE_OWN_RIDES, driver, now)
    service.suspend(any_session, a_steward(any_session), driver.user, now=now)
    any_session.expire_all()
    assert here.ended_at == now
    actor = sessions.actor_of(driver.user, {group.id: driver.id})
    assert not any(permits(actor, action, driver, now) for action in Action)


def test_a_restored_person_is_where_they_were(any_session: Session, rosa: User, now: datetime):
    steward = a_steward(any_session)
    invited = a_user(any_session, state=UserState.INVITED)
    for user in (rosa, invited):
        service.suspend(any_session, steward, user, now=now)
        assert user.state is UserState.SUSPENDED
        service.restore(any_session, steward, user, now=now)
    assert (rosa.state, invited.state) == (UserState.ACTIVE, UserState.INVITED)


def test_restoring_an_open_account_changes_nothing(any_session: Session, now: datetime):
    invited = a_user(any_session, state=UserState.INVITED)
    service.restore(any_session, a_steward(any_session), invited, now=now)
    assert invited.state is UserState.INVITED


def test_a_steward_does_not_lock_the_own_door(any_session: Session, now: datetime):
    steward = a_steward(any_session)
    own = any_session.get_one(User, steward.user_id)
    with pytest.raises(Refused):
        service.suspend(any_session, steward, own, now=now)
    assert own.state is UserState.ACTIVE


def test_only_a_steward_suspends(any_session: Session, rosa: User, now: datetime):
    group = a_group(any_session)
    for actor in (a_coordinator(any_session, group), actor_for(rosa)):
        for call in (service.suspend, service.restore):
            with pytest.raises(Forbidden):
                call(any_session, actor, rosa, now=now)
    assert rosa.state is UserState.ACTIVE


def test_rooms_above_hear_of_a_closed_account_while_it_is_being_closed(
    any_session: Session, rosa: User, now: datetime, monkeypatch: pytest.MonkeyPatch
):
    heard: list[tuple[User, UserState, datetime]] = []
    monkeypatch.setattr(accounts, "_ON_CLOSED", [])
    accounts.when_closed(lambda _session, user, at: heard.append((user, user.state, at)))
    service.suspend(any_session, a_steward(any_session), rosa, now=now)
    service.restore(any_session, a_steward(any_session), rosa, now=now)
    assert heard == [(rosa, UserState.SUSPENDED, now)]
