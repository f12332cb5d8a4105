"""Signing in as people do: a passkey of Chromium's own software device, an app, the sheet."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from dispatch import clock
from dispatch.app import create_app
from dispatch.config import Settings
from dispatch.db.transactions import Database
from dispatch.people import service
from dispatch.people.factors import apps
from dispatch.people.models import Role
from dispatch.policy.actor import SYSTEM
from tests.browser import tabs
from tests.browser.roles import PASSWORD, Person
from tests.browser.test_pages import served
from tests.build import a_group

pytestmark = pytest.mark.needs("browser")


@pytest.fixture
def site(settings: Settings, database: Database) -> Iterator[str]:
    """The application under a name: passkeys are not for addresses of numbers."""
    app: Flask = create_app(settings, database=database, enqueue=lambda _uid: None)
    with served(app) as address:
        yield address.replace("127.0.0.1", "localhost")


@pytest.fixture
def invite(database: Database) -> Callable[[Role, str], str]:
    """A function to an invitation of somebody new."""

    def make(role: Role, email: str) -> str:
        with database.transaction() as session:
            _user, code = service.invite(
                session, SYSTEM, a_group(session), role, name="Carmen", email=email,
                language="es", now=clock.now(),
            )  # fmt: skip
        return f"/invite/{code}"

    return make


@pytest.fixture
def phone(browser: Browser, site: str) -> Callable[[], AbstractContextManager[Page]]:
    """A function to a phone with a software device that knows its holder."""

    @contextmanager
    def take() -> Iterator[Page]:
        with tabs.opened(browser, site, size=tabs.PHONE, locale="es") as tab:
            devices = tab.context.new_cdp_session(tab)
            devices.send("WebAuthn.enable")
            options = {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
            devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
            yield tab

    return take


def test_a_coordinator_sets_up_a_passkey_and_signs_in_with_nothing_else(phone, invite, album):
    with phone() as tab:
        rosa = Person(tab, "es", album)
        tab.goto(invite(Role.COORDINATOR, "rosa@example.org"))
        rosa.field("New password").fill(PASSWORD)
        rosa.field("The same again").fill(PASSWORD)
        rosa.press("Open my account")
        rosa.is_told("Make your account safe")
        rosa.keep("enrol")
        assert tabs.faults(tab) == []
        rosa.press("Set up a passkey")
        rosa.is_told("Your passkey is set up.")
        rosa.keep("enrolled")
        rosa.press("Show my codes")
        rosa.is_told("To lock your account")
        assert tab.locator("code").count() == 11
        rosa.keep("codes")
        assert tabs.faults(tab) == []
        rosa.follow("I have it")
        rosa.follow("To my pages")
        tab.wait_for_url("**/board")
        tab.goto("/me")
        rosa.keep("me-proofs")
        tab.locator("form[action='/signout'] button").last.click()
        tab.wait_for_url("**/signin")
        rosa.keep("signin-passkey")
        rosa.press("Use a passkey")
        tab.wait_for_url("**/board")


def test_a_driver_signs_in_with_an_app_and_once_with_the_sheet(phone, invite, album):
    with phone() as tab:
        marta = Person(tab, "es", album)
        tab.goto(invite(Role.DRIVER, "marta@example.org"))
        marta.field("New password").fill(PASSWORD)
        marta.field("The same again").fill(PASSWORD)
        marta.press("Open my account")
        tab.locator("summary").last.click()
        marta.press("Set up an app")
        marta.keep("app")
        assert tabs.faults(tab) == []
        secret = tab.locator("code").inner_text().replace(" ", "")
        marta.field("Code").fill(apps.code_at(secret, clock.now()))
        marta.press("Take it into use")
        marta.is_told("Your app is set up. At signing in it shows the code to type.")
        marta.press("Show my codes")
        code = tab.locator("code").first.inner_text()
        tab.context.clear_cookies()
        marta.tab.goto("/signin")
        marta.field("E-mail").fill("marta@example.org")
        marta.field("Password").fill(PASSWORD)
        marta.press("Sign in")
        marta.is_told("One more step")
        marta.keep("second-step")
        assert tabs.faults(tab) == []
        marta.field("Code").fill("000000")
        marta.press("Go on")
        marta.is_told("This code does not fit, or was used. Type the newest one.")
        marta.field("Code").fill(code)
        marta.press("Go on")
        expect(tab).not_to_have_url("/signin/code")
        tab.goto("/me")
        marta.is_told("One of your codes was used to sign in.")
        marta.keep("told")
