"""Every address, every method, everybody: each cell answers what the law says.

The cells are made from the application's own addresses, so that a new one is visited without
anybody thinking of it; what each must answer is made from the rules.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from dispatch.db.transactions import Database
from dispatch.people.models import Group
from dispatch.policy import Action, may_ever, permits
from dispatch.policy.actor import ANONYMOUS, Actor
from dispatch.policy.endpoints import PUBLIC, action_of
from tests.conftest import Moment
from tests.security import addresses, world
from tests.security.world import Side, World

DOOR, ROLE, HIDDEN, OPEN = "to the door", "not this role", "hidden", "open"
OWN_DOOR = "to the family's door"
FEWEST_CELLS = 700
"""There are more; a number below this says that the matrix lost something."""
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
OWN_ACCOUNT = Action.CHANGE_OWN_ACCOUNT
"""About the asker's own account, which no address names."""
ANSWERS_OF_THE_OPEN = {200, 204, 302, 303, 400, 409, 410, 422}


@dataclass(frozen=True)
class Cell:
    """One request of one principal, about the things of one side, and what it must get."""

    rule: Rule
    method: str
    who: str
    side: Side
    expected: str

    def __str__(self) -> str:
        return f"{self.method} {self.rule.rule} by {self.who}"


def expected_of(
    app: Flask, rule: Rule, actor: Actor, who: str, thing: object, now: datetime
) -> str:
    """What the rules say of one cell."""
    if rule.endpoint in PUBLIC:
        return OPEN
    if rule.endpoint.startswith("own.") != (who in world.FAMILIES):
        return DOOR if who in world.FAMILIES else OWN_DOOR
    if actor == ANONYMOUS or who == "suspended":
        return DOOR
    action = action_of(app.view_functions[rule.endpoint])
    if not may_ever(actor, action):
        return ROLE
    if thing is None:
        return OPEN if _has_own(rule.endpoint, actor) else HIDDEN
    if action is OWN_ACCOUNT:
        return OPEN if _is_member(actor, thing) else HIDDEN
    return OPEN if permits(actor, action, thing, now) else HIDDEN


def _has_own(endpoint: str, actor: Actor) -> bool:
    if endpoint in OWN_RECORD:
        return bool(actor.drives)
    return endpoint not in OWN_GROUP or bool(actor.drives or actor.coordinates)


def _is_member(actor: Actor, group: Group) -> bool:
    return group.id in actor.coordinates or group.id in actor.drives


def cells(app: Flask, made: World, now: datetime) -> Iterator[Cell]:
    """Every cell, about our side: whoever is of the other side is a stranger to it."""
    for method in ("GET", "POST"):
        for rule in addresses.of(app, method):
            kind = addresses.kind_of(rule)
            thing = None if kind is None else made.ours.law[kind]
            for who, actor in made.actors.items():
                expected = expected_of(app, rule, actor, who, thing, now)
                yield Cell(rule, method, who, made.ours, expected)


def ask(app: Flask, made: World, cell: Cell) -> TestResponse:
    """Carry one cell out."""
    browser = made.browser(app, cell.who)
    address = addresses.fill(cell.rule, cell.side)
    data = addresses.form_of(cell.rule, cell.side) if cell.method == "POST" else None
    return browser.open(address, method=cell.method, data=data)


def answer_of(response: TestResponse) -> str:
    """What a response amounts to; anything unforeseen is itself."""
    place = response.headers.get("Location") or response.headers.get("HX-Redirect") or ""
    if place.startswith("/signin?next="):
        return DOOR
    if place == "/f" and "Clear-Site-Data" not in response.headers:
        return OWN_DOOR
    if response.status_code == 403:
        return ROLE
    if response.status_code == 404:
        return HIDDEN
    known = response.status_code in ANSWERS_OF_THE_OPEN
    return OPEN if known else str(response.status_code)


@pytest.fixture
def made(database: Database, moment: Moment) -> World:
    """The world, committed."""
    return world.make(database, moment.at)


def test_every_cell_answers_what_the_law_says(
    app: Flask, made: World, moment: Moment, capsys: pytest.CaptureFixture[str]
):
    visited: Counter[str] = Counter()
    wrong = []
    for cell in cells(app, made, moment.at):
        answer = answer_of(ask(app, made, cell))
        visited[cell.expected] += 1
        if answer != cell.expected:
            wrong.append(f"{cell}: {answer}, not {cell.expected}")
        if cell.method != "GET":
            made.put_back()
    with capsys.disabled():
        sys.stdout.write(f"\n{visited.total()} cells visited: {dict(visited)}\n")
    assert not wrong, "\n".join(wrong)
    assert visited.total() >= FEWEST_CELLS
    assert min(visited[kind] for kind in (DOOR, ROLE, HIDDEN, OPEN)) > 50


def test_what_is_hidden_looks_like_what_is_not_there(app: Flask, made: World):
    browser = made.browser(app, "coordinator elsewhere")
    for kind, path in (("family", "families"), ("ride", "rides"), ("driver", "drivers")):
        pages = []
        for uid in (str(made.ours.things[kind].uid), "00000000-0000-4000-8000-000000000000"):
            response = browser.get(f"/{path}/{uid}")
            assert response.status_code == 404
            page = response.text.replace(uid, "the address that was typed")
            # A form's token holds the second in which it was made.
            pages.append(re.sub(r'(name="csrf_token"[^>]*value=")[^"]+', r"\1", page))
        assert pages[0] == pages[1]
        assert 'name="csrf_token"' in pages[0]


def test_a_door_that_lets_everybody_in_is_noticed(
    app: Flask, made: World, moment: Moment, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("dispatch.policy.scopes.of_my_groups", lambda *_: world.everything())
    stranger = [
        cell
        for cell in cells(app, made, moment.at)
        if cell.rule.endpoint == "families.show" and cell.who == "coordinator elsewhere"
    ]
    assert [answer_of(ask(app, made, cell)) for cell in stranger] == [OPEN]
    assert [cell.expected for cell in stranger] == [HIDDEN]
