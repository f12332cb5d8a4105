"""A family's address, found on the map of this machine while it is typed with a slip."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from dispatch.demo import town
from dispatch.places.roads import programs
from tests.browser import tabs
from tests.browser.roles import Coordinator, clock_of
from tests.browser.scene import CLINIC

pytestmark = pytest.mark.needs("browser")


TYPED, LINE = "17 quya st", "17 Quay Street"
AT_THE_DOOR = re.compile(r"^\d+ m$")
"""What the scale says where single houses are seen."""
DRAWN = ".map canvas.leaflet-tile-loaded"


def test_a_slip_finds_the_address_and_the_ride_is_matched_by_road(
    scene: Callable, signed_in: Callable, local_now: datetime
):
    made = scene()
    rosa: Coordinator = signed_in(made, Coordinator, "Rosa")
    asked = []
    rosa.tab.on("request", lambda request: asked.append(request.url))
    find_a_home(rosa)
    look_at_the_pin(rosa)
    rosa.press("Save family")
    rosa.is_told("Saved.")
    rosa.begin_request("F901", CLINIC, made.today, clock_of(local_now + timedelta(hours=3)))
    rosa.save_request(rides=1)
    rosa.match(made.today)
    row = rosa.outbound("F901", CLINIC)
    rosa.sees_state(row, "proposed")
    knows_roads = programs.find(None) is not None
    assert ("estimated times" in row.inner_text()) != knows_roads
    estimates = rosa.tab.get_by_text("Times are estimates")
    expect(estimates).to_have_count(0 if knows_roads else 1)
    rosa.keep("matched-by-road")
    assert [url for url in asked if "quay" in url.lower() or "quya" in url.lower()] == []
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(rosa.tab.url).netloc}


def find_a_home(rosa: Coordinator) -> None:
    """Begin a family, and take the address that is offered for a text with a slip."""
    rosa.begin_family("F901", "Carmen", "Spanish")
    rosa.field("Number and street").press_sequentially(TYPED)
    offered = rosa.tab.get_by_role("button", name=re.compile(LINE))
    expect(offered).to_be_visible()
    assert tabs.faults(rosa.tab) == []
    offered.click()
    expect(rosa.field("Number and street")).to_have_value(LINE)
    expect(rosa.field("Town")).to_have_value(town.TOWN)
    expect(rosa.field("Latitude")).to_have_value(f"{town.door(LINE)[0]:.6f}")


def look_at_the_pin(rosa: Coordinator) -> None:
    """The pin stands on a map that is drawn from this machine."""
    expect(rosa.tab.locator(".map .pin")).to_be_visible()
    expect(rosa.tab.locator(".leaflet-control-scale-line")).to_have_text(AT_THE_DOOR)
    expect(rosa.tab.get_by_text("Look at the pin before you save")).to_be_visible()
    expect(rosa.tab.locator(DRAWN).first).to_be_attached()
    expect(rosa.tab.get_by_role("link", name="© OpenStreetMap contributors")).to_be_visible()
    rosa.keep("address-found")
