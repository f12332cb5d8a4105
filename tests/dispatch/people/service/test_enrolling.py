"""What is set up, what may go, and that the last proof stays."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from dispatch.errors import NotFound, Refused
from dispatch.people import queries, service, sessions
from dispatch.people.factors import codes, passkeys
from dispatch.people.factors.models import NoticeKind
from dispatch.people.models import User, WebSession
from dispatch.people.service import enrolling
from tests.build import a_coordinator, a_group, a_user, actor_for
from tests.doors import a_passkey, an_app


@pytest.fixture
def marta(any_session: Session) -> User:
    """Somebody who is no coordinator."""
    return a_user(any_session)


def _signed_in(session: Session, user: User, now: datetime) -> WebSession:
    return sessions.find(session, sessions.begin(session, user, now=now), now=now)


def _remove(session: Session, user: User, now: datetime) -> str:
    (first, *_more) = passkeys.passkeys_of(session, user)
    here = _signed_in(session, user, now)
    return service.remove_passkey(session, actor_for(user), here, first.uid, now=now)


def test_one_of_two_passkeys_may_go_and_the_last_one_not(
    any_session: Session, marta: User, now: datetime
):
    a_passkey(any_session, marta, now)
    a_passkey(any_session, marta, now)
    other = _signed_in(any_session, marta, now)
    token = _remove(any_session, marta, now)
    assert sessions.find(any_session, token, now=now) is not None
    any_session.refresh(other)
    assert other.ended_at == now
    told = [one.kind for one in queries.unseen_notices(any_session, marta)]
    assert told == [NoticeKind.PASSKEY_REMOVED]
    with pytest.raises(Refused):
        _remove(any_session, marta, now)


def test_who_has_an_app_needs_no_passkey_unless_it_is_a_coordinator(
    any_session: Session, marta: User, now: datetime
):
    rosa = any_session.get_one(User, a_coordinator(any_session, a_group(any_session)).user_id)
    for user in (marta, rosa):
        a_passkey(any_session, user, now)
        an_app(any_session, user, now)
    assert _remove(any_session, marta, now)
    with pytest.raises(Refused):
        _remove(any_session, rosa, now)


def test_an_app_may_go_where_a_passkey_stays(any_session: Session, marta: User, now: datetime):
    an_app(any_session, marta, now)
    here = _signed_in(any_session, marta, now)
    with pytest.raises(Refused):
        service.remove_app(any_session, actor_for(marta), here, now=now)
    a_passkey(any_session, marta, now)
    assert service.remove_app(any_session, actor_for(marta), here, now=now)
    assert not queries.held_by(any_session, marta).has_app
    with pytest.raises(Refused):
        service.remove_app(any_session, actor_for(marta), here, now=now)


def test_nobody_removes_what_is_somebody_elses(any_session: Session, marta: User, now: datetime):
    other = a_user(any_session)
    for _number in range(2):
        a_passkey(any_session, other, now)
    found = passkeys.passkeys_of(any_session, other)[0]
    here = _signed_in(any_session, marta, now)
    with pytest.raises(NotFound):
        service.remove_passkey(any_session, actor_for(marta), here, found.uid, now=now)
    assert len(passkeys.passkeys_of(any_session, other)) == 2


def test_a_new_beginning_forgets_everything(any_session: Session, marta: User, now: datetime):
    a_passkey(any_session, marta, now)
    an_app(any_session, marta, now)
    codes.make(any_session, marta, now=now)
    assert queries.held_by(any_session, marta).is_enough_for_a_driver
    enrolling.forget_all(any_session, marta)
    assert not queries.held_by(any_session, marta).is_enough_for_a_driver
    assert codes.left(any_session, marta) == 0
