"""The door of every request: who is asking, and whether the role may come in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch.db.transactions import Database
from dispatch.people import guard
from dispatch.people.models import Membership, Role, User, UserState, WebSession
from dispatch.policy import Action
from dispatch.policy.endpoints import PUBLIC, UndeclaredEndpoint, needs
from dispatch.web import context
from tests.build import a_driver, a_group, a_user
from tests.conftest import Moment

ClientOf = Callable[[User], FlaskClient]


def test_a_view_without_an_action_stops_the_start(app: Flask):
    guard.check_endpoints(app)
    room = Blueprint("room", __name__)
    room.get("/bare")(lambda: "bare")
    app.register_blueprint(room)
    with pytest.raises(UndeclaredEndpoint, match="room"):
        guard.check_endpoints(app)


def test_few_addresses_need_no_account():
    assert {
        "static",
        "health",
        "people.sign_in",
        "people.ask_device",
        "people.lock",
        "people.open_invitation",
        "people.choose_language",
        "own.enter",
        "about.privacy",
        "about.robots",
        "about.security_contact",
        "feeds.rides",
    } == PUBLIC


def test_every_address_of_this_room_but_the_door_leads_a_visitor_to_the_door(
    app: Flask, moment: Moment
):
    client = app.test_client()
    asked = 0
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("people.") or rule.endpoint in PUBLIC:
            continue
        uid = "7c0d5a1e-3f5e-4f0e-8a39-1f0c6f6f7a11"
        address = rule.rule.replace("<uuid:uid>", uid).replace("<uuid:user_uid>", uid)
        for method in rule.methods - {"OPTIONS"}:
            answer = client.open(address, method=method)
            assert answer.status_code == 302, rule
            assert answer.location.startswith("/signin?next=")
            asked += 1
    assert asked >= 19


def test_an_actor_has_the_roles_of_the_account(app: Flask, client_of: ClientOf, database: Database):
    seen = []
    room = Blueprint("room", __name__)

    @room.get("/seen")
    @needs(Action.SIGN_OUT)
    def _see() -> str:
        seen.append((context.actor(), context.group().id))
        return "seen"

    app.register_blueprint(room)
    with database.transaction() as session:
        group, elsewhere = a_group(session), a_group(session)
        driver = a_driver(session, elsewhere)
        session.add(Membership(user=driver.user, group=group, role=Role.COORDINATOR))
    client_of(driver.user).get("/seen")
    ((actor, group_id),) = seen
    assert (actor.user_id, actor.uid) == (driver.user_id, driver.user.uid)
    assert actor.coordinates == {group.id}
    assert actor.drives == {elsewhere.id: driver.id}
    assert group_id == group.id


def test_looking_at_pages_keeps_a_session_alive_and_notes_it_once_a_minute(
    client_of: ClientOf, database: Database, moment: Moment
):
    with database.transaction() as session:
        user = a_user(session)
    client, began = client_of(user), moment.at
    noted = []
    for _look in range(4):
        moment.pass_by(seconds=30)
        client.get("/me")
        with database.transaction(reads_only=True) as session:
            noted.append(session.scalars(select(WebSession.seen_at)).one() - began)
    assert noted == [timedelta(seconds=seconds) for seconds in (0, 60, 60, 120)]


def test_a_page_that_asks_by_itself_keeps_no_session_alive(
    client_of: ClientOf, database: Database, moment: Moment
):
    with database.transaction() as session:
        user = a_user(session)
    client = client_of(user)
    asked = {"HX-Request": "true", "HX-Trigger": "fresh"}
    for _twenty in range(2):
        moment.pass_by(minutes=20)
        answer = client.get("/me", headers=asked)
    assert answer.headers["HX-Redirect"].startswith("/signin")


def test_a_refused_form_keeps_the_session_alive_too(
    client_of: ClientOf, database: Database, moment: Moment
):
    with database.transaction() as session:
        user = a_user(session)
    client = client_of(user)
    for _try in range(3):
        moment.pass_by(minutes=20)
        assert client.post("/me", data={}).status_code == 422


@pytest.mark.parametrize("state", [UserState.SUSPENDED, UserState.INVITED])
def test_an_account_that_is_not_open_is_a_visitor(
    client_of: ClientOf, database: Database, state: UserState
):
    with database.transaction() as session:
        user = a_user(session)
    client = client_of(user)
    assert client.get("/me").status_code == 200
    with database.transaction() as session:
        session.get_one(User, user.id).state = state
    assert client.get("/me").status_code == 302


def test_a_cookie_of_nonsense_is_a_visitors(app: Flask, moment: Moment):
    client = app.test_client()
    for nonsense in ("", "x", "é" * 400, "'; DROP TABLE web_session; --"):
        client.set_cookie("dispatch", nonsense)
        assert client.get("/me").status_code == 302
