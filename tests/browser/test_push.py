"""A driver's browser is told of news: a notification with a time, whose page opens by a touch."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import Browser, CDPSession, Page, Worker, expect
from werkzeug.serving import make_server

from dispatch import clock
from dispatch.db.transactions import Database
from dispatch.notify.push import encrypting
from dispatch.people import sessions
from dispatch.people.models import Membership, Role
from tests import build
from tests.browser import tabs
from tests.browser.scene import COOKIE
from tests.services import push

pytestmark = pytest.mark.needs("browser")
WATCH = """() => {
    self.shown = [];
    registration.showNotification = async (title, { data, body }) => {
        self.shown.push([title, data, body ?? ""]);
    };
}"""
"""Writes down what the browser would show: one without windows shows nothing."""
TOUCH = """(path) => {
    const opened = [];
    self.clients.openWindow = async (where) => { opened.push(where); };
    const notification = { data: path, close: () => opened.push("closed") };
    const touch = new Event("notificationclick");
    touch.notification = notification;
    touch.waitUntil = () => {};
    self.dispatchEvent(touch);
    return opened;
}"""


def registration_of(line: CDPSession, tab: Page) -> str:
    """What the browser calls the worker of the page."""
    found = []
    line.on(
        "ServiceWorker.workerRegistrationUpdated", lambda said: found.extend(said["registrations"])
    )
    line.send("ServiceWorker.enable")
    while not found:
        tab.wait_for_timeout(20)
    return found[-1]["registrationId"]


def worker_of(tab: Page) -> Worker:
    """The program of the page that runs without it."""
    tab.wait_for_function("() => navigator.serviceWorker.controller")
    return tab.context.service_workers[0]


def test_what_is_sent_is_shown_and_leads_to_its_page(browser: Browser, scene, installation):
    made = scene({"hours": 3})
    with tabs.opened(browser, installation.address, size=tabs.PHONE) as tab:
        made.sign_in(tab, "Marta")
        tab.context.grant_permissions(["notifications"], origin=installation.address)
        tab.goto("/today")
        worker = worker_of(tab)
        worker.evaluate(WATCH)
        phone = push.Browser()
        told = json.dumps({"title": "A question about Tuesday 9 March, 10:00", "path": "/offers"})
        sent = encrypting.encrypted(told.encode(), phone.point, phone.auth)
        line = tab.context.new_cdp_session(tab)
        line.send(
            "ServiceWorker.deliverPushMessage",
            {
                "origin": installation.address,
                "registrationId": registration_of(line, tab),
                "data": phone.decrypted(sent).decode(),
            },
        )
        for _look in range(250):
            if shown := worker.evaluate("() => self.shown"):
                break
            tab.wait_for_timeout(20)
        assert shown == [["A question about Tuesday 9 March, 10:00", "/offers", ""]]
        assert worker.evaluate(TOUCH, "/offers") == ["closed", "/offers"]
        assert worker.evaluate(TOUCH, "https://elsewhere.example.org/offers") == [
            "closed",
            "/offers",
        ]


def test_where_the_operator_does_not_allow_it_nothing_of_it_is_on_the_page(
    browser: Browser, scene, installation
):
    made = scene({"hours": 3})
    with tabs.opened(browser, installation.address, size=tabs.PHONE) as tab:
        made.sign_in(tab, "Marta")
        tab.goto("/me")
        expect(tab.locator("[data-push-key]")).to_have_count(0)


PRETEND = """(told) => {
    PushManager.prototype.getSubscription = async () => null;
    PushManager.prototype.subscribe = async function (wanted) {
        const { userVisibleOnly, applicationServerKey } = wanted;
        sessionStorage.setItem("wanted", [userVisibleOnly, applicationServerKey.length]);
        return { toJSON: () => told };
    };
    Notification.requestPermission = async () => told.answer;
}"""
"""A push service that no test may ask, and a person who answers the browser's own question."""


@pytest.fixture
def own_address(app: Flask) -> Iterator[str]:
    """Where an installation answers whose operator allows it."""
    app.config["DISPATCH"] = replace(app.config["DISPATCH"], push="mailto:rides@example.org")
    app.config["WTF_CSRF_ENABLED"] = True
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()


@pytest.mark.parametrize(("size", "is_desk"), [(tabs.PHONE, False), (tabs.DESK, True)])
def test_a_driver_turns_it_on_in_a_phone_and_at_a_desk(
    browser: Browser, own_address: str, database: Database, size: dict[str, int], is_desk: bool
):
    now = clock.now()
    with database.transaction() as session:
        group = build.a_group(session)
        user = build.a_driver(session, group).user
        if is_desk:
            session.add(Membership(user=user, group=group, role=Role.COORDINATOR))
        session.flush()
        token = sessions.begin(session, user, now=now)
    with tabs.opened(browser, own_address, size=size) as tab:
        tab.context.add_cookies([{"name": COOKIE, "value": token, "url": own_address}])
        tab.goto("/me")
        phone = push.Browser()
        keys = {name: phone.form[name] for name in ("p256dh", "auth")}
        said = {"endpoint": phone.endpoint, "keys": keys}
        tab.evaluate(PRETEND, {**said, "answer": "denied"})
        tab.get_by_role("button", name="Turn on in this browser").click()
        expect(tab.get_by_text("This browser does not allow it.")).to_be_visible()
        tab.evaluate(PRETEND, {**said, "answer": "granted"})
        tab.get_by_role("button", name="Turn on in this browser").click()
        expect(tab.get_by_text("News come to this browser now.")).to_be_visible()
        expect(tab.get_by_role("button", name="Turn off")).to_be_visible()
        assert tab.evaluate("sessionStorage.getItem('wanted')") == "true,65"
        assert tabs.faults(tab) == []
        tab.get_by_role("button", name="Turn off").click()
        expect(tab.get_by_text("No more news come to that browser.")).to_be_visible()
