"""A family's own page in a browser, in Spanish, on a small phone: from the card to withdrawing."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from dispatch import clock
from dispatch.app import create_app
from dispatch.config import Settings
from dispatch.db.transactions import Database
from dispatch.people import sessions
from dispatch.people.models import User
from dispatch.rides.models import RideState
from tests import build
from tests.browser import tabs
from tests.browser.album import Album
from tests.browser.test_pages import served
from tests.dispatch.visits import household
from tests.security.world import COOKIE

pytestmark = pytest.mark.needs("browser")


@pytest.fixture
def desk_token(database: Database) -> str:
    """A family with a ride in an hour that Marta drives, a way back on call, and a desk."""
    now = clock.now()
    with database.transaction() as session:
        known = household.make(session, now)
        known.group.time_zone = "Atlantic/Reykjavik"  # the days of its rides are those of UTC
        known.ride.service_on = now.date()
        known.held.pickup_at, known.held.dropoff_at = now, now + timedelta(minutes=30)
        known.held.busy_until = now + timedelta(minutes=33)
        build.a_ride(
            session,
            known.group,
            family=known.family,
            state=RideState.WILL_CALL,
            service_on=now.date(),
            window_starts_at=None,
            window_ends_at=None,
            pickup_place=known.ride.dropoff_place,
            dropoff_place=known.family.place,
        )
        user = session.get_one(User, known.rosa.user_id)
        return sessions.begin(session, user, now=now)


@pytest.fixture
def address(settings: Settings, database: Database, desk_token: str) -> Iterator[str]:
    """Where the application is served."""
    app: Flask = create_app(settings, database=database, enqueue=lambda _uid: None)
    with served(app) as at:
        yield at


@pytest.fixture
def desk(browser: Browser, address: str, desk_token: str) -> Iterator[Page]:
    """A coordinator's browser."""
    with tabs.opened(browser, address) as tab:
        tab.context.add_cookies([{"name": COOKIE, "value": desk_token, "url": address}])
        yield tab


@pytest.fixture(params=["light", "dark"])
def phone(browser: Browser, address: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A family's phone."""
    options = {"size": tabs.PHONE, "color_scheme": request.param, "locale": "es"}
    with tabs.opened(browser, address, **options) as tab:
        yield tab


def a_code(desk: Page) -> str:
    """A new code, made at the desk."""
    desk.goto("/families")
    desk.get_by_role("link", name=re.compile(r"F\d{3}")).first.click()
    desk.get_by_role("link", name="Codes and phones").click()
    desk.get_by_role("button", name="New code").click()
    return desk.locator(".code.spoken").inner_text()


def test_a_family_opens_its_page_answers_and_withdraws(desk: Page, phone: Page, album: Album):
    code = a_code(desk)
    album.keep(desk, "desk-code")
    phone.goto("/f")
    album.keep(phone, "own-door")
    phone.get_by_label("Código").fill("K3MF 7HRA 9XWC")
    phone.get_by_role("button", name="Abrir mi página").click()
    expect(phone.get_by_text("Este código no abre nada.")).to_be_visible()
    phone.get_by_label("Código").fill(code)
    phone.get_by_role("button", name="Abrir mi página").click()
    expect(phone.get_by_text("Marta los lleva.")).to_be_visible()
    expect(phone.get_by_text("Larch Row")).to_have_count(0)
    album.keep(phone, "own-rides")
    phone.get_by_role("button", name="Sí, vamos").click()
    expect(phone.get_by_text("Usted dijo que sí.")).to_be_visible()
    phone.get_by_role("button", name="Ya estamos listos").click()
    expect(phone.get_by_text("Buscamos quién maneje.")).to_be_visible()
    album.keep(phone, "own-ready")
    phone.get_by_text("No necesito este viaje").first.click()
    album.keep(phone, "own-cancel")
    phone.get_by_role("link", name="Borrarme ahora").click()
    album.keep(phone, "own-withdraw")
    phone.get_by_label("Sí, quiero hacerlo").check()
    phone.get_by_role("button", name="Cancelar todo y borrarme").click()
    expect(phone.get_by_role("heading", name="Usted se retiró")).to_be_visible()
    album.keep(phone, "own-withdrawn")


def test_a_square_fills_in_the_code_and_leaves_no_trace_of_it(desk: Page, phone: Page):
    code = a_code(desk)
    phone.goto(f"/f#{code.replace(' ', '')}")
    expect(phone.get_by_label("Código")).to_have_value(code)
    assert phone.url.endswith("/f")


def test_a_phone_that_the_desk_forgets_is_asked_for_a_code(desk: Page, phone: Page, album: Album):
    code = a_code(desk)
    phone.goto("/f")
    phone.get_by_label("Código").fill(code)
    phone.get_by_role("button", name="Abrir mi página").click()
    expect(phone.get_by_role("heading", name="Sus viajes")).to_be_visible()
    desk.get_by_role("link", name="Done").click()
    album.keep(desk, "desk-page")
    with desk.expect_navigation():
        desk.get_by_role("button", name="Forget this phone").click()
    phone.reload()
    expect(phone.get_by_label("Código")).to_be_visible()


def test_the_page_for_people_is_one_sheet(phone: Page, album: Album):
    phone.goto("/about/privacy")
    expect(phone.get_by_role("heading", name="Lo que no podemos evitar")).to_be_visible()
    album.keep(phone, "privacy")
