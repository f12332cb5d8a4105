"""Every address, every method, everybody, about the things of both sides: what each must answer.

The cells are made from the application's own addresses, so that a new one is visited without
anybody thinking of it. What each must answer follows from the rules, and stands in a table that
people have read: after a change of the law, read what changes, then run
`python -m tests.security.matrix`.
"""

import csv
import io
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from dispatch.app import create_app
from dispatch.people.models import Group
from dispatch.policy import Action, Standing, may_ever, permits
from dispatch.policy.actor import Actor
from dispatch.policy.endpoints import PUBLIC, action_of
from tests.security import addresses, world
from tests.security.world import Side, World

TABLE = Path(__file__).with_name("matrix.csv")
DOOR, ROLE, HIDDEN, OPEN = "door", "never", "hidden", "yes"
"""Led to sign in; not this role; not this thing, and it may not be known to exist; let through."""
OWN_DOOR, LED, PAUSED = "code", "prove", "paused"
"""Led to where a family types its code; led to what has to be proven or set up first; told that
the service is paused."""
SIDES = ("ours", "theirs")
OWN_RECORD = {
    "drivers.times": "offers one's own times, unless the address names a driver",
    "drivers.set_week": "the same",
    "drivers.set_day": "the same",
    "drivers.add_away": "the same",
    "drivers.remove_away": "the same",
}
"""Endpoints that are about the asker's own driver record where the address names nobody."""
OWN_GROUP = {"drivers.new", "drivers.make"}
"""Endpoints that are about the group whose pages are shown: a steward may work for none."""
SHUT_IN_A_PAUSE = {"feeds.rides"}
"""Endpoints that ask for no account and show rides."""
OWN_ACCOUNT = Action.CHANGE_OWN_ACCOUNT
"""About the asker's own account, which no address names."""
LEADS_ON = {"start", "people.sign_in"}
"""Endpoints that lead whoever is in to the own first page, wherever that is."""
LEADS_BACK = {"people.confirm_app"}
"""Endpoints that lead back to the page where everything is set up when they are done."""
CARRIED_OUT = {
    "people.confirm_app",
    "people.remove_app",
    "people.remove_passkey",
    "erasing.end_hold",
}
"""Endpoints about what the world has set up: a form that is refused there is not let through."""
ANSWERS_OF_THE_OPEN = {200, 204, 302, 303, 400, 409, 410, 422}
Key = tuple[str, str, str, str]
"""Method, address, whose things, and who asks."""


@dataclass(frozen=True)
class Cell:
    """One request of one principal, about the things of one side, and what it must get."""

    rule: Rule
    method: str
    who: str
    actor: Actor
    about: str
    side: Side
    expected: str

    @property
    def key(self) -> Key:
        """Where it stands in the table."""
        return self.method, self.rule.rule, self.about, self.who

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule} ({self.about}) by {self.who}"


def expected_of(
    app: Flask, rule: Rule, actor: Actor, who: str, thing: object, now: datetime
) -> str:
    """What the rules say of one cell."""
    if rule.endpoint in PUBLIC:
        return PAUSED if actor.is_frozen and rule.endpoint in SHUT_IN_A_PAUSE else OPEN
    if rule.endpoint.startswith("own.") != (who in world.FAMILIES):
        return DOOR if who in world.FAMILIES else OWN_DOOR
    if not actor.is_active:
        return DOOR
    action = action_of(app.view_functions[rule.endpoint])
    if actor.is_frozen and (who in world.FAMILIES or _may_never_but_for_the_pause(actor, action)):
        return PAUSED
    if not may_ever(actor, action):
        return ROLE if actor.standing is Standing.IN else LED
    if thing is None:
        return OPEN if _has_own(rule.endpoint, actor) else HIDDEN
    if action is OWN_ACCOUNT:
        return OPEN if _is_member(actor, thing) else HIDDEN
    return OPEN if permits(actor, action, thing, now) else HIDDEN


def _may_never_but_for_the_pause(actor: Actor, action: Action) -> bool:
    return not may_ever(actor, action) and may_ever(replace(actor, is_frozen=False), action)


def _has_own(endpoint: str, actor: Actor) -> bool:
    if endpoint in OWN_RECORD:
        return bool(actor.drives)
    return endpoint not in OWN_GROUP or bool(actor.drives or actor.coordinates)


def _is_member(actor: Actor, group: Group) -> bool:
    return group.id in actor.coordinates or group.id in actor.drives


def cells(app: Flask, made: World, now: datetime) -> Iterator[Cell]:
    """Every cell; an address that names nothing in particular is asked for once."""
    for method in ("GET", "POST"):
        for rule in addresses.of(app, method):
            kind = addresses.kind_of(rule)
            for about in SIDES if kind is not None else SIDES[:1]:
                side: Side = getattr(made, about)
                thing = None if kind is None else side.law[kind]
                for who, actor in {**made.actors, **made.frozen}.items():
                    expected = expected_of(app, rule, actor, who, thing, now)
                    yield Cell(rule, method, who, actor, about, side, expected)


def ask(app: Flask, made: World, cell: Cell) -> TestResponse:
    """Carry one cell out."""
    made.freeze(cell.who in made.frozen)
    browser = made.browser(app, cell.who)
    address = addresses.fill(cell.rule, cell.side)
    own = made.own.get(cell.who, {})
    data = addresses.form_of(cell.rule, cell.side, own) if cell.method == "POST" else None
    return browser.open(address, method=cell.method, data=data)


def answer_of(response: TestResponse, actor: Actor, endpoint: str) -> str:
    """What a response amounts to; anything unforeseen is itself."""
    place = response.headers.get("Location") or response.headers.get("HX-Redirect") or ""
    if place.startswith("/signin?next="):
        return DOOR
    if place == "/f" and "Clear-Site-Data" not in response.headers:
        return OWN_DOOR
    if place == "/enrol" and endpoint in LEADS_BACK and response.status_code == 303:
        return OPEN
    is_led = actor.standing is not Standing.IN and endpoint not in LEADS_ON
    if is_led and place in ("/enrol", "/signin/code"):
        return LED
    if response.status_code == 403:
        return ROLE
    if response.status_code == 503:
        return PAUSED
    if response.status_code == 404:
        return HIDDEN
    known = response.status_code in ({303} if endpoint in CARRIED_OUT else ANSWERS_OF_THE_OPEN)
    return OPEN if known else str(response.status_code)


def visit(app: Flask, made: World, wanted: Iterable[Cell], table: dict[Key, str]) -> list[str]:
    """What is wrong with the `wanted` cells: answer, law and table have to say the same."""
    wrong = []
    for cell in wanted:
        answer = answer_of(ask(app, made, cell), cell.actor, cell.rule.endpoint)
        if cell.method != "GET" and answer not in (DOOR, OWN_DOOR, ROLE, HIDDEN, LED, PAUSED):
            made.put_back()  # what was refused changed nothing but the log
        told = {answer, cell.expected, table.get(cell.key, "nothing")}
        if len(told) > 1:
            said = f"answer {answer}, law {cell.expected}, table {table.get(cell.key, 'nothing')}"
            wrong.append(f"{cell}: {said}")
    return wrong


def write(all_of_them: Iterable[Cell]) -> str:
    """The table: one row an address and whose things it is about, one column a principal."""
    rows: dict[tuple[str, str, str], dict[str, str]] = {}
    for cell in all_of_them:
        method, address, about, who = cell.key
        rows.setdefault((address, method, about), {})[who] = cell.expected
    names = list(next(iter(rows.values())))
    lines = [["address", "method", "about", *names]]
    lines += [[*key, *(row[name] for name in names)] for key, row in sorted(rows.items())]
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    return "".join(
        ", ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()
        + "\n"
        for line in lines
    )


def read(text: str) -> dict[Key, str]:
    """The cells of a table."""
    head, *rows = csv.reader(io.StringIO(text), skipinitialspace=True)
    names = [name.strip() for name in head[3:]]
    return {
        (row[1].strip(), row[0].strip(), row[2].strip(), name): told.strip()
        for row in rows
        for name, told in zip(names, row[3:], strict=True)
    }


def _rewrite() -> None:
    from tests.conftest import NOW
    from tests.prove import installation

    with tempfile.TemporaryDirectory() as folder:
        settings, database = installation.make(Path(folder))
        app = create_app(settings, database=database, enqueue=lambda _uid: None)
        made = world.make(database, NOW)
        TABLE.write_text(write(cells(app, made, NOW)))
    sys.stdout.write(f"{TABLE.name} is written. Read what changed.\n")


if __name__ == "__main__":
    _rewrite()
