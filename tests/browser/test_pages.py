"""Every page, for everybody who may see it: readable, within the policy, at every width.

`SCREENSHOTS=FOLDER` writes a picture of each, for people to look at.
"""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from dispatch import clock, i18n
from dispatch.app import create_app
from dispatch.config import Settings
from dispatch.db.transactions import Database
from dispatch.people.models import Group
from tests.browser import tabs
from tests.browser.gallery import Quiet
from tests.security import addresses
from tests.security.world import CODE, COOKIE, FAMILIES, FAMILY_COOKIE, World, make

pytestmark = pytest.mark.needs("browser")

NO_PAGES = {
    "health",
    "start",
    "planning.show_run",
    "basemap.tiles",
    "about.robots",
    "about.security_contact",
    "feeds.rides",
    "planning.fits",
    "planning.replacements",
    "planning.sheet_of_driven",
}
"""Addresses that are opened and yet show nothing: they answer a machine, or lead on."""
HALF_WAY = {"people.second_step"}
"""Pages of somebody who has shown one proof of two: the tests of signing in look at them."""
FEWEST = {"anonymous": 2, "steward": 5, "coordinator": 30, "driver": 12, "family": 3}
"""Pages that each role is known to have: a visit that finds fewer has lost some."""
WIDTHS = (1280, 360)
THEMES = ("light", "dark")


@dataclass
class Site:
    """The application, served, with a world in it."""

    app: Flask
    world: World
    address: str

    def pages(self, principal: str) -> dict[str, str]:
        """Every address that shows `principal` a page, by a name for its picture."""
        client = self.world.browser(self.app, principal)
        found = {}
        for name, address in self._addresses():
            answer = client.get(address)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                found[name] = address
        return found

    def _addresses(self) -> Iterator[tuple[str, str]]:
        """Name and address of all there is to open, and of what depends on a question."""
        ours = self.world.ours
        for rule in addresses.of(self.app, "GET"):
            own = "" if "uid" in rule.arguments else "-own"
            yield f"{rule.endpoint}{own}", addresses.fill(rule, ours)
        ride, family = ours.things["offer"].ride, ours.things["family"]
        day = ride.service_on.isoformat()
        for name, path, query in [
            ("board.day-picked", "/board", {"day": day, "ride": ride.uid}),
            ("board.day-empty", "/board", {"day": "2031-01-01"}),
            ("board.print_day-large", "/board/print", {"day": day, "type": "large"}),
            ("rides.new_request-known", "/requests/new", {"family": family.uid}),
            ("drivers.times-day", "/availability", {"day": day}),
            ("places.index-none", "/places", {"q": "nowhere at all"}),
        ]:
            yield name, f"{path}?{urlencode(query)}"


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """`app` on a free port; its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def site(settings: Settings, database: Database) -> Iterator[Site]:
    """Two groups with a thing of every kind, at this moment."""
    made = make(database, clock.now())
    with database.transaction() as session:
        # The days of the made rides are those of Greenwich.
        session.get_one(Group, made.ours.group.id).time_zone = "Atlantic/Reykjavik"
    app = create_app(settings, database=database, enqueue=lambda _uid: None)
    with served(app) as address:
        yield Site(app, made, address)


@pytest.fixture
def tab_of(browser: Browser, site: Site) -> Callable[..., contextmanager]:
    """A function to a tab in which somebody is signed in, whose pages speak a language.

    Pages come from the server alone: where one takes long, the worker would show the page that it
    keeps instead.
    """

    @contextmanager
    def open_tab(principal: str, language: str = i18n.SOURCE) -> Iterator[Page]:
        with tabs.opened(browser, site.address, service_workers="block") as tab:
            token = site.world.tokens.get(principal)
            if token is not None:
                name = FAMILY_COOKIE if principal in FAMILIES else COOKIE
                tab.context.add_cookies([{"name": name, "value": token, "url": site.address}])
            if language != i18n.SOURCE:
                tab.goto(("/f/rides" if principal in FAMILIES else "/me") if token else "/signin")
                tab.locator(f"button[name=language][value={language}]").click()
                tab.locator(f"html[lang={language}]").wait_for()
            yield tab

    return open_tab


def look(tab: Page, name: str) -> list[str]:
    """What is wrong with the page in `tab`, by day and by night; a picture of both if wanted."""
    wrong = [f"{name} scrolls sideways"] if tabs.is_wider_than_its_window(tab) else []
    for theme in THEMES:
        tab.emulate_media(color_scheme=theme, reduced_motion="reduce")
        found = tabs.faults(tab, of_colour=theme != THEMES[0])  # the rest is the same by night
        wrong += [f"{name}, {theme}: {fault}" for fault in found]
        if folder := os.environ.get("SCREENSHOTS"):
            tabs.take(tab, f"{name}-{theme}", Path(folder))
    return wrong


def test_every_address_shows_a_page_to_somebody(site: Site):
    shown = {name.removesuffix("-own") for principal in FEWEST for name in site.pages(principal)}
    all_of_them = {rule.endpoint for rule in addresses.of(site.app, "GET")}

    assert all_of_them - shown == NO_PAGES | HALF_WAY


@pytest.mark.parametrize("language", i18n.languages())
@pytest.mark.parametrize("principal", FEWEST)
def test_every_page_can_be_read_by_everybody(site: Site, tab_of, principal, language):
    found = site.pages(principal)
    wrong = []

    with tab_of(principal, language) as tab:
        for name, address in found.items():
            answer = tab.goto(address)
            _let_parts_come(tab)
            assert answer.status == 200, name
            assert tab.locator("html").get_attribute("lang") == language, name
            for width in WIDTHS:
                tab.set_viewport_size({"width": width, "height": 900})
                wrong += look(tab, f"{principal}-{name}-{language}-{width}")

    assert wrong == []
    assert len(found) >= FEWEST[principal]


@pytest.mark.parametrize(
    ("principal", "path"),
    [
        ("anonymous", f"/invite/{CODE}"),
        ("steward", "/groups/new"),
        ("coordinator", "/families/new"),
        ("coordinator", "/places/new"),
        ("coordinator", "/drivers/new"),
        ("coordinator", "/requests/new"),
        ("driver", "/me"),
    ],
)
def test_a_form_that_comes_back_can_be_read_and_leads_to_what_is_wrong(
    site: Site, tab_of, principal, path
):
    with tab_of(principal) as tab:
        tab.set_viewport_size(tabs.PHONE)
        tab.goto(path)
        for field in tab.locator("main form[novalidate] .input:visible:not([readonly])").all():
            if field.get_attribute("type") in ("text", "email"):
                field.fill("")
        tab.locator("main form[novalidate]").locator("button.primary").first.click()

        summary = tab.locator("#errors")
        summary.wait_for()
        wrong = look(tab, f"{principal}-{path}-wrong")
        assert tab.evaluate("document.activeElement.id") == "errors"
        summary.get_by_role("link").first.click()
        is_field = "document.activeElement.matches('input, select, textarea, fieldset')"
        assert tab.evaluate(is_field)

    assert wrong == []


def test_a_page_that_is_not_there_says_so_and_leads_on(site: Site, tab_of):
    with tab_of("driver") as tab:
        tab.goto(f"/rides/{site.world.theirs.things['ride'].uid}")

        assert tab.get_by_role("heading", level=1).is_visible()
        assert look(tab, "driver-refused") == []
        tab.get_by_role("link", name="To the start").click()
        tab.wait_for_url("**/today")


def _let_parts_come(tab: Page) -> None:
    """Wait for what a page asks for by itself once it is there."""
    if tab.locator("[hx-trigger='load']").count():
        tab.wait_for_load_state("networkidle")


def test_letters_that_fade_by_night_are_noticed(tab_of):
    with tab_of("anonymous") as tab:
        tab.goto("/signin")
        assert look(tab, "signin") == []
        tab.evaluate(
            "() => { const sheet = new CSSStyleSheet(); sheet.replaceSync("
            "'@media (prefers-color-scheme: dark) "
            "{ main * { color: #223 !important; background: #222 !important } }');"
            "document.adoptedStyleSheets = [sheet]; }"
        )
        found = look(tab, "signin")

    assert found
    assert all("dark: color-contrast" in fault for fault in found)
