"""Being told of news in a browser, on the own account's page."""

import re
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.db.transactions import Database, vault_of
from dispatch.notify.push import subscriptions, vapid
from dispatch.people.models import User
from tests.build import a_driver, a_group
from tests.services.push import Browser

ClientOf = Callable[[User], FlaskClient]
FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"


@pytest.fixture
def allowed(app: Flask) -> None:
    """The operator allows it."""
    app.config["DISPATCH"] = replace(app.config["DISPATCH"], push="mailto:rides@example.org")


@pytest.fixture
def driver(database: Database) -> User:
    """A driver."""
    with database.transaction() as session:
        return a_driver(session, a_group(session)).user


def kept(database: Database, user: User) -> list[str]:
    """The browsers in which `user` is told."""
    with database.transaction(reads_only=True) as session:
        return [one.label for one in subscriptions.of(session, user.id)]


def test_where_the_operator_does_not_allow_it_nothing_is_offered_or_taken(
    client_of: ClientOf, driver: User, database: Database
):
    client = client_of(driver)
    page = client.get("/me").text
    assert "push" not in re.sub(r'class="[^"]*"', "", page)
    assert client.post("/me/push", data=Browser().form).status_code == 422
    assert kept(database, driver) == []


@pytest.mark.usefixtures("allowed")
def test_the_page_says_who_learns_of_it_before_the_button(
    client_of: ClientOf, driver: User, database: Database
):
    page = client_of(driver).get("/me").text
    with database.transaction(reads_only=True) as session:
        key = vapid.public_key(vault_of(session))
    assert f'data-push-key="{key}"' in page
    assert page.index("the company that made your browser") < page.index('data-push-key="')


@pytest.mark.usefixtures("allowed")
def test_a_browser_is_turned_on_listed_and_turned_off(
    client_of: ClientOf, driver: User, database: Database
):
    client, browser = client_of(driver), Browser()
    answer = client.post("/me/push", data=browser.form, headers={"User-Agent": FIREFOX})
    assert (answer.status_code, answer.location) == (303, "/me")
    assert kept(database, driver) == ["Firefox, Android"]
    page = client.get("/me").text
    assert "Firefox, Android" in page
    assert browser.endpoint not in page
    uid = re.search(r'name="subscription" value="([^"]+)"', page)[1]
    for said, status in (("", 303), (str(uuid4()), 404), (uid, 303), (uid, 404)):
        assert client.post("/me/push/end", data={"subscription": said}).status_code == status
    assert kept(database, driver) == []


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "https://10.0.0.1/a"},
        {"endpoint": "https://localhost/a"},
        {"endpoint": "http://push.example.org/a"},
        {"endpoint": "https://push.example.org/a\r\nX: 1"},
        {"p256dh": "AAAA"},
        {"auth": ""},
    ],
)
def test_what_is_no_push_service_is_refused(
    client_of: ClientOf, driver: User, database: Database, wrong: dict[str, str]
):
    answer = client_of(driver).post("/me/push", data={**Browser().form, **wrong})
    assert answer.status_code == 422
    assert kept(database, driver) == []
