"""One transaction per request: a page that succeeds commits, anything else rolls back."""

from flask import Flask, g
from werkzeug.wrappers import Response

from dispatch.db import transactions
from dispatch.db.transactions import Database
from dispatch.web import context


def init_app(app: Flask, database: Database) -> None:
    """Give every request of `app` a session of `database`."""
    app.extensions[context.DATABASE] = database
    app.after_request(_commit)
    app.teardown_appcontext(_close)


def _commit(response: Response) -> Response:
    if "session" in g and response.status_code < 400:
        transactions.commit(g.session)
    return response


def _close(_error: BaseException | None) -> None:
    session = g.pop("session", None)
    if session is not None:
        session.rollback()
        session.close()
