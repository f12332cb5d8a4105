"""What the tests of planning's use cases share."""

from datetime import datetime

import pytest
from sqlalchemy.orm import Session

from tests.dispatch.planning.service.world import World


@pytest.fixture
def world(any_session: Session, now: datetime) -> World:
    """A group with a coordinator, a driver, a ride and a proposal, on each kind of database."""
    return World(any_session, now)
