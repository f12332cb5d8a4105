"""The button that asks a geocoding server: it alone does, and what comes of it fills the form."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from dispatch.geocoding_server import named
from tests.browser import tabs
from tests.browser.test_pages import Site, look, site, tab_of
from tests.dispatch.places.servers.fakes import HOUSE, NOMINATIM, Fake, listening

__all__ = ["site", "tab_of"]
"""Fixtures: the application with two groups in it, and tabs of it."""

pytestmark = pytest.mark.needs("browser")


@pytest.fixture
def asked(site: Site) -> Iterator[Fake]:
    """A server that the settings name while a test runs."""
    before = site.app.config["DISPATCH"]
    with listening() as fake:
        fake.answer = NOMINATIM
        site.app.config["DISPATCH"] = replace(before, geocoder=fake.setting("nominatim"))
        yield fake
    site.app.config["DISPATCH"] = before


def test_no_key_asks_the_server_and_the_button_does(asked: Fake, tab_of):
    with tab_of("coordinator") as tab:
        tab.goto("/families/new")
        line = tab.get_by_label("Number and street").first
        line.press_sequentially("1201 Wealthy Street Southeast")
        line.press("Enter")
        tab.locator("#errors").wait_for()  # Enter belongs to the form
        assert asked.heard == []
        expect(line).to_have_value("1201 Wealthy Street Southeast")
        tab.get_by_role("button", name="Find it on the map").click()
        offered = tab.get_by_role("button", name=re.compile("1201 Wealthy Street Southeast"))
        expect(offered).to_be_visible()
        expect(tab.get_by_text("Found by 127.0.0.1.")).to_be_visible()
        assert len(asked.heard) == 1
        assert look(tab, "found-by-a-server") == []
        offered.click()
        expect(tab.get_by_label("Town")).to_have_value("Grand Bend")
        expect(tab.get_by_label("Latitude")).to_have_value(f"{HOUSE[0]:.6f}")
        assert len(asked.heard) == 1


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_a_strangers_server_learns_can_be_read(site: Site, tab_of, language):
    before = site.app.config["DISPATCH"]
    public = named("nominatim", "https://nominatim.openstreetmap.org")
    site.app.config["DISPATCH"] = replace(before, geocoder=public)
    try:
        with tab_of("steward", language) as tab:
            tab.set_viewport_size(tabs.PHONE)
            tab.goto("/geocoder")
            assert tab.locator("main form input[type=checkbox]").count() == 1
            assert look(tab, f"geocoder-{language}") == []
            tab.locator("main form[novalidate]").locator("button.primary").click()
            tab.locator("#errors").wait_for()
            assert look(tab, f"geocoder-{language}-unread") == []
    finally:
        site.app.config["DISPATCH"] = before
