"""The own account's page."""

import re
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch import mail_server, sms_gateway
from dispatch.db.transactions import Database, vault_of
from dispatch.people import queries
from dispatch.people.models import Group, Membership, Role, User
from tests.build import a_driver, a_group, a_user

ClientOf = Callable[[User], FlaskClient]
PROFILE = {"name": "Rosa Diaz", "phone": "604-555-0117", "language": "en"}
NEW = {"password": "marble kite and tundra", "again": "marble kite and tundra"}


@pytest.fixture
def rosa(database: Database, password_hash: str) -> User:
    """A coordinator of two groups."""
    with database.transaction() as session:
        user = a_user(session, email="rosa@example.org", password_hash=password_hash)
        for name in ("Alder Bay", "Birch Hill"):
            group = a_group(session, name=name)
            session.add(Membership(user=user, group=group, role=Role.COORDINATOR))
    return user


def test_a_saved_profile_is_said_and_kept(client_of: ClientOf, rosa: User, database: Database):
    client = client_of(rosa)
    answer = client.post("/me", data=PROFILE)
    assert (answer.status_code, answer.location) == (303, "/me")
    page = client.get("/me").text
    assert "Saved." in page
    assert 'value="Rosa Diaz"' in page
    with database.transaction(reads_only=True) as session:
        contact = queries.contact_of(session.get_one(User, rosa.id), vault_of(session))
        assert contact.phone == "604-555-0117"


SENDERS = {
    "mail": mail_server.named("smtp://127.0.0.1:25", "rides@example.org", None),
    "sms": sms_gateway.named("http://127.0.0.1:9710/send", "", "", None),
}


@pytest.fixture
def driver(database: Database) -> User:
    """A driver."""
    with database.transaction() as session:
        return a_driver(session, a_group(session)).user


def offered(page: str) -> list[str]:
    """The ways to hear of news that a page lets choose."""
    return re.findall(r'name="news" value="([a-z]+)"', page)


def chosen(page: str) -> str:
    """The one that is in force."""
    return re.search(r'name="news" value="([a-z]+)"[^>]* checked', page)[1]


@pytest.mark.parametrize(
    ("there", "ways"),
    [
        ((), []),
        (("mail",), ["mail", "none"]),
        (("sms",), ["text", "none"]),
        (("mail", "sms"), ["mail", "text", "both", "none"]),
    ],
)
def test_a_driver_chooses_among_what_this_installation_sends(
    client_of: ClientOf, app: Flask, rosa: User, driver: User, there: tuple, ways: list[str]
):
    senders = {name: SENDERS[name] for name in there}
    app.config["DISPATCH"] = replace(app.config["DISPATCH"], **senders)
    page = client_of(driver).get("/me").text
    assert offered(page) == ways
    assert not ways or chosen(page) == ways[0]
    assert offered(client_of(rosa).get("/me").text) == []


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("mail", (True, False)),
        ("text", (False, True)),
        ("both", (True, True)),
        ("none", (False, False)),
    ],
)
def test_what_a_driver_chose_is_kept_until_something_else_is_chosen(
    client_of: ClientOf, app: Flask, driver: User, database: Database, said: str, kept: tuple
):
    app.config["DISPATCH"] = replace(app.config["DISPATCH"], **SENDERS)
    client = client_of(driver)
    for news in (said, "", "nonsense"):
        assert client.post("/me", data={**PROFILE, "news": news}).status_code == 303
        with database.transaction(reads_only=True) as session:
            user = session.get_one(User, driver.id)
            assert (user.takes_mail, user.takes_texts) == kept
        assert chosen(client.get("/me").text) == said


def test_what_was_chosen_where_it_was_offered_shows_as_what_is_used_now(
    client_of: ClientOf, app: Flask, driver: User
):
    app.config["DISPATCH"] = replace(app.config["DISPATCH"], **SENDERS)
    client = client_of(driver)
    client.post("/me", data={**PROFILE, "news": "text"})
    app.config["DISPATCH"] = replace(app.config["DISPATCH"], sms=None)
    assert chosen(client.get("/me").text) == "mail"


@pytest.mark.parametrize("news", ["text", "both"])
def test_text_messages_need_a_number(client_of: ClientOf, app: Flask, driver: User, news: str):
    app.config["DISPATCH"] = replace(app.config["DISPATCH"], **SENDERS)
    answer = client_of(driver).post("/me", data={**PROFILE, "phone": "", "news": news})
    assert answer.status_code == 422
    assert "Text messages need a number to go to." in answer.text
    assert chosen(answer.text) == news


def test_what_was_typed_stays_when_it_cannot_be(client_of: ClientOf, rosa: User):
    answer = client_of(rosa).post("/me", data={**PROFILE, "name": "", "phone": "call me"})
    assert answer.status_code == 422
    assert 'value="call me"' in answer.text
    assert "Say what you are called." in answer.text


def test_only_declared_fields_change(client_of: ClientOf, rosa: User, database: Database):
    forged = {"is_steward": "1", "state": "suspended", "password_hash": "x", "id": "1", "uid": "x"}
    assert client_of(rosa).post("/me", data={**PROFILE, **forged}).status_code == 303
    with database.transaction(reads_only=True) as session:
        user = session.get_one(User, rosa.id)
        assert (user.is_steward, user.state, user.uid) == (False, rosa.state, rosa.uid)
        assert user.password_hash == rosa.password_hash


def test_a_new_password_signs_the_other_browsers_out(
    client_of: ClientOf, rosa: User, password: str
):
    here, there = client_of(rosa), client_of(rosa)
    answer = here.post("/me/password", data={**NEW, "old": password})
    assert answer.status_code == 303
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 302
    here.post("/signout")
    known = {"email": "rosa@example.org"}
    assert here.post("/signin", data={**known, "password": password}).status_code == 422
    assert here.post("/signin", data={**known, "password": NEW["password"]}).status_code == 303


def test_a_wrong_old_password_changes_nothing(client_of: ClientOf, rosa: User):
    client, other = client_of(rosa), client_of(rosa)
    answer = client.post("/me/password", data={**NEW, "old": "wrong"})
    assert answer.status_code == 422
    assert "This is not your present password." in answer.text
    assert NEW["password"] not in answer.text
    assert other.get("/me").status_code == 200


def test_a_weak_new_password_is_refused(client_of: ClientOf, rosa: User, password: str):
    weak = {"old": password, "password": "passwordpassword", "again": "passwordpassword"}
    assert client_of(rosa).post("/me/password", data=weak).status_code == 422


def test_signing_out_everywhere_leaves_no_browser_in(client_of: ClientOf, rosa: User):
    here, there = client_of(rosa), client_of(rosa)
    assert here.get("/me").text.count("Last used") == 2
    answer = here.post("/me/signout")
    assert answer.location == "/signin"
    assert "Clear-Site-Data" in answer.headers
    for client in (here, there):
        assert client.get("/me").status_code == 302


def _group_uid(database: Database, name: str) -> str:
    with database.transaction(reads_only=True) as session:
        return str(session.query(Group).filter_by(name=name).one().uid)


def test_the_pages_of_another_own_group_can_be_shown(
    client_of: ClientOf, rosa: User, database: Database
):
    client = client_of(rosa)
    assert client.post("/group", data={"group": _group_uid(database, "Birch Hill")}).status_code
    assert "<small>Birch Hill</small>" in client.get("/me").text
    client.post("/group", data={"group": _group_uid(database, "Alder Bay")})
    assert "<small>Alder Bay</small>" in client.get("/me").text


def test_the_pages_of_a_strange_group_cannot(client_of: ClientOf, rosa: User, database: Database):
    with database.transaction() as session:
        strange = a_group(session).uid
    client = client_of(rosa)
    answers = [client.post("/group", data={"group": uid}) for uid in (strange, uuid4(), "x", "")]
    assert {answer.status_code for answer in answers} == {404}
    assert len({re.sub(r'csrf_token" value="[^"]*', "", answer.text) for answer in answers}) == 1


def test_a_driver_sees_the_own_account_on_the_phone(client_of: ClientOf, database: Database):
    with database.transaction() as session:
        driver = a_driver(session, a_group(session))
    page = client_of(driver.user).get("/me").text
    assert 'class="phone"' in page
    assert "a coordinator of your group enters your car" not in page


def test_a_driver_without_a_record_yet_is_told_what_comes_next(
    client_of: ClientOf, database: Database
):
    with database.transaction() as session:
        user = a_user(session)
        session.add(Membership(user=user, group=a_group(session), role=Role.DRIVER))
    client = client_of(user)
    assert client.get("/").location == "/me"
    assert "a coordinator of your group enters your car" in client.get("/me").text
