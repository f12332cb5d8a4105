"""Nobody alone gets hold of a link into an account that is in use."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from dispatch.errors import NotFound, Refused
from dispatch.people import queries, service, two_persons
from dispatch.people.factors.models import NoticeKind
from dispatch.people.models import Group, User, UserState
from dispatch.policy import Actor
from tests.build import a_coordinator, a_driver, a_group, a_steward
from tests.doors import a_passkey


@pytest.fixture
def group(any_session: Session) -> Group:
    return a_group(any_session)


@pytest.fixture
def marta(any_session: Session, group: Group) -> User:
    """A driver who has signed in."""
    return a_driver(any_session, group).user


def _renew(session: Session, actor: Actor, group: Group, user: User, now: datetime) -> str:
    return service.renew_invitation(session, actor, group, user, now=now)


def test_a_steward_alone_gets_no_link_to_an_account_in_use(
    any_session: Session, group: Group, marta: User, now: datetime
):
    steward = a_steward(any_session)
    with pytest.raises(Refused):
        _renew(any_session, steward, group, marta, now)
    service.ask_renewal(any_session, steward, group, marta, now=now)
    with pytest.raises(Refused):
        _renew(any_session, steward, group, marta, now)
    told = [one.kind for one in queries.unseen_notices(any_session, marta)]
    assert told == [NoticeKind.RENEWAL_ASKED]


def test_two_who_agreed_make_one_link_within_a_day(
    any_session: Session, group: Group, marta: User, now: datetime
):
    first, second = a_coordinator(any_session, group), a_coordinator(any_session, group)
    third = a_steward(any_session)
    motion = service.ask_renewal(any_session, first, group, marta, now=now)
    two_persons.second(any_session, second, motion, now=now)
    with pytest.raises(Refused):
        _renew(any_session, third, group, marta, now)
    with pytest.raises(Refused):
        _renew(any_session, second, group, marta, now + timedelta(days=1))
    assert _renew(any_session, second, group, marta, now)
    for one in (first, second):
        with pytest.raises(Refused):
            _renew(any_session, one, group, marta, now)


def test_the_link_is_a_new_beginning(
    any_session: Session, group: Group, marta: User, now: datetime
):
    a_passkey(any_session, marta, now)
    marta.password_hash = "the old one"  # noqa: S105 -- made up
    first, second = a_steward(any_session), a_coordinator(any_session, group)
    motion = service.ask_renewal(any_session, first, group, marta, now=now)
    two_persons.second(any_session, second, motion, now=now)
    code = _renew(any_session, first, group, marta, now)
    assert queries.held_by(any_session, marta).passkeys == 1
    service.accept_invitation(any_session, code, "four plain words together", "en", now=now)
    assert queries.held_by(any_session, marta).passkeys == 0
    assert marta.state is UserState.ACTIVE
    kinds = {one.kind for one in queries.unseen_notices(any_session, marta)}
    assert kinds == {NoticeKind.RENEWAL_ASKED, NoticeKind.RENEWED}


def test_nobody_asks_for_themselves_or_for_a_stranger(
    any_session: Session, group: Group, marta: User, now: datetime
):
    rosa = a_coordinator(any_session, group)
    own = any_session.get_one(User, rosa.user_id)
    with pytest.raises(Refused):
        service.ask_renewal(any_session, rosa, group, own, now=now)
    other = a_group(any_session)
    for asked in (group, other):
        stranger = a_coordinator(any_session, other)
        with pytest.raises(NotFound):
            service.ask_renewal(any_session, stranger, asked, marta, now=now)
