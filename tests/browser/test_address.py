"""A family's address, found on the map of this machine while it is typed with a slip."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from dispatch.demo import town
from tests.browser import tabs
from tests.browser.roles import Coordinator

pytestmark = pytest.mark.needs("browser")


def test_a_slip_finds_the_address_and_the_person_looks_at_the_pin(
    scene: Callable, signed_in: Callable
):
    rosa: Coordinator = signed_in(scene(), Coordinator, "Rosa")
    tab = rosa.tab
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    rosa.begin_family("F901", "Amina", "Somali")
    rosa.field("Number and street").press_sequentially("17 quya st")
    offered = tab.get_by_role("button", name=re.compile("17 Quay Street"))
    expect(offered).to_be_visible()
    assert tabs.faults(tab) == []
    offered.click()
    expect(rosa.field("Number and street")).to_have_value("17 Quay Street")
    expect(rosa.field("Town")).to_have_value(town.TOWN)
    expect(rosa.field("Latitude")).to_have_value(f"{town.door('17 Quay Street')[0]:.6f}")
    expect(tab.locator(".map .pin")).to_be_visible()
    expect(tab.get_by_text("Look at the pin before you save")).to_be_visible()
    rosa.keep("address-found")
    rosa.press("Save family")
    rosa.is_told("Saved.")
    assert [url for url in asked if "qua" in url.lower() or "quy" in url.lower()] == []
