"""Canaries in every personal field, looked for in whatever anybody is answered, and in every file.

Everybody asks for everything: each address, by each method, before the address of a ride is open
and while it is. What is found outside the few answers that may open a seal is a leak.
"""

import gzip
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from datetime import datetime
from io import StringIO

from flask import Flask, make_response
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from dispatch import clock
from dispatch.app import create_app
from dispatch.people import sessions
from dispatch.people.models import User
from tests.conftest import NOW
from tests.prove import installation
from tests.prove.figure import Figure, Row, Workplace, control
from tests.security import addresses
from tests.security.canaries import DRIVER, FAMILY, found_in, found_in_files, spellings
from tests.security.planting import EVERYTHING, Planted, plant

ROW = Row(
    what="Canaries planted through the forms in every personal field, looked for (encoded too) in "
    "every answer to every principal, in logs, messages, queue, tables and files",
    must="0 outside the permitted cells",
    quick=1,
    full=30,
    fewest=lambda size: 3_000 if size > 1 else 250,
)
_OPEN = NOW.replace(day=9, hour=17)
"""While the address of the ride is open."""
_DOOR = ["line", "unit", "town", "directions"]
PERMITTED: dict[tuple[str, str, datetime | None], list[str]] = {
    ("families.reveal", "coordinator", None): ["name"],
    ("rides.reveal_note", "coordinator", None): ["request note"],
    ("incidents.read_note", "coordinator", None): ["incident"],
    ("planning.reveal", "driver", _OPEN): ["name", *_DOOR, "request note"],
    ("planning.show_phone", "driver", _OPEN): ["phone"],
    ("planning.navigate", "driver", _OPEN): ["line", "town"],
}
"""What may stand in the answer of an endpoint to a principal, at a moment or at any."""
_STRANGERS = ("anonymous", "other driver", "driver elsewhere", "coordinator elsewhere")
"""Who has nothing to do with the driver that was planted."""
_FIRST = ("driver", "coordinator")
"""Who is looked at when only a few are."""


def prove(at: Workplace) -> Figure:
    """Ask as everybody, or as the first `at.size` principals, and look."""
    settings, database = installation.make(at.folder)
    said = StringIO()
    with _clock() as shown, redirect_stdout(said), redirect_stderr(said), _logged(said):
        app = create_app(settings, database=database)
        app.config["WTF_CSRF_ENABLED"] = False
        planted = plant(app, database, settings, shown.at)
        controls = _plant_leaks(app, planted)
        asked, leaks, opened = 0, [], set()
        everybody = sorted(planted.world.actors, key=lambda who: who not in _FIRST)
        for moment in (NOW, _OPEN):
            shown.at = moment
            _sign_in_anew(planted, moment)
            planted.world.keep()
            for number, who in enumerate(everybody[: at.size]):
                for cell, found in _everything(planted, who):
                    asked += 1
                    permitted = _permitted(cell, who, moment)
                    leaks += [(cell, who, one) for one in found if one not in permitted]
                    opened |= {(cell, one) for one in found if one in permitted}
                at.told((number + 1) / len(everybody) / 2 + (moment is _OPEN) / 2)
        planted.world.put_back()
    leaks += [("a file", *one) for one in found_in_files(at.folder, EVERYTHING)]
    leaks += [("what was said", "", one) for one in found_in(said.getvalue().encode(), EVERYTHING)]
    control(len(opened) >= 7, "what may be opened, where it may")
    sys.stderr.writelines(f"{one}\n" for one in leaks[:20])
    return Figure(
        looked_at=asked,
        unit="answers",
        measured=f"{len(leaks)} outside {len(PERMITTED)} permitted cells",
        holds=not leaks,
        controls=controls + 1,
    )


def _everything(planted: Planted, who: str) -> Iterator[tuple[str, list[str]]]:
    """Every endpoint with what its answer to `who` holds."""
    looked_for = [*FAMILY.values(), DRIVER["line"], DRIVER["latitude"], DRIVER["longitude"]]
    if who in _STRANGERS:
        looked_for = EVERYTHING
    for method in ("GET", "POST"):
        for rule in addresses.of(planted.app, method):
            answer = _ask(planted, planted.browser(who), rule, method)
            yield rule.endpoint, found_in(_whole(answer), looked_for)
            if method == "POST":
                planted.world.put_back()


def _ask(planted: Planted, browser: FlaskClient, rule: Rule, method: str) -> TestResponse:
    ours = planted.world.ours
    form = addresses.form_of(rule, ours, {}) if method == "POST" else None
    return browser.open(addresses.fill(rule, ours), method=method, data=form)


def _whole(answer: TestResponse) -> bytes:
    """Everything that comes back: address, status, headers with cookies, and the body."""
    body = answer.data
    if answer.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return f"{answer.request.url} {answer.status} {answer.headers}".encode() + body


def _permitted(endpoint: str, who: str, moment: datetime) -> list[str]:
    kinds = PERMITTED.get((endpoint, who, moment)) or PERMITTED.get((endpoint, who, None)) or []
    return [FAMILY[kind] for kind in kinds]


def _plant_leaks(app: Flask, planted: Planted) -> int:
    """A page that lets each canary out, in its body or in a header, in each spelling."""
    kept, found = app.view_functions["health"], 0
    for canary in EVERYTHING:
        for spelling in sorted(spellings(canary)):
            in_header = spelling.isascii() and spelling.isalnum()

            def leak(spelling: bytes = spelling, in_header: bool = in_header) -> object:
                response = make_response(b"" if in_header else spelling)
                if in_header:
                    response.headers["Location"] = "/" + spelling.decode()
                return response

            app.view_functions["health"] = leak
            answer = planted.browser("anonymous").get("/health")
            control(canary in found_in(_whole(answer), [canary]), f"{canary} as {spelling!r}")
            found += 1
    app.view_functions["health"] = kept
    return found


def _sign_in_anew(planted: Planted, moment: datetime) -> None:
    """Everybody who had a session has one of this moment."""
    database = planted.app.extensions["dispatch.database"]
    with database.transaction() as session:
        for who, actor in planted.world.actors.items():
            if who in planted.world.tokens and actor.user_id is not None:
                user = session.get_one(User, actor.user_id)
                planted.world.tokens[who] = sessions.begin(
                    session, user, now=moment, standing=actor.standing
                )


class _Shown:
    """The moment that every clock shows."""

    at = NOW


@contextmanager
def _clock() -> Iterator[_Shown]:
    shown, kept = _Shown(), clock.now
    now: Callable[[], datetime] = lambda: shown.at  # noqa: E731 -- stands in for a function
    clock.now = now
    try:
        yield shown
    finally:
        clock.now = kept


@contextmanager
def _logged(said: StringIO) -> Iterator[None]:
    """Whatever any logger says, down to the least, is heard."""
    root, hearing = logging.getLogger(), logging.StreamHandler(said)
    level = root.level
    root.addHandler(hearing)
    root.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        root.removeHandler(hearing)
        root.setLevel(level)
