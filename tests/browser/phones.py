"""Telephones that may lose their connection, and a driver on the road with one."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser, Page
from sqlalchemy import select

from dispatch.rides.models import Ride, RideEvent
from tests.browser import tabs
from tests.browser.roles import Coordinator, Driver
from tests.browser.scene import Scene


def is_ready(tab: Page) -> None:
    """The page for a dead spot is kept, and the worker looks after the tab."""
    tab.wait_for_function(
        "async () => navigator.serviceWorker.controller && await caches.match('/today/sheet')"
    )


@contextmanager
def a_phone(browser: Browser, address: str) -> Iterator[Page]:
    """A telephone that may lose its connection, which its console complains of."""
    context = browser.new_context(base_url=address, viewport=tabs.PHONE, reduced_motion="reduce")
    context.set_default_timeout(tabs.PATIENCE)
    try:
        yield context.new_page()
    finally:
        context.close()


@dataclass(frozen=True)
class Road:
    """A driver on the way to a pickup, and the desk."""

    marta: Driver
    rosa: Coordinator
    scene: Scene

    def steps(self) -> list[str]:
        """What the driver told from the road, as it is stored."""
        with self.scene.installation.database.transaction(reads_only=True) as session:
            found = session.scalars(
                select(RideEvent)
                .join(Ride, RideEvent.ride_id == Ride.id)
                .where(Ride.group_id == self.scene.group_id)
                .order_by(RideEvent.id)
            )
            return [one.after.value for one in found][2:]
