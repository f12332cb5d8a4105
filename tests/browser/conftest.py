"""What the tests in a browser share: one installation for each process that runs them."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from dispatch import clock
from tests import gaps
from tests.browser import world
from tests.browser.world import Installation
from tests.services import chromium

expect.set_options(timeout=20_000)  # for a machine that runs many tests at once


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A running installation; each test makes a group of its own in it."""
    gaps.require(chromium.GROUP)
    with world.running(tmp_path_factory.mktemp("installation")) as started:
        yield started


@pytest.fixture
def local_now() -> datetime:
    """This moment, in a zone where it is forenoon."""
    now = clock.now()
    return now.astimezone(ZoneInfo(world.zone_in_the_forenoon(now)))
