"""Invitations: one link, once, and never a way into an account that is somebody else's."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.audit.models import AuditEvent
from dispatch.db.transactions import Database, vault_of
from dispatch.errors import Closed, DispatchError, Forbidden, NotFound, Refused
from dispatch.people import passwords, queries, service, sessions, two_persons
from dispatch.people.models import Group, Invitation, Membership, Role, User, UserState
from dispatch.policy import Action, Actor
from dispatch.policy.actor import SYSTEM
from tests.build import a_coordinator, a_driver, a_group, a_steward, driver_actor

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch):
    """Hashing without the work."""
    monkeypatch.setattr(passwords, "hash_of", lambda typed: f"hash of {typed}")


def _invite(
    session: Session,
    actor: Actor,
    group: Group,
    now: datetime,
    *,
    email: str = "anna@example.org",
    role: Role = Role.DRIVER,
) -> tuple[User, str]:
    return service.invite(
        session, actor, group, role, name="Anna", email=email, language="es", now=now
    )


def _accept(session: Session, code: str, now: datetime, password: str = "words") -> User:  # noqa: S107
    return service.accept_invitation(session, code, password, "en", now=now)


def test_an_invited_person_opens_the_account_with_the_link(any_session: Session, now: datetime):
    group = a_group(any_session)
    user, code = _invite(any_session, a_steward(any_session), group, now, role=Role.COORDINATOR)
    assert (user.state, user.password_hash, user.language) == (UserState.INVITED, None, "es")
    assert queries.shown_name(user, vault_of(any_session)) == "Anna"
    opened = _accept(any_session, code, now)
    assert opened is user
    assert (user.state, user.password_hash) == (UserState.ACTIVE, "hash of words")
    assert [(one.group, one.role) for one in user.memberships] == [(group, Role.COORDINATOR)]


def test_only_the_hash_of_a_link_is_stored(any_session: Session, now: datetime):
    _user, code = _invite(any_session, SYSTEM, a_group(any_session), now)
    row = any_session.scalars(select(Invitation)).one()
    assert row.code_hash == sessions.hash_of(code)
    assert len(code) >= 43
    assert row.expires_at - row.made_at == timedelta(hours=72)


def test_a_link_works_once(any_session: Session, now: datetime):
    user, code = _invite(any_session, SYSTEM, a_group(any_session), now)
    _accept(any_session, code, now)
    with pytest.raises(Closed, match="used"):
        _accept(any_session, code, now, "a thief's words")
    assert user.password_hash == "hash of words"  # noqa: S105 -- made up above


def test_a_link_works_for_72_hours_to_the_second(any_session: Session, now: datetime):
    _user, code = _invite(any_session, SYSTEM, a_group(any_session), now)
    end = now + timedelta(hours=72)
    assert service.open_invitation(any_session, code, now=end - SECOND)
    for late in (end, end + SECOND):
        with pytest.raises(Closed, match="72 hours"):
            service.open_invitation(any_session, code, now=late)


def test_a_link_that_never_was_is_not_found(any_session: Session, now: datetime):
    _user, code = _invite(any_session, SYSTEM, a_group(any_session), now)
    for wrong in ("", code[:-1], code + "a", code.swapcase()):
        with pytest.raises(NotFound):
            service.open_invitation(any_session, wrong, now=now)


def test_a_withdrawn_link_opens_nothing(any_session: Session, now: datetime):
    group, steward = a_group(any_session), a_steward(any_session)
    user, code = _invite(any_session, steward, group, now)
    service.revoke_invitation(any_session, steward, group, user, now=now)
    any_session.expire_all()
    with pytest.raises(Closed, match="withdrawn"):
        _accept(any_session, code, now)


def test_a_new_link_ends_the_old_one(any_session: Session, now: datetime):
    group, steward = a_group(any_session), a_steward(any_session)
    user, old = _invite(any_session, steward, group, now)
    new = service.renew_invitation(any_session, steward, group, user, now=now)
    any_session.expire_all()
    with pytest.raises(Closed):
        _accept(any_session, old, now)
    assert _accept(any_session, new, now) is user


def test_the_link_of_a_suspended_person_opens_nothing(any_session: Session, now: datetime):
    group, steward = a_group(any_session), a_steward(any_session)
    user, code = _invite(any_session, steward, group, now)
    service.suspend(any_session, steward, user, now=now)
    with pytest.raises(Closed):
        _accept(any_session, code, now)


def _agree(session: Session, steward: Actor, group: Group, user: User, now: datetime) -> None:
    motion = service.ask_renewal(session, steward, group, user, now=now)
    two_persons.second(session, a_coordinator(session, group), motion, now=now)


def test_a_new_link_for_a_lost_password_leaves_the_old_one_until_it_is_used(
    any_session: Session, now: datetime
):
    group, steward = a_group(any_session), a_steward(any_session)
    user, code = _invite(any_session, steward, group, now)
    _accept(any_session, code, now, "old words")
    token = sessions.begin(any_session, user, now=now)
    _agree(any_session, steward, group, user, now)
    renewed = service.renew_invitation(any_session, steward, group, user, now=now)
    assert user.password_hash == "hash of old words"  # noqa: S105 -- made up above
    assert sessions.find(any_session, token, now=now)
    _accept(any_session, renewed, now, "new words")
    any_session.expire_all()
    assert user.password_hash == "hash of new words"  # noqa: S105 -- made up above
    assert sessions.find(any_session, token, now=now) is None


def test_of_eight_who_open_one_link_at_once_one_gets_in(any_database: Database, now: datetime):
    with any_database.transaction() as session:
        user, code = _invite(session, SYSTEM, a_group(session), now)

    def accept(number: int) -> str | None:
        try:
            with any_database.transaction() as session:
                _accept(session, code, now, f"words {number}")
        except Closed:
            return None
        finally:
            any_database.vault.keys.close()
        return f"hash of words {number}"

    with ThreadPoolExecutor(8) as threads:
        got_in = [hashed for hashed in threads.map(accept, range(8)) if hashed]
    with any_database.transaction(reads_only=True) as session:
        assert [session.get_one(User, user.id).password_hash] == got_in


def test_of_eight_invitations_of_one_person_at_once_one_is_made(
    any_database: Database, now: datetime
):
    with any_database.transaction() as session:
        group = a_group(session)

    def invite(_number: int) -> bool:
        try:
            with any_database.transaction() as session:
                _invite(session, SYSTEM, session.get_one(Group, group.id), now)
        except Refused:
            return False
        finally:
            any_database.vault.keys.close()
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(invite, range(8))) == 1
    with any_database.transaction(reads_only=True) as session:
        assert session.scalar(select(func.count(User.id))) == 1


@pytest.mark.parametrize("email", ["anna@example.org", "ANNA@Example.org "])
def test_a_form_sent_twice_makes_one_person(any_session: Session, now: datetime, email: str):
    group = a_group(any_session)
    _invite(any_session, SYSTEM, group, now)
    with pytest.raises(Refused, match="already here"):
        _invite(any_session, SYSTEM, group, now, email=email)
    assert any_session.scalar(select(func.count(User.id))) == 1


def test_a_driver_may_become_a_coordinator_too(any_session: Session, now: datetime):
    group = a_group(any_session)
    user, _code = _invite(any_session, SYSTEM, group, now)
    again, _code = _invite(any_session, SYSTEM, group, now, role=Role.COORDINATOR)
    assert again is user
    assert {one.role for one in user.memberships} == {Role.DRIVER, Role.COORDINATOR}


def test_a_coordinator_invites_drivers_of_the_own_group_only(any_session: Session, now: datetime):
    here, there = a_group(any_session), a_group(any_session)
    coordinator = a_coordinator(any_session, here)
    user, code = _invite(any_session, coordinator, here, now)
    assert _accept(any_session, code, now) is user
    with pytest.raises(NotFound):
        _invite(any_session, coordinator, there, now, email="b@example.org")
    with pytest.raises(Forbidden):
        _invite(any_session, coordinator, here, now, email="c@example.org", role=Role.COORDINATOR)


def test_a_driver_invites_nobody(any_session: Session, now: datetime):
    group = a_group(any_session)
    actor = driver_actor(a_driver(any_session, group))
    for role in Role:
        with pytest.raises(Forbidden):
            _invite(any_session, actor, group, now, email="b@example.org", role=role)


def test_inviting_a_person_of_another_group_opens_no_way_into_the_account(
    any_session: Session, now: datetime
):
    here, there = a_group(any_session), a_group(any_session)
    user, code = _invite(any_session, SYSTEM, there, now, role=Role.COORDINATOR)
    _accept(any_session, code, now, "own words")
    found, second = _invite(any_session, a_coordinator(any_session, here), here, now)
    assert found is user
    assert {one.group_id for one in user.memberships} == {here.id, there.id}
    assert len(second) == len(code)
    with pytest.raises(Closed, match="sign in"):
        _accept(any_session, second, now, "a thief's words")
    assert user.password_hash == "hash of own words"  # noqa: S105 -- made up above
    assert queries.shown_name(user, vault_of(any_session)) == "Anna"


def test_a_coordinator_gets_no_link_to_somebody_whom_others_invited_first(
    any_session: Session, now: datetime
):
    here, there = a_group(any_session), a_group(any_session)
    user, first = _invite(any_session, SYSTEM, there, now, role=Role.COORDINATOR)
    _user, second = _invite(any_session, a_coordinator(any_session, here), here, now)
    with pytest.raises(Closed, match="invited before"):
        _accept(any_session, second, now)
    assert _accept(any_session, first, now) is user


def test_a_steward_who_widens_an_invitation_ends_the_link_that_a_coordinator_holds(
    any_session: Session, now: datetime
):
    here, there = a_group(any_session), a_group(any_session)
    user, held = _invite(any_session, a_coordinator(any_session, here), here, now)
    _user, new = _invite(any_session, a_steward(any_session), there, now, role=Role.COORDINATOR)
    any_session.expire_all()
    with pytest.raises(Closed):
        _accept(any_session, held, now)
    assert _accept(any_session, new, now) is user


def test_a_closed_account_is_invited_nowhere_and_the_sentence_tells_no_more(
    any_session: Session, now: datetime
):
    here, there = a_group(any_session), a_group(any_session)
    user, _code = _invite(any_session, SYSTEM, there, now)
    service.suspend(any_session, a_steward(any_session), user, now=now)
    with pytest.raises(Refused) as refused:
        _invite(any_session, a_coordinator(any_session, here), here, now)
    assert "suspend" not in refused.value.reasons[0]
    assert len(user.memberships) == 1


@pytest.mark.parametrize("call", [service.renew_invitation, service.revoke_invitation])
def test_a_coordinator_renews_and_withdraws_what_is_only_the_own_groups(
    any_session: Session, now: datetime, call: object
):
    here, there = a_group(any_session), a_group(any_session)
    coordinator = a_coordinator(any_session, here)
    user, code = _invite(any_session, coordinator, here, now)
    call(any_session, coordinator, here, user, now=now)
    any_session.expire_all()
    with pytest.raises(Closed):
        _accept(any_session, code, now)
    _invite(any_session, SYSTEM, there, now)
    any_session.expire_all()
    with pytest.raises(Refused, match="steward"):
        call(any_session, coordinator, here, user, now=now)


def test_a_stranger_to_the_group_has_no_link_there(any_session: Session, now: datetime):
    here, there = a_group(any_session), a_group(any_session)
    user, _code = _invite(any_session, SYSTEM, there, now)
    with pytest.raises(NotFound):
        service.renew_invitation(any_session, a_steward(any_session), here, user, now=now)


def test_a_steward_is_made_once(any_session: Session, now: datetime):
    made = {"name": "Stella", "email": "stella@example.org", "language": "en"}
    user, code = service.make_steward(any_session, SYSTEM, **made, now=now)
    assert user.is_steward
    assert _accept(any_session, code, now) is user
    with pytest.raises(Refused):
        service.make_steward(any_session, SYSTEM, **made, now=now)


def test_whoever_becomes_a_steward_signs_in_anew_and_with_a_fresh_link(
    any_session: Session, now: datetime
):
    group = a_group(any_session)
    made = {"name": "Anna", "email": "anna@example.org", "language": "en"}
    user, held = _invite(any_session, a_coordinator(any_session, group), group, now)
    again, new = service.make_steward(any_session, SYSTEM, **made, now=now)
    any_session.expire_all()
    assert again is user
    with pytest.raises(Closed):
        _accept(any_session, held, now)
    assert _accept(any_session, new, now) is user


def test_nobody_but_the_house_and_stewards_makes_stewards(any_session: Session, now: datetime):
    coordinator = a_coordinator(any_session, a_group(any_session))
    with pytest.raises(Forbidden):
        service.make_steward(any_session, coordinator, "Eve", "eve@example.org", "en", now=now)


def test_an_invitation_is_in_the_log_by_ids_only(any_session: Session, now: datetime):
    group = a_group(any_session)
    actor = a_coordinator(any_session, group)
    user, _code = _invite(any_session, actor, group, now)
    any_session.commit()
    row = any_session.scalars(select(AuditEvent)).one()
    assert (row.action, row.actor_uid) == (Action.INVITE_DRIVER.value, actor.uid)
    assert (row.object_uid, row.group_uid) == (user.uid, group.uid)


def test_an_invitation_that_was_rolled_back_can_be_made_again(
    any_database: Database, now: datetime
):
    """The index of e-mails is in another file, which knows nothing of the rollback."""

    def fail() -> None:
        with any_database.transaction() as session:
            _invite(session, SYSTEM, a_group(session), now)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with any_database.transaction() as session:
        user, _code = _invite(session, SYSTEM, a_group(session), now)
        assert queries.find_user_by_email(session, "anna@example.org") is user


def test_a_code_of_nobody_raises_what_a_page_can_show(any_session: Session, now: datetime):
    with pytest.raises(DispatchError):
        _accept(any_session, uuid4().hex, now)
    assert any_session.scalar(select(func.count(Membership.id))) == 0
