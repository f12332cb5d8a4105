"""A group with a coordinator and a ride on which something may go wrong."""

import pytest

from tests.dispatch.planning.service.world import World


@pytest.fixture
def world(any_session, now):
    return World(any_session, now)
