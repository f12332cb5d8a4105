"""A closed family is opened in need in a browser, in Spanish, and reviewed by a colleague."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Page, expect

from dispatch import clock
from dispatch.app import create_app
from dispatch.config import Settings
from dispatch.db.transactions import Database
from dispatch.people import sessions
from dispatch.people.models import User
from tests import build
from tests.browser import tabs
from tests.browser.album import Album
from tests.browser.test_pages import served
from tests.security.world import COOKIE

pytestmark = pytest.mark.needs("browser")


@pytest.fixture
def tokens(database: Database) -> dict[str, str]:
    """Rosa, Tom and a family that has withdrawn; the tokens of both, and the family's address."""
    now = clock.now()
    with database.transaction() as session:
        group = build.a_group(session, time_zone="Atlantic/Reykjavik")
        family = build.a_family(session, group, withdrawn_at=now)
        found = {"family": f"/families/{family.uid}"}
        for name in ("Rosa", "Tom"):
            user = session.get_one(User, build.a_coordinator(session, group).user_id)
            found[name] = sessions.begin(session, user, now=now)
        return found


@pytest.fixture
def tab_of(
    browser: Browser, settings: Settings, database: Database, tokens: dict[str, str]
) -> Iterator[Callable[..., Page]]:
    """A function to the browser of one of them, of a phone's size or a desk's."""
    app = create_app(settings, database=database, enqueue=lambda _uid: None)
    with served(app) as address, ExitStack() as stack:

        def opened(name: str, size: dict[str, int]) -> Page:
            options = {"size": size, "locale": "es"}
            tab = stack.enter_context(tabs.opened(browser, address, **options))
            cookie = {"name": COOKIE, "value": tokens[name], "url": address}
            tab.context.add_cookies([cookie])
            tab.goto("/me")
            tab.locator("button[name=language][value=es]").click()
            tab.locator("html[lang=es]").wait_for()
            return tab

        yield opened


@pytest.mark.parametrize("size", [tabs.PHONE, tabs.DESK], ids=["phone", "desk"])
def test_the_glass_is_broken_seen_closed_and_reviewed(
    tab_of: Callable[..., Page], tokens: dict[str, str], album: Album, size: dict[str, int]
):
    rosa, tom = tab_of("Rosa", size), tab_of("Tom", size)
    rosa.goto(tokens["family"])
    expect(rosa.get_by_text("Cerrada: esta familia se retiró")).to_be_visible()
    album.keep(rosa, "closed")
    rosa.get_by_role("link", name="Abrirla por necesidad").click()
    rosa.get_by_role("button", name="Abrirla ahora").click()
    expect(rosa.get_by_text("Elija qué pasa.").first).to_be_visible()
    album.keep(rosa, "glass-form")
    rosa.get_by_label("Qué pasa").select_option("stranded")
    rosa.get_by_label("En sus palabras").fill("Esperan en la clínica y ya van a cerrar")
    rosa.get_by_role("button", name="Abrirla ahora").click()
    expect(rosa.get_by_text("Abierta para usted por necesidad")).to_be_visible()
    rosa.locator("form[action*='part=name'] button").click()
    expect(rosa.get_by_text("Carmen")).to_be_visible()
    tom.goto("/watch")
    expect(tom.get_by_text("se abrió por necesidad").first).to_be_visible()
    tom.goto("/glass")
    album.keep(tom, "glass-list")
    tom.locator("main a", has_text="Familia").first.click()
    tom.get_by_role("button", name="Cerrarla ahora").click()
    expect(tom.get_by_role("heading", name="Revisión")).to_be_visible()
    album.keep(tom, "glass-record")
    tom.get_by_role("radio", name="Hacía falta", exact=True).check()
    tom.get_by_role("button", name="Dejar constancia").click()
    expect(tom.get_by_role("heading", name="Revisadas")).to_be_visible()
    rosa.goto(tokens["family"])
    expect(rosa.get_by_text("Cerrada: esta familia se retiró")).to_be_visible()
    tom.goto("/log")
    expect(tom.get_by_text("abrió una familia cerrada por necesidad").first).to_be_visible()
    album.keep(tom, "log")
