"""What the tests of the servers share: one made-up server, and another."""

from collections.abc import Iterator

import pytest

from tests.dispatch.places.servers.fakes import Fake, listening


@pytest.fixture
def fake() -> Iterator[Fake]:
    """The server that the setting names."""
    with listening() as server:
        yield server


@pytest.fixture
def elsewhere() -> Iterator[Fake]:
    """Another host, which must hear nothing."""
    with listening() as server:
        yield server
