"""Times, lists and enums, as both databases keep them."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from dispatch.audit.models import AuditEvent
from dispatch.people.models import Group, User
from tests.build import MADE, a_driver, a_group, a_user


def test_a_naive_datetime_is_refused(any_session: Session):
    group = a_group(any_session)
    group.made_at = datetime(2027, 3, 8, 17, 0)  # noqa: DTZ001 -- the point of the test
    with pytest.raises(StatementError) as refused:
        any_session.flush()
    assert isinstance(refused.value.orig, TypeError)


def test_a_naive_datetime_is_refused_in_a_query_too(any_session: Session):
    naive = datetime(2027, 3, 8, 17, 0)  # noqa: DTZ001 -- the point of the test
    with pytest.raises(StatementError) as refused:
        any_session.scalars(select(Group).where(Group.made_at < naive)).all()
    assert isinstance(refused.value.orig, TypeError)


def test_an_instant_comes_back_aware_and_in_utc(any_session: Session):
    in_vancouver = datetime(2027, 3, 8, 9, 0, 0, 123456, timezone(timedelta(hours=-8)))
    group = a_group(any_session, made_at=in_vancouver)
    any_session.expire(group)
    assert group.made_at == in_vancouver
    assert group.made_at.tzinfo is UTC


def test_instants_compare_in_the_database_as_they_do_here(any_session: Session):
    early = a_group(any_session, made_at=MADE)
    a_group(any_session, made_at=MADE + timedelta(microseconds=1))
    seen_from_tokyo = MADE.astimezone(timezone(timedelta(hours=9)))
    found = any_session.scalars(select(Group).where(Group.made_at <= seen_from_tokyo)).all()
    assert found == [early]


def test_lists_and_mappings_come_back_as_they_were(any_session: Session):
    driver = a_driver(any_session, a_group(any_session), languages=["es", "en"])
    any_session.expire(driver)
    assert driver.languages == ["es", "en"]
    assert driver.child_seats == {"booster": 2}


def test_a_state_that_does_not_exist_is_refused_by_the_database(any_session: Session):
    user = a_user(any_session)
    wrong = text("UPDATE user_account SET state = 'lost' WHERE id = :id")
    with pytest.raises(IntegrityError):
        any_session.execute(wrong, {"id": user.id})


def test_a_row_has_its_uid_before_it_is_stored():
    assert User().uid != User().uid
    uid = uuid4()
    assert User(uid=uid).uid == uid


def test_a_row_prints_its_id_only(any_session: Session):
    user = a_user(any_session, name="Carmen")
    assert repr(user) == f"<User {user.id}>"


def test_two_rows_cannot_share_a_uid(any_session: Session):
    first, second = a_group(any_session), a_group(any_session)
    with pytest.raises(IntegrityError):
        any_session.execute(update(Group).where(Group.id == second.id).values(uid=first.uid))


def test_ids_that_nobody_gave_belong_to_no_row(any_session: Session):
    lost = text("INSERT INTO membership (uid, user_id, group_id, role) VALUES (:u, 999, 999, :r)")
    with pytest.raises(IntegrityError):
        any_session.execute(lost, {"u": uuid4().hex, "r": "driver"})


def test_no_table_keeps_a_time_without_its_zone():
    kinds = {
        column.type.impl.timezone
        for table in AuditEvent.metadata.tables.values()
        for column in table.columns
        if type(column.type).__name__ in ("UTCDateTime", "DateTime")
    }
    assert kinds == {True}
