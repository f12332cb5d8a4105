"""What a view may take for granted."""

import pytest
from flask import Flask

from dispatch.db.transactions import Database
from dispatch.errors import NotFound
from dispatch.policy.actor import ANONYMOUS
from dispatch.web import context
from tests.conftest import Moment


def test_a_request_has_one_session_of_the_apps_database(app: Flask, database: Database):
    with app.test_request_context("/"):
        assert context.database() is database
        assert context.session() is context.session()
        assert context.session().get_bind() is database.engine


def test_a_request_has_one_moment(app: Flask, moment: Moment):
    with app.test_request_context("/"):
        began = context.now()
        moment.pass_by(seconds=5)
        assert context.now() == began
    with app.test_request_context("/"):
        assert context.now() == moment.at


def test_a_visitor_is_anonymous_and_has_neither_account_nor_group(app: Flask):
    with app.test_request_context("/"):
        assert context.actor() is ANONYMOUS
        for ask in (context.user, context.web_session, context.group):
            with pytest.raises(NotFound):
                ask()
