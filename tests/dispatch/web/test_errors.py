"""Every failure as a page: a status, a sentence, the way on; and a refusal is noted."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dispatch import errors as domain
from dispatch.audit import service as audit
from dispatch.audit.models import AuditEvent
from dispatch.db.transactions import Database
from dispatch.people.models import Group, Membership, Role, User
from dispatch.policy import Action, require
from dispatch.policy.endpoints import needs
from dispatch.web import context
from dispatch.web.errors import sentence_for, status_of
from tests.build import a_group, a_user
from tests.conftest import Moment

FAILURES = {
    "refused": (domain.Refused("Too early.", "Too far."), 422, "Too early. Too far."),
    "stale": (domain.Stale("Anna changed it."), 409, "Anna changed it."),
    "closed": (domain.Closed("It is over."), 410, "It is over."),
    "too many": (domain.TooMany(61), 429, "It works again in 2 minutes."),
    "too many for a moment": (domain.TooMany(15), 429, "It works again in one minute."),
    "at once": (IntegrityError("INSERT", {}, Exception("x")), 409, "at the same moment"),
    "forbidden": (domain.Forbidden("x"), 403, "Your account does not have this page."),
    "not found": (domain.NotFound("x"), 404, "There is nothing here"),
    "anything else": (RuntimeError("48 Larch Row"), 500, "Something broke on our side."),
}


@pytest.mark.parametrize("kind", FAILURES)
def test_each_failure_has_its_status_and_sentence(app: Flask, kind: str):
    error, status, sentence = FAILURES[kind]
    assert status_of(error) == status
    with app.test_request_context("/"):
        assert sentence in sentence_for(error)
        assert "Larch" not in sentence_for(error)


@pytest.fixture
def fails(app: Flask, moment: Moment) -> Callable[..., None]:
    """A function that gives the app a page at /fails which does what it is told."""
    app.config["TESTING"] = False
    room = Blueprint("room", __name__)
    told: list[Callable[[], object]] = []

    @room.get("/fails")
    @needs(Action.SIGN_OUT)
    def _fail() -> str:
        told[0]()
        return "done"

    app.register_blueprint(room)
    return told.append


@pytest.fixture
def coordinator(database: Database) -> User:
    with database.transaction() as session:
        user = a_user(session)
        session.add(Membership(user=user, group=a_group(session), role=Role.COORDINATOR))
    return user


@pytest.mark.parametrize("kind", FAILURES)
def test_each_failure_is_a_page(
    fails: Callable, client_of: Callable[[User], FlaskClient], coordinator: User, kind: str
):
    error, status, sentence = FAILURES[kind]

    def fail() -> None:
        raise error

    fails(fail)
    answer = client_of(coordinator).get("/fails")
    assert answer.status_code == status
    assert sentence in answer.text
    assert "<h1>" in answer.text


def test_who_has_to_wait_is_told_how_long_by_a_header_too(
    fails: Callable, client_of: Callable[[User], FlaskClient], coordinator: User
):
    def fail() -> None:
        raise domain.TooMany(90)

    fails(fail)
    assert client_of(coordinator).get("/fails").headers["Retry-After"] == "90"


def test_a_program_gets_the_sentence_as_json(app: Flask):
    answer = app.test_client().get("/nowhere", headers={"Accept": "application/json"})
    assert answer.json == {"error": "There is nothing here, or it is not yours to see."}


def test_what_was_changed_before_a_failure_is_taken_back(
    fails: Callable,
    client_of: Callable[[User], FlaskClient],
    coordinator: User,
    database: Database,
):
    def fail() -> None:
        context.user().language = "es"
        context.session().flush()
        raise domain.Refused("No.")

    fails(fail)
    assert client_of(coordinator).get("/fails").status_code == 422
    with database.transaction(reads_only=True) as session:
        assert session.get_one(User, coordinator.id).language == "en"


def _noted(database: Database) -> list[tuple[str, str]]:
    with database.transaction(reads_only=True) as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.position)).all()
        return [(row.action, row.outcome) for row in rows]


def test_what_the_law_refuses_is_noted(
    fails: Callable,
    client_of: Callable[[User], FlaskClient],
    coordinator: User,
    database: Database,
):
    with database.transaction() as session:
        strange = a_group(session)

    def ask() -> None:
        require(context.actor(), Action.SUBMIT_REQUEST, strange, context.now())

    fails(ask)
    assert client_of(coordinator).get("/fails").status_code == 404
    assert _noted(database) == [(Action.SUBMIT_REQUEST.value, audit.REFUSED)]


def test_an_object_out_of_scope_is_noted_with_what_the_page_is_for(
    fails: Callable,
    client_of: Callable[[User], FlaskClient],
    coordinator: User,
    database: Database,
):
    def ask() -> None:
        raise domain.NotFound(str(uuid4()))

    fails(ask)
    client_of(coordinator).get("/fails")
    assert _noted(database) == [(Action.SIGN_OUT.value, audit.REFUSED)]


def test_a_refusal_that_its_service_noted_is_noted_once(
    fails: Callable,
    client_of: Callable[[User], FlaskClient],
    coordinator: User,
    database: Database,
):
    def ask() -> None:
        session = context.session()
        session.rollback()
        action, now = Action.READ_ADDRESS, context.now()
        audit.record(session, context.actor(), action, None, now=now, outcome=audit.REFUSED)
        session.commit()
        raise domain.NotFound(action.value)

    fails(ask)
    client_of(coordinator).get("/fails")
    assert _noted(database) == [(Action.READ_ADDRESS.value, audit.REFUSED)]


def test_neither_a_visitor_nor_a_wrong_address_is_noted(
    app: Flask, client_of: Callable[[User], FlaskClient], coordinator: User, database: Database
):
    app.test_client().get("/groups")
    app.test_client().get("/invite/made-up")
    client_of(coordinator).get("/nowhere")
    assert _noted(database) == []


def test_the_page_of_a_failure_needs_no_database(
    fails: Callable,
    client_of: Callable[[User], FlaskClient],
    coordinator: User,
    monkeypatch: pytest.MonkeyPatch,
):
    def break_database() -> None:
        session = context.session()
        monkeypatch.setattr(session, "execute", None)
        monkeypatch.setattr(session, "scalars", None)
        raise RuntimeError("the disk is full")

    fails(break_database)
    answer = client_of(coordinator).get("/fails")
    assert answer.status_code == 500
    assert "Something broke on our side." in answer.text


def test_an_error_page_speaks_the_language_of_this_request_not_of_the_last(
    app: Flask, monkeypatch: pytest.MonkeyPatch, moment: Moment
):
    monkeypatch.setattr("dispatch.i18n.languages", lambda: ["en", "es"])
    app.config["WTF_CSRF_ENABLED"] = True
    client = app.test_client()
    spanish = client.get("/signin", headers={"Accept-Language": "es"})
    assert '<html lang="es"' in spanish.text
    refused = client.post("/signin", headers={"Accept-Language": "en"})
    assert refused.status_code == 400
    assert '<html lang="en"' in refused.text


def test_a_group_of_others_looks_like_none(
    client_of: Callable[[User], FlaskClient], database: Database
):
    with database.transaction() as session:
        steward = a_user(session, is_steward=True)
        uid = a_group(session).uid
        assert session.scalars(select(Group.uid)).all() == [uid]
    client = client_of(steward)
    assert client.get(f"/groups/{uid}").status_code == 200
    addresses = [f"/groups/{uuid4()}", "/groups/none", f"/groups/{uid}/members/{uuid4()}"]
    told = {one: client.get(one).text.replace(one, "THE ADDRESS") for one in addresses}
    pages = {re.sub(r'csrf_token" value="[^"]*', "", page) for page in told.values()}
    assert len(pages) == 1
    assert "There is nothing here, or it is not yours to see." in pages.pop()
