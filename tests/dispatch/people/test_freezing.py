"""Whether the service is frozen, and what that shuts."""

from datetime import datetime

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch.people import freezing
from dispatch.people.freezing import Freeze


def test_it_is_frozen_from_the_beginning_of_a_freeze_to_its_end(
    any_session: Session, now: datetime
):
    assert not freezing.is_frozen(any_session)
    freeze = Freeze(began_at=now)
    any_session.add(freeze)
    any_session.flush()
    assert freezing.is_frozen(any_session)
    freeze.ended_at = now
    any_session.flush()
    assert not freezing.is_frozen(any_session)


def test_there_is_one_open_freeze_at_most(any_session: Session, now: datetime):
    any_session.add(Freeze(began_at=now, ended_at=now))
    any_session.add(Freeze(began_at=now))
    any_session.flush()
    any_session.add(Freeze(began_at=now))
    with pytest.raises(IntegrityError):
        any_session.flush()
