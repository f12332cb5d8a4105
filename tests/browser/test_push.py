"""A driver's browser is told of news: a notification with a time, whose page opens by a touch."""

import json

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Worker, expect

from dispatch.notify.push import encrypting
from tests.browser import tabs
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
