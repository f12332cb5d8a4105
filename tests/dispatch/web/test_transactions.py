"""One transaction per request."""

from collections.abc import Callable

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dispatch.db.transactions import Database
from dispatch.people.models import Group, User
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.web import context
from tests.build import a_group, a_user


@pytest.fixture
def client(app: Flask, client_of: Callable[[User], FlaskClient], database: Database) -> FlaskClient:
    """A browser of somebody signed in, and a page that makes a group and answers as asked."""
    room = Blueprint("room", __name__)

    @room.post("/make/<int:status>")
    @needs(Action.SIGN_OUT)
    def _make(status: int) -> tuple[str, int]:
        a_group(context.session())
        return "made", status

    app.register_blueprint(room)
    with database.transaction() as session:
        user = a_user(session)
    return client_of(user)


@pytest.mark.parametrize(("status", "kept"), [(200, 1), (303, 1), (422, 0), (409, 0), (500, 0)])
def test_only_an_answer_that_succeeds_keeps_what_was_done(
    client: FlaskClient, database: Database, status: int, kept: int
):
    assert client.post(f"/make/{status}").status_code == status
    with database.transaction(reads_only=True) as session:
        assert session.scalar(select(func.count(Group.id))) == kept
