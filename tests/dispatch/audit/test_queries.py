"""What the log says of one family."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from dispatch.audit import queries
from dispatch.audit import service as audit
from dispatch.policy import Action, Actor
from dispatch.policy.actor import SYSTEM
from tests.build import MADE


def test_who_read_of_a_family_comes_newest_first_and_nothing_else(any_session: Session):
    family, other = uuid4(), uuid4()
    told = [
        (Action.REVEAL_FAMILY, family),
        (Action.CHANGE_FAMILY, family),
        (Action.READ_ADDRESS, other),
        (Action.READ_ADDRESS, family),
    ]
    for number, (action, uid) in enumerate(told):
        at = MADE + timedelta(minutes=number)
        audit.record(any_session, SYSTEM, action, None, now=at, family_uid=uid)
    any_session.commit()
    rows = any_session.scalars(queries.looks_at_family(family)).all()
    assert [row.action for row in rows] == [Action.READ_ADDRESS.value, Action.REVEAL_FAMILY.value]


def test_the_families_that_one_person_opened_are_counted_once_and_since_then(
    any_session: Session,
):
    rosa, stranger = Actor(user_id=1, uid=uuid4()), Actor(user_id=2, uid=uuid4())
    first, second, refused, of_others, before = (uuid4() for _ in range(5))
    told = [
        (rosa, before, 0, audit.DONE, Action.READ_ADDRESS),
        (rosa, first, 2, audit.DONE, Action.REVEAL_FAMILY),
        (rosa, first, 1, audit.DONE, Action.READ_ADDRESS),
        (rosa, None, 3, audit.DONE, Action.READ_ADDRESS),
        (rosa, second, 3, audit.DONE, Action.REVEAL_FAMILY),
        (rosa, refused, 4, audit.REFUSED, Action.REVEAL_FAMILY),
        (rosa, of_others, 5, audit.DONE, Action.CHANGE_FAMILY),
        (stranger, of_others, 6, audit.DONE, Action.REVEAL_FAMILY),
    ]
    for actor, family, minute, outcome, action in told:
        at = MADE + timedelta(minutes=minute)
        audit.record(any_session, actor, action, None, now=at, family_uid=family, outcome=outcome)
    any_session.commit()
    looks = (Action.READ_ADDRESS, Action.REVEAL_FAMILY)
    assert queries.families_opened(any_session, rosa.uid, looks, since=MADE) == {
        first: MADE + timedelta(minutes=2),
        second: MADE + timedelta(minutes=3),
    }
