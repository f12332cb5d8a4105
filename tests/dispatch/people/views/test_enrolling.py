"""Setting up: three steps, each told, and each ending what was there before."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.db.transactions import Database
from dispatch.people import sessions
from dispatch.people.factors import apps
from dispatch.people.models import Membership, Role, User
from dispatch.policy import Standing
from tests.build import a_driver, a_group, a_user
from tests.conftest import Moment
from tests.device import PRESENT, Device
from tests.doors import enrol


@pytest.fixture
def rosa(database: Database) -> User:
    """A coordinator."""
    with database.transaction() as session:
        user = a_user(session)
        session.add(Membership(user=user, group=a_group(session), role=Role.COORDINATOR))
    return user


@pytest.fixture
def marta(database: Database) -> User:
    """A driver."""
    with database.transaction() as session:
        return a_driver(session, a_group(session)).user


@pytest.fixture
def confined(app: Flask, database: Database, moment: Moment) -> Callable[[User], FlaskClient]:
    """A browser of somebody who has nothing set up yet."""

    def come(user: User) -> FlaskClient:
        with database.transaction() as session:
            found = session.get_one(User, user.id)
            token = sessions.begin(session, found, now=moment.at, standing=Standing.TO_ENROL)
        client = app.test_client()
        client.set_cookie("dispatch", token)
        return client

    return come


def test_a_passkey_opens_the_pages_of_a_coordinator(
    confined: Callable[[User], FlaskClient], rosa: User
):
    client = confined(rosa)
    before = client.get_cookie("dispatch").value
    assert client.get("/board").location == "/enrol"
    assert enrol(client, Device()).location == "/enrol"
    assert client.get_cookie("dispatch").value != before
    assert client.get("/board").status_code == 200
    assert "passkey was added" in client.get("/me").text


def test_a_device_that_did_not_look_who_holds_it_sets_up_nothing(
    confined: Callable[[User], FlaskClient], rosa: User
):
    client = confined(rosa)
    answer = enrol(client, Device(flags=PRESENT))
    assert answer.status_code == 422
    assert "did not work" in answer.text
    assert client.get("/board").location == "/enrol"


def test_a_coordinator_gets_no_app_in_place_of_a_passkey(
    confined: Callable[[User], FlaskClient], rosa: User
):
    client = confined(rosa)
    assert client.post("/enrol/app").status_code == 422
    assert client.get("/enrol/app").location == "/enrol"


def test_an_app_opens_the_pages_of_a_driver_once_its_first_code_fits(
    confined: Callable[[User], FlaskClient], marta: User, database: Database, moment: Moment
):
    client = confined(marta)
    assert client.post("/enrol/app").location == "/enrol/app"
    with database.transaction(reads_only=True) as session:
        app = apps.find_app(session, session.get_one(User, marta.id))
        code = apps.code_at(apps.secret_of(session, app), moment.at)
    assert client.post("/enrol/app/code", data={"code": "000000"}).status_code == 422
    assert client.get("/today").location == "/enrol"
    assert client.post("/enrol/app/code", data={"code": code}).location == "/enrol"
    assert client.get("/today").status_code == 200


def test_the_sheet_is_shown_once(confined: Callable[[User], FlaskClient], rosa: User):
    client = confined(rosa)
    assert client.post("/enrol/codes").location == "/enrol"
    enrol(client, Device())
    answer = client.post("/enrol/codes")
    assert answer.text.count("<code>") == 11
    code = answer.text.partition("<code>")[2][:11]
    assert code not in client.get("/enrol").text


def test_setting_up_more_signs_out_every_other_browser(
    client_of: Callable[[User], FlaskClient], rosa: User
):
    here, there = client_of(rosa), client_of(rosa)
    enrol(here, Device())
    assert here.get("/board").status_code == 200
    assert there.get("/board").location.startswith("/signin?")
