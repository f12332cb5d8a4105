"""The second step at the door, and being asked again."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.db.transactions import Database
from dispatch.people.factors import apps, codes
from dispatch.people.models import Membership, Role, User
from tests import doors
from tests.build import a_driver, a_group, a_user
from tests.conftest import Moment
from tests.device import Device

EMAIL = "marta@example.org"


@pytest.fixture
def marta(database: Database, password_hash: str, moment: Moment) -> User:
    """A driver with a password."""
    with database.transaction() as session:
        user = a_user(session, email=EMAIL, password_hash=password_hash)
        a_driver(session, a_group(session), user=user)
    return user


@pytest.fixture
def secret(marta: User, database: Database, moment: Moment) -> str:
    """Of the app of Marta."""
    with database.transaction() as session:
        return doors.an_app(session, session.get_one(User, marta.id), moment.at)


@pytest.fixture
def client(app: Flask, moment: Moment) -> FlaskClient:
    return app.test_client()


def _type(client: FlaskClient, code: str):
    return client.post("/signin/code", data={"code": code, "next": "/today"})


def test_a_driver_with_an_app_is_asked_for_its_code(
    client: FlaskClient, secret: str, password: str, moment: Moment
):
    answer = doors.password_in(client, EMAIL, password, next="/today")
    assert answer.location == "/signin/code?next=%2Ftoday"
    for page in ("/", "/me", "/today", "/enrol"):
        assert client.get(page).location == "/signin/code"
    answer = _type(client, apps.code_at(secret, moment.at))
    assert (answer.status_code, answer.location) == (303, "/today")
    assert client.get("/today").status_code == 200


def test_the_cookie_from_before_the_code_is_worth_nothing_after_it(
    app: Flask, client: FlaskClient, secret: str, password: str, moment: Moment
):
    doors.password_in(client, EMAIL, password)
    half = client.get_cookie("dispatch").value
    _type(client, apps.code_at(secret, moment.at))
    other = app.test_client()
    other.set_cookie("dispatch", half)
    assert other.get("/signin/code").location.startswith("/signin?")


def test_a_wrong_code_and_one_that_was_used_are_refused(
    app: Flask, client: FlaskClient, secret: str, password: str, moment: Moment
):
    doors.password_in(client, EMAIL, password)
    code = apps.code_at(secret, moment.at)
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert _type(client, wrong).status_code == 422
    assert _type(client, code).status_code == 303
    other = app.test_client()
    doors.password_in(other, EMAIL, password)
    assert _type(other, code).status_code == 422


def test_after_five_wrong_codes_there_is_a_pause_that_an_own_browser_does_not_feel(
    app: Flask, client: FlaskClient, secret: str, password: str, moment: Moment
):
    doors.password_in(client, EMAIL, password)
    _type(client, apps.code_at(secret, moment.at))
    client.post("/signout")
    guesser = app.test_client()
    doors.password_in(guesser, EMAIL, password)
    for _guess in range(5):
        assert _type(guesser, "000000").status_code == 422
    assert _type(guesser, "000000").status_code == 429
    doors.password_in(client, EMAIL, password)
    moment.pass_by(seconds=90)
    assert _type(client, apps.code_at(secret, moment.at)).status_code == 303


def test_half_in_is_over_after_ten_minutes(
    client: FlaskClient, secret: str, password: str, moment: Moment
):
    doors.password_in(client, EMAIL, password)
    moment.pass_by(minutes=9, seconds=59)
    assert client.get("/signin/code").status_code == 200
    moment.pass_by(seconds=1)
    assert client.get("/signin/code").location.startswith("/signin?")


def test_a_code_of_the_sheet_takes_the_place_of_the_device_once(
    app: Flask, client: FlaskClient, marta: User, secret: str, password: str, database: Database,
    moment: Moment,
):  # fmt: skip
    with database.transaction() as session:
        sheet = codes.make(session, session.get_one(User, marta.id), now=moment.at)
    doors.password_in(client, EMAIL, password)
    assert _type(client, sheet.codes[0]).location == "/today"
    assert "one of your codes was used" in client.get("/me").text.lower()
    other = app.test_client()
    doors.password_in(other, EMAIL, password)
    assert _type(other, sheet.codes[0]).status_code == 422
    assert _type(other, sheet.lock_code).status_code == 422


def test_a_coordinator_who_comes_by_a_code_sets_up_a_passkey_first(
    client: FlaskClient, marta: User, secret: str, password: str, database: Database,
    moment: Moment,
):  # fmt: skip
    with database.transaction() as session:
        user = session.get_one(User, marta.id)
        session.add(Membership(user=user, group=a_group(session), role=Role.COORDINATOR))
        sheet = codes.make(session, user, now=moment.at)
    for code in (apps.code_at(secret, moment.at), sheet.codes[0]):
        doors.password_in(client, EMAIL, password)
        assert _type(client, code).location == "/enrol"
        assert client.get("/today").location == "/enrol"
        client.post("/signout")
    doors.password_in(client, EMAIL, password)
    _type(client, sheet.codes[1])
    assert doors.enrol(client, Device()).location == "/enrol"
    assert client.get("/today").status_code == 200


def test_a_passkey_of_somebody_else_is_no_second_step(
    client: FlaskClient, marta: User, secret: str, password: str, database: Database,
    moment: Moment,
):  # fmt: skip
    with database.transaction() as session:
        strangers = doors.a_passkey(session, a_user(session), moment.at)
        own = doors.a_passkey(session, session.get_one(User, marta.id), moment.at)
    doors.password_in(client, EMAIL, password)
    assert doors.passkey_in(client, strangers, "/signin/code").status_code == 422
    assert doors.passkey_in(client, own, "/signin/code").status_code == 303


def test_a_step_with_a_price_asks_again_who_it_is(
    client_of: Callable[[User], FlaskClient], marta: User, secret: str, moment: Moment
):
    client = client_of(marta)
    assert client.post("/enrol/codes").status_code == 200
    moment.pass_by(minutes=15)
    answer = client.post("/enrol/codes", headers={"Referer": "http://localhost/enrol"})
    assert answer.location == "/confirm?next=%2Fenrol"
    assert client.get(answer.location).status_code == 200
    wrong = client.post("/confirm", data={"code": "000000", "next": "/enrol"})
    assert wrong.status_code == 422
    code = apps.code_at(secret, moment.at)
    assert client.post("/confirm", data={"code": code, "next": "/enrol"}).location == "/enrol"
    assert client.post("/enrol/codes").status_code == 200


def test_a_passkey_says_again_who_it_is(
    client_of: Callable[[User], FlaskClient], marta: User, database: Database, moment: Moment
):
    with database.transaction() as session:
        own = doors.a_passkey(session, session.get_one(User, marta.id), moment.at)
        strangers = doors.a_passkey(session, a_user(session), moment.at)
    client = client_of(marta)
    moment.pass_by(minutes=15)
    assert doors.passkey_in(client, strangers, "/confirm").status_code == 422
    assert doors.passkey_in(client, own, "/confirm").location == "/me"
    assert client.post("/enrol/codes").status_code == 200
