"""What the tests of planning's pages share."""

from collections.abc import Callable
from datetime import datetime

import pytest
from flask.testing import FlaskClient

from dispatch.db.transactions import Database
from dispatch.people.models import User
from tests.dispatch.planning.views.scene import Scene


@pytest.fixture
def scene(database: Database, client_of: Callable[[User], FlaskClient], now: datetime) -> Scene:
    """A coordinator at the desk, a driver with a phone, a coordinator elsewhere."""
    return Scene(database, client_of, now)
