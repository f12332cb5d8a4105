"""The door: signing in and out, invitation links, languages."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch.app import create_app
from dispatch.config import Settings
from dispatch.db.transactions import Database
from dispatch.people import service, sessions
from dispatch.people.models import Group, Membership, Role, User, UserState, WebSession
from dispatch.policy.actor import SYSTEM
from tests import doors
from tests.build import a_group, a_user
from tests.conftest import Moment
from tests.device import Device


@pytest.fixture
def rosa(database: Database, password_hash: str) -> User:
    """A coordinator with a password."""
    with database.transaction() as session:
        user = a_user(session, email="rosa@example.org", password_hash=password_hash)
        session.add(Membership(user=user, group=a_group(session), role=Role.COORDINATOR))
    return user


@pytest.fixture
def client(app: Flask, moment: Moment) -> FlaskClient:
    """A browser that has never been here."""
    return app.test_client()


def _sign_in(client: FlaskClient, password: str, email: str = "rosa@example.org", **more: str):
    return client.post("/signin", data={"email": email, "password": password, **more})


def _cookie(client: FlaskClient, name: str = "dispatch") -> str | None:
    found = client.get_cookie(name)
    return None if found is None else found.value


def test_a_password_alone_leads_to_setting_up_more_and_nowhere_else(
    client: FlaskClient, rosa: User, password: str
):
    answer = _sign_in(client, password, next="/board")
    assert (answer.status_code, answer.location) == (303, "/enrol")
    for page in ("/", "/me", "/board", "/families"):
        assert client.get(page).location == "/enrol"
    fragment = client.get("/board", headers={"HX-Request": "true"})
    assert fragment.headers["HX-Redirect"] == "/enrol"
    assert client.get("/enrol").status_code == 200


def test_who_has_a_passkey_is_let_in_by_it(
    client: FlaskClient, rosa: User, database: Database, moment: Moment
):
    with database.transaction() as session:
        device = doors.a_passkey(session, session.get_one(User, rosa.id), moment.at)
    answer = doors.passkey_in(client, device)
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/me").status_code == 200


def test_a_passkey_of_nobody_opens_nothing(client: FlaskClient, rosa: User):
    answer = doors.passkey_in(client, Device())
    assert answer.status_code == 422
    assert "opens no account" in answer.text
    assert client.get("/me").location.startswith("/signin")


def test_in_a_demo_a_password_is_enough(
    settings: Settings, database: Database, rosa: User, password: str, moment: Moment
):
    town = create_app(replace(settings, is_demo=True), database=database)
    town.config["WTF_CSRF_ENABLED"] = False
    client = town.test_client()
    assert _sign_in(client, password).location == "/"
    assert client.get("/me").status_code == 200


def test_the_cookie_is_for_the_server_only(client: FlaskClient, rosa: User, password: str):
    cookies = _sign_in(client, password).headers.getlist("Set-Cookie")
    (given,) = [cookie for cookie in cookies if cookie.startswith("dispatch=")]
    assert "HttpOnly" in given
    assert "SameSite=Lax" in given
    assert "Expires" not in given


@pytest.mark.parametrize(
    ("next_page", "location"),
    [
        ("/me", "/me"),
        ("/board?day=2027-03-09", "/board?day=2027-03-09"),
        ("//evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("/signout", "/"),
        ("/nowhere", "/"),
        ("", "/"),
    ],
)
def test_signing_in_leads_to_own_pages_only(
    client: FlaskClient,
    rosa: User,
    database: Database,
    moment: Moment,
    next_page: str,
    location: str,
):
    with database.transaction() as session:
        device = doors.a_passkey(session, session.get_one(User, rosa.id), moment.at)
    answer = device.prove(doors.ask(client))
    let_in = client.post("/signin", data={"credential": answer, "next": next_page})
    assert let_in.location == location


def test_a_page_that_needs_an_account_leads_to_the_door_and_back(client: FlaskClient):
    answer = client.get("/me?x=1")
    assert (answer.status_code, answer.location) == (302, "/signin?next=%2Fme%3Fx%3D1")
    assert b'name="next" value="/me?x=1"' in client.get(answer.location).data


def test_a_fragment_sends_the_whole_page_to_the_door(client: FlaskClient):
    answer = client.get("/me", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.data) == (204, b"")
    assert answer.headers["HX-Redirect"].startswith("/signin?")


def test_an_unknown_and_a_known_person_get_the_same_answer(
    client: FlaskClient, rosa: User, database: Database, password: str, password_hash: str
):
    with database.transaction() as session:
        a_user(session, email="new@example.org", state=UserState.INVITED)
        closed = {"state": UserState.SUSPENDED, "password_hash": password_hash}
        a_user(session, email="shut@example.org", **closed)
    emails = {
        "rosa@example.org": "wrong words",
        "nobody@example.org": password,
        "new@example.org": password,
        "shut@example.org": password,
    }
    answers = set()
    for email, typed in emails.items():
        answer = _sign_in(client, typed, email)
        body = answer.data.replace(email.encode(), b"E-MAIL")
        assert b"E-MAIL" in body
        answers.add((answer.status_code, re.sub(rb'(csrf_token" value=")[^"]*', rb"\1", body)))
        assert _cookie(client) is None
    assert [status for status, _body in answers] == [422]


def test_the_password_that_was_typed_never_comes_back(client: FlaskClient, rosa: User):
    answer = _sign_in(client, "wrong words of mine")
    assert b"rosa@example.org" in answer.data
    assert b"wrong words of mine" not in answer.data


def test_too_many_guesses_are_told_to_wait_also_for_nobody(client: FlaskClient, moment: Moment):
    for _guess in range(5):
        assert _sign_in(client, "x" * 300, "nobody@example.org").status_code == 422
    answer = _sign_in(client, "x" * 300, "nobody@example.org")
    assert answer.status_code == 429
    assert b"Too many tries" in answer.data
    moment.pass_by(seconds=15)
    assert _sign_in(client, "x" * 300, "nobody@example.org").status_code == 422


def test_a_cookie_is_worth_nothing_after_signing_out(
    app: Flask, client: FlaskClient, rosa: User, password: str
):
    _sign_in(client, password)
    copied = _cookie(client)
    answer = client.post("/signout")
    assert (answer.status_code, answer.location) == (303, "/signin")
    assert "cache" in answer.headers["Clear-Site-Data"]
    assert _cookie(client) is None
    thief = app.test_client()
    thief.set_cookie("dispatch", copied)
    assert thief.get("/me").location.startswith("/signin")
    assert thief.post("/signout").location.startswith("/signin")


@pytest.mark.parametrize("ending", ["freeze", "closed", "ended elsewhere"])
def test_a_browser_forgets_what_it_kept_once_somebody_ended_its_session(
    database: Database, client: FlaskClient, rosa: User, password: str, moment: Moment, ending: str
):
    _sign_in(client, password)
    with database.transaction() as session:
        user = session.get_one(User, rosa.id)
        if ending == "freeze":
            service.freeze(session, SYSTEM, now=moment.at)
        elif ending == "closed":
            user.state = UserState.SUSPENDED
        else:
            sessions.end_all(session, user, now=moment.at)
    answer = client.get("/me")
    assert answer.location.startswith("/signin")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert _cookie(client) is None


def test_a_session_that_ran_out_leaves_what_waits_in_the_browser(
    client: FlaskClient, rosa: User, password: str, moment: Moment
):
    _sign_in(client, password)
    moment.pass_by(minutes=31)
    answer = client.get("/me")
    assert answer.location.startswith("/signin")
    assert "Clear-Site-Data" not in answer.headers


def test_signing_in_gives_another_token_and_ends_the_one_before(
    app: Flask, client: FlaskClient, rosa: User, password: str
):
    _sign_in(client, password)
    before = _cookie(client)
    _sign_in(client, password)
    assert _cookie(client) != before
    planted = app.test_client()
    planted.set_cookie("dispatch", before)
    assert planted.get("/me").status_code == 302


def test_a_token_that_somebody_planted_is_not_taken_over(
    client: FlaskClient, rosa: User, password: str
):
    client.set_cookie("dispatch", "planted")
    _sign_in(client, password)
    assert _cookie(client) not in (None, "planted")


def test_who_is_in_already_finds_no_door(client_of: Callable[[User], FlaskClient], rosa: User):
    assert client_of(rosa).get("/signin").location == "/board"


def test_half_an_hour_unused_signs_out(
    client_of: Callable[[User], FlaskClient], rosa: User, moment: Moment
):
    client = client_of(rosa)
    moment.pass_by(minutes=29, seconds=59)
    assert client.get("/me").status_code == 200
    moment.pass_by(minutes=30, seconds=1)
    assert client.get("/me").status_code == 302


def test_twelve_hours_sign_out_whoever_keeps_clicking(
    client_of: Callable[[User], FlaskClient], rosa: User, moment: Moment
):
    client = client_of(rosa)
    for _click in range(35):
        moment.pass_by(minutes=20)
        assert client.get("/me").status_code == 200
    moment.pass_by(minutes=19, seconds=59)
    assert client.get("/me").status_code == 200
    moment.pass_by(seconds=2)
    assert client.get("/me").status_code == 302


@pytest.fixture
def link(database: Database, moment: Moment) -> str:
    """The link of Anna, who is to coordinate, and speaks Spanish."""
    with database.transaction() as session:
        group = a_group(session, name="Alder Bay Rides")
        anna = {"name": "Anna Ahlers", "email": "anna@example.org", "language": "es"}
        _user, code = service.invite(
            session, SYSTEM, group, Role.COORDINATOR, **anna, now=moment.at
        )
    return f"/invite/{code}"


GOOD = {"password": "marble kite and tundra", "again": "marble kite and tundra", "language": "en"}


def test_an_invitation_shows_whom_it_is_for_and_lets_in(client: FlaskClient, link: str):
    page = client.get(link)
    assert page.status_code == 200
    assert b"Anna Ahlers" in page.data
    assert b"Alder Bay Rides" in page.data
    answer = client.post(link, data=GOOD)
    assert (answer.status_code, answer.location) == (303, "/enrol")
    assert "Make your account safe" in client.get("/enrol").text


def test_looking_at_an_invitation_uses_nothing_up(client: FlaskClient, link: str):
    for _look in range(3):
        assert client.get(link).status_code == 200
    assert client.post(link, data=GOOD).status_code == 303


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"password": "short", "again": "short"}, "15 characters"),
        ({"again": "something else"}, "not the same"),
        ({"password": "anna ahlers anna", "again": "anna ahlers anna"}, "guesser"),
        ({"language": "tlh"}, "language"),
    ],
)
def test_what_will_not_do_is_said_beside_the_field(
    client: FlaskClient, link: str, change: dict[str, str], sentence: str
):
    answer = client.post(link, data={**GOOD, **change})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert change.get("password", "marble kite and tundra") not in answer.text
    assert client.get("/me").status_code == 302


def test_a_link_is_over_after_its_use(client: FlaskClient, link: str, app: Flask):
    client.post(link, data=GOOD)
    for answer in (app.test_client().get(link), app.test_client().post(link, data=GOOD)):
        assert answer.status_code == 410
        assert "sign in" in answer.text
        assert "Anna" not in answer.text
        assert "anna@" not in answer.text
        assert "Alder Bay" not in answer.text


def test_a_link_is_over_after_72_hours(client: FlaskClient, link: str, moment: Moment):
    moment.pass_by(hours=71, minutes=59, seconds=59)
    assert client.get(link).status_code == 200
    moment.pass_by(seconds=1)
    answer = client.get(link)
    assert answer.status_code == 410
    assert "Anna" not in answer.text


def test_a_made_up_link_is_not_found(client: FlaskClient, link: str):
    assert client.get(link + "x").status_code == 404


def test_a_browser_that_was_signed_in_becomes_the_invited_person(
    client_of: Callable[[User], FlaskClient], rosa: User, link: str, database: Database
):
    client = client_of(rosa)
    before = _cookie(client)
    client.post(link, data=GOOD)
    assert client.get("/enrol").status_code == 200
    with database.transaction(reads_only=True) as session:
        row = session.scalars(
            select(WebSession).where(WebSession.token_hash == sessions.hash_of(before))
        ).one()
        assert row.ended_at is not None


def test_an_unknown_language_changes_nothing(client: FlaskClient):
    answer = client.post("/language", data={"language": "tlh", "next": "/signin"})
    assert (answer.status_code, answer.location) == (303, "/signin")
    assert '<html lang="en"' in client.get("/signin").text


def test_a_language_is_kept_on_the_account(
    client_of: Callable[[User], FlaskClient], rosa: User, database: Database, monkeypatch
):
    monkeypatch.setattr("dispatch.i18n.languages", lambda: ["en", "es"])
    client = client_of(rosa)
    client.post("/language", data={"language": "es", "next": "/me"})
    with database.transaction(reads_only=True) as session:
        assert session.get_one(User, rosa.id).language == "es"
    assert '<html lang="es"' in client.get("/me").text


def test_a_visitor_chooses_a_language_for_the_door(client: FlaskClient, monkeypatch):
    monkeypatch.setattr("dispatch.i18n.languages", lambda: ["en", "es"])
    client.post("/language", data={"language": "es"})
    assert '<html lang="es"' in client.get("/signin").text


def test_the_language_switch_never_leads_to_an_address_that_only_takes_forms(
    client: FlaskClient, rosa: User
):
    answer = client.post("/language", data={"language": "en", "next": "/me/password"})
    assert answer.location == "/"


def test_one_group_of_a_person_is_shown_at_the_top(
    client_of: Callable[[User], FlaskClient], rosa: User, database: Database
):
    with database.transaction(reads_only=True) as session:
        group = session.scalars(select(Group)).one()
    assert group.name in client_of(rosa).get("/me").text
