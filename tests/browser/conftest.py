"""What the tests in a browser share: one installation for each process that runs them."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, expect

from dispatch import clock, i18n
from tests import gaps
from tests.browser import tabs, world
from tests.browser.album import Album
from tests.browser.phones import Road, a_phone, is_ready
from tests.browser.roles import Coordinator, Driver, Person
from tests.browser.scene import CLINIC, Scene, make
from tests.browser.world import Installation
from tests.services import chromium

expect.set_options(timeout=tabs.PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that use the installation run in one process: starting a second one takes longer."""
    for item in items:
        if "installation" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("installation"))


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The running demo; all but the story itself make a group of their own beside its groups."""
    gaps.require(chromium.GROUP)
    with world.running(tmp_path_factory.mktemp("installation")) as started:
        yield started


@pytest.fixture
def local_now() -> datetime:
    """This moment, in a zone where it is forenoon."""
    now = clock.now()
    return now.astimezone(ZoneInfo(world.zone_in_the_forenoon(now)))


@pytest.fixture
def album(tmp_path: Path, request: pytest.FixtureRequest) -> Album:
    """Pictures of the pages that a test comes by: in the folder SCREENSHOTS, or its own."""
    folder = os.environ.get("SCREENSHOTS")
    return Album(Path(folder) if folder else tmp_path, request.node.name)


@pytest.fixture
def scene(installation: Installation, local_now: datetime) -> Callable[..., Scene]:
    """A function to a group of its own with rides so long from now, and drivers of these names."""
    return lambda *rides, **more: make(
        installation, local_now, rides=[timedelta(**one) for one in rides], **more
    )


@pytest.fixture
def signed_in(
    browser: Browser, installation: Installation, album: Album
) -> Iterator[Callable[..., Person]]:
    """A function to somebody of a scene, who is in already, with a browser of the right size."""
    with ExitStack() as stack:

        def come(
            scene: Scene, role: type[Person], name: str, language: str = i18n.SOURCE
        ) -> Person:
            size = tabs.PHONE if role is Driver else tabs.DESK
            tab = stack.enter_context(tabs.opened(browser, installation.address, size=size))
            somebody = role(tab, language, album)
            scene.sign_in(tab, name)
            if language != i18n.SOURCE:
                somebody.speak()
            return somebody

        yield come


@pytest.fixture
def on_the_road(scene, signed_in, browser, installation, album) -> Iterator[Road]:
    """A driver on the way to a pickup whose phone is ready for a dead spot."""
    made = scene({"minutes": 60})
    rosa = signed_in(made, Coordinator, "Rosa")
    rosa.match(made.today)
    rosa.press("Approve", rosa.outbound(made.numbers[0], CLINIC).first)
    with a_phone(browser, installation.address) as tab:
        marta = Driver(tab, album=album)
        made.sign_in(tab, "Marta")
        marta.accept(CLINIC)
        tab.goto("/today")
        is_ready(tab)
        yield Road(marta, rosa, made)
