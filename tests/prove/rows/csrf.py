"""What another site sends changes nothing, and what is only looked at changes nothing."""

import re
from dataclasses import dataclass

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from dispatch import clock
from dispatch.app import create_app
from dispatch.db.transactions import Database
from tests.conftest import NOW
from tests.house.test_routes import contents
from tests.prove import installation
from tests.prove.figure import Figure, Row, Workplace, control
from tests.security import addresses, world
from tests.security.world import World

FORGERIES = ("no token", "a made-up token", "another origin", "another site", "no origin at all")
"""The last is `Origin: null`, as of a page in a sandbox."""
WHO = ("coordinator", "driver", "steward", "family", "anonymous", "driver elsewhere")
ROW = Row(
    what="each unsafe address x forged request; each address that is looked at",
    must="0 accepted, 0 changes",
    quick=1,
    full=len(WHO),
    fewest=lambda size: 300 * size,
)


@dataclass
class Forger:
    """Somebody who is signed in, in whose browser another site sends forms."""

    client: FlaskClient
    token: str

    def send(self, address: str, forgery: str | None, data: dict[str, str]) -> int:
        """The status of one forged request; of an honest one if it is not forged."""
        headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
        sent = {**data, "csrf_token": self.token}
        if forgery == "no token":
            sent.pop("csrf_token")
        elif forgery == "a made-up token":
            sent["csrf_token"] = self.token[:-4] + "AAAA"
        elif forgery == "another origin":
            headers = {"Origin": "http://evil.example"}
        elif forgery == "another site":
            headers = {"Sec-Fetch-Site": "cross-site"}
        elif forgery == "no origin at all":
            headers = {"Origin": "null"}
        return self.client.post(address, data=sent, headers=headers).status_code


def prove(at: Workplace) -> Figure:
    """Send every forgery to every unsafe address, as `at.size` kinds of people."""
    settings, database = installation.make(at.folder)
    at.leaving.callback(database.engine.dispose)
    shown = clock.now
    clock.now = lambda: NOW
    at.leaving.callback(setattr, clock, "now", shown)
    made = world.make(database, NOW)
    app = create_app(settings, database=database, enqueue=lambda _uid: None)
    controls = _check_the_detectors(app, made, database)
    before = contents(database)
    accepted: list[str] = []
    looked_at = 0
    people = WHO[: at.size]
    for number, who in enumerate(people):
        forger = _forger(app, made, who)
        for rule in addresses.of(app, "POST"):
            looked_at += len(FORGERIES)
            accepted += _forged(forger, rule, made, who)
            if contents(database) != before:
                accepted.append(f"{rule.rule} by {who} changed something")
                made.put_back()
        for rule in addresses.of(app, "GET"):
            looked_at += 1
            address = addresses.fill(rule, made.ours)
            made.browser(app, who).get(address)
            if contents(database) != before:
                accepted.append(f"looking at {address} by {who} changed something")
                made.put_back()
        at.told((number + 1) / len(people))
    return Figure(
        looked_at=looked_at,
        unit="requests",
        measured=f"{len(accepted)} accepted or changing" + "".join(f"; {one}" for one in accepted),
        holds=not accepted,
        controls=controls,
    )


def _forged(forger: Forger, rule: Rule, made: World, who: str) -> list[str]:
    address = addresses.fill(rule, made.ours)
    data = dict(addresses.form_of(rule, made.ours, made.own.get(who, {})))
    answers = {forgery: forger.send(address, forgery, data) for forgery in FORGERIES}
    return [
        f"{rule.rule} by {who} with {forgery}: {status}"
        for forgery, status in answers.items()
        if status != 400
    ]


def _forger(app: Flask, made: World, who: str) -> Forger:
    client = made.browser(app, who)
    page = client.get("/signin", follow_redirects=True).text
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    if found is None:
        page = client.get("/f", follow_redirects=True).text
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    return Forger(client, found[1])


def _check_the_detectors(app: Flask, made: World, database: Database) -> int:
    """An honest form is taken and changes something; without the checks a forged one does."""
    before = contents(database)
    forger = _forger(app, made, "driver")
    profile = {"name": "Another", "phone": "", "language": "es"}
    honest = forger.send("/me", None, profile)
    control(honest == 303 and contents(database) != before, "a change that was wanted")
    made.put_back()
    app.config["WTF_CSRF_ENABLED"] = False
    forged = forger.send("/me", "no token", profile)
    app.config["WTF_CSRF_ENABLED"] = True
    control(forged == 303 and contents(database) != before, "a form that no token was asked for")
    made.put_back()
    control(contents(database) == before, "a world that is not put back")
    return 3
