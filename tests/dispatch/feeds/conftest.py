"""What the tests of feeds share."""

import pytest

from tests.dispatch.planning.views.scene import Scene


@pytest.fixture
def scene(database, client_of, now) -> Scene:
    """A coordinator at the desk and a driver with a phone."""
    return Scene(database, client_of, now)
