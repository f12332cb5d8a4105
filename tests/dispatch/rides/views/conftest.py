"""A desk at which requests are entered."""

import pytest

from tests.dispatch.rides.views.desk import Desk


@pytest.fixture
def desk(database, client_of):
    return Desk(database, client_of)
