"""Requests that nobody would send break nothing and open nothing: thought up from the OpenAPI
document that is generated from the application's own addresses and forms."""

from collections import Counter

import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis import Case
from werkzeug.test import TestResponse

from dispatch import clock
from dispatch.app import create_app, open_database
from dispatch.config import load
from dispatch.crypto import keyring
from dispatch.db.transactions import Database
from dispatch.db.upgrade import upgrade
from tests.conftest import NOW
from tests.prove import openapi
from tests.prove.figure import Figure, Row, Workplace, control
from tests.security import addresses, world
from tests.security.canaries import FAMILY, found_in
from tests.security.world import World

ROW = Row(
    what="made-up requests to every address (schemathesis, OpenAPI from the URL map)",
    must="0 server errors, 0 canaries",
    quick=1,
    full=40,
    fewest=lambda size: 120 * size,
    is_long=True,
)
STRANGERS = ("anonymous", "other driver", "driver elsewhere", "coordinator elsewhere", "steward")
STRANGERS += ("family elsewhere", "another family")
"""Who may read nothing of our family, whatever is sent."""
INSIDERS = ("coordinator", "driver")
"""Who gets far enough into the pages to break something."""


class Broken(Exception):
    """What a planted view raises."""


def prove(at: Workplace) -> Figure:
    """Send `at.size` requests to every operation, each by somebody else in turn."""
    settled = load(str(at.folder / "data"), testing=True)
    keyring.make(settled.master_key_file)
    database = open_database(settled)
    upgrade(database.engine)
    shown = clock.now
    clock.now = lambda: NOW
    at.leaving.callback(setattr, clock, "now", shown)
    made = world.make(database, NOW)
    _plant(made, database)
    app = create_app(settled, database=database, enqueue=lambda _uid: None)
    app.config.update(WTF_CSRF_ENABLED=False, TESTING=False, PROPAGATE_EXCEPTIONS=False)
    app.testing = False
    document = openapi.document(app, made, [made.browser(app, who) for who in INSIDERS])
    sender = _Sender(app, made)
    _check_the_detectors(sender)
    operations = [one.ok() for one in schemathesis.openapi.from_dict(document).get_all_operations()]
    for number, operation in enumerate(operations):
        sender.send_many(operation, at.size)
        at.told(number / len(operations))
    database.engine.dispose()
    broken = "".join(f"\n  {one}" for one in sorted(sender.troubles))
    return Figure(
        looked_at=sender.sent.total(),
        unit=f"requests to {len(operations)} operations",
        measured=f"{len(sender.troubles)} troubles; answers {dict(sender.sent)}{broken}",
        holds=not sender.troubles,
        controls=2,
    )


class _Sender:
    """Sends what was thought up and looks at what comes back."""

    def __init__(self, app: Flask, made: World) -> None:
        self.app, self.made = app, made
        self.sent: Counter[str] = Counter()
        self.troubles: set[str] = set()
        self._turn = 0

    def send_many(self, operation: object, times: int) -> None:
        """Some requests of one operation; the world is put back after it."""

        @seed(20_270_309)
        @settings(
            max_examples=times,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy())
        def send(case: Case) -> None:
            for who in (INSIDERS[self._turn % 2], STRANGERS[self._turn % len(STRANGERS)]):
                self.look(who, operation.label, self._ask(who, case))
            self._turn += 1

        send()
        self.made.put_back()

    def look(self, who: str, label: str, answer: TestResponse) -> None:
        """Note what an answer is, and what it should not be."""
        self.sent[f"{answer.status_code // 100}xx"] += 1
        if answer.status_code >= 500:
            self.troubles.add(f"{label} by {who}: {answer.status_code}")
        if who in STRANGERS:
            seen = answer.data + str(answer.headers).encode()
            for canary in found_in(seen, FAMILY.values()):
                self.troubles.add(f"{label} shows {who} {canary}")

    def _ask(self, who: str, case: Case) -> TestResponse:
        rule = next(one for one in self._rules(case) if openapi.template(one) == case.path)
        known = addresses.fill(rule, self.made.ours).partition("?")[0]
        # Every second request is about something that is there: nothing else gets past the door.
        path = known if self._turn % 4 < 2 else case.formatted_path
        body = case.body if isinstance(case.body, dict) else {}
        data = {str(name): str(value) for name, value in body.items()}
        return self.made.browser(self.app, who).open(
            path,
            method=case.method,
            query_string={str(name): str(value) for name, value in (case.query or {}).items()},
            data=_sendable(data) if case.method.upper() == "POST" else None,
        )

    def _rules(self, case: Case) -> list:
        return addresses.of(self.app, case.method.upper())


def _sendable(data: dict[str, str]) -> dict[str, str]:
    """What a network can carry: half a character is sent as a browser would."""

    def plain(text: str) -> str:
        return text.encode("utf-8", "replace").decode("utf-8")

    return {plain(name): plain(value) for name, value in data.items()}


def _plant(made: World, database: Database) -> None:
    """Canaries in what our family entrusted."""
    with database.transaction() as session:
        family = session.merge(made.ours.things["family"])
        for column in ("name", "phone", "notes"):
            family.seal(f"sealed_{column}", FAMILY[column], database.vault)


def _check_the_detectors(sender: _Sender) -> None:
    """A view that breaks and one that tells have to be noticed."""
    works = sender.app.view_functions["health"]

    def breaks() -> str:
        raise Broken

    sender.app.view_functions["health"] = breaks
    sender.look("steward", "planted", sender.app.test_client().get("/health"))
    control(bool(sender.troubles), "a view that breaks")
    sender.troubles.clear()
    sender.app.view_functions["health"] = lambda: FAMILY["name"]
    sender.look("steward", "planted", sender.app.test_client().get("/health"))
    control(bool(sender.troubles), "a view that tells a name")
    sender.troubles.clear()
    sender.sent.clear()
    sender.app.view_functions["health"] = works
