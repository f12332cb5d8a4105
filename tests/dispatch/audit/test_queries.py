"""What the log says of one family."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy.orm import Session

from dispatch.audit import queries
from dispatch.audit import service as audit
from dispatch.policy import Action
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
