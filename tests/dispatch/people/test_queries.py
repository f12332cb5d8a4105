"""What pages ask about people, and where a person's own fields open."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from dispatch.db.transactions import vault_of
from dispatch.people import queries, service, sessions
from dispatch.people.models import Membership, Role, UserState
from dispatch.policy.actor import SYSTEM
from tests.build import a_group, a_user


def test_a_contact_is_what_the_person_told_us(any_session: Session):
    user = a_user(any_session, name="Rosa", email="rosa@example.org")
    contact = queries.contact_of(user, vault_of(any_session))
    assert contact == queries.Contact(name="Rosa", email="rosa@example.org", phone="")


def test_an_erased_person_has_no_name_any_more(any_session: Session):
    user = a_user(any_session, name="Rosa", email="rosa@example.org")
    vault_of(any_session).keys.destroy(user.uid)
    assert queries.shown_name(user, vault_of(any_session)) == "Somebody who left"
    assert queries.contact_of(user, vault_of(any_session)).email == ""
    assert queries.find_user_by_email(any_session, "rosa@example.org") is None


def test_somebody_is_found_by_email_however_it_is_typed(any_session: Session):
    user = a_user(any_session, email="Rosa@Example.org")
    assert queries.find_user_by_email(any_session, " rosa@example.ORG") is user
    assert queries.find_user_by_email(any_session, "rosa@example.com") is None


def test_members_come_by_name_with_their_roles_and_no_role_of_elsewhere(
    any_session: Session, now: datetime
):
    here, there = a_group(any_session), a_group(any_session)
    tom, anna = a_user(any_session, name="tom"), a_user(any_session, name="Anna")
    for user, group, role in [
        (tom, here, Role.DRIVER),
        (tom, here, Role.COORDINATOR),
        (anna, here, Role.DRIVER),
        (anna, there, Role.COORDINATOR),
    ]:
        any_session.add(Membership(user=user, group=group, role=role))
    any_session.flush()
    found = queries.members(any_session, here, now=now)
    assert [(member.name, member.roles) for member in found] == [
        ("Anna", (Role.DRIVER,)),
        ("tom", (Role.COORDINATOR, Role.DRIVER)),
    ]


def test_a_member_shows_until_when_the_link_works(any_session: Session, now: datetime):
    group = a_group(any_session)
    user, _code = service.invite(
        any_session,
        SYSTEM,
        group,
        Role.DRIVER,
        name="Anna",
        email="anna@example.org",
        language="en",
        now=now,
    )
    end = now + timedelta(hours=72)

    def shown(at: datetime) -> datetime | None:
        (member,) = queries.members(any_session, group, now=at)
        return member.link_open_until

    assert shown(end - timedelta(seconds=1)) == end
    assert shown(end) is None
    service.revoke_invitation(any_session, SYSTEM, group, user, now=now)
    assert shown(now) is None


def test_own_groups_come_by_name_each_once(any_session: Session):
    b, a = a_group(any_session, name="B"), a_group(any_session, name="A")
    a_group(any_session, name="C")
    user = a_user(any_session)
    for group, role in [(b, Role.DRIVER), (b, Role.COORDINATOR), (a, Role.DRIVER)]:
        any_session.add(Membership(user=user, group=group, role=role))
    any_session.flush()
    assert queries.own_groups(any_session, user) == [a, b]


def test_own_browsers_are_the_live_ones_last_used_first(any_session: Session, now: datetime):
    user, other = a_user(any_session), a_user(any_session)
    minutes = [40, 10, 20]
    for ago in minutes:
        sessions.begin(any_session, user, now=now - timedelta(minutes=ago))
    ended = sessions.begin(any_session, user, now=now)
    sessions.end(any_session, sessions.find(any_session, ended, now=now), now=now)
    sessions.begin(any_session, other, now=now)
    found = queries.own_browsers(any_session, user, now=now)
    assert [now - browser.seen_at for browser in found] == [
        timedelta(minutes=10),
        timedelta(minutes=20),
    ]


def test_the_password_of_an_open_account_alone_is_looked_at(any_session: Session):
    user = a_user(any_session, email="noor@example.org", password_hash="hashed")  # noqa: S106
    any_session.flush()
    assert queries.password_of(any_session, " noor@example.ORG") == (user.id, "hashed")
    assert queries.password_of(any_session, "nobody@example.org") is None
    for state in (UserState.SUSPENDED, UserState.INVITED):
        user.state = state
        any_session.flush()
        assert queries.password_of(any_session, "noor@example.org") is None
    user.state, user.password_hash = UserState.ACTIVE, None
    any_session.flush()
    assert queries.password_of(any_session, "noor@example.org") is None
