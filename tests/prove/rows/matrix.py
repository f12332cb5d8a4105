"""Every address, method, person and side answers what the law says, and what people have read."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from flask import Flask

from dispatch import clock
from dispatch.app import create_app
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from tests.conftest import NOW
from tests.prove import installation
from tests.prove.figure import Figure, Row, Workplace, control
from tests.security import addresses, matrix, world
from tests.security.matrix import HIDDEN, OPEN, PAUSED, Cell
from tests.security.world import World

ALL = 1_000_000
FEWEST = 4_000
"""Cells that there are at least: below it the matrix has lost something."""
ROW = Row(
    what="Every address x method x person (anonymous, each role, other group, suspended, locked, "
    "half in, not yet enrolled, families, while frozen) "
    "x whose ride it is: answer, law and the table that was read",
    must="100 % visited, 0 mismatches",
    quick=100,
    full=ALL,
    fewest=lambda size: min(size, FEWEST),
)


def prove(at: Workplace) -> Figure:
    """Visit `at.size` cells, all of them if there are fewer, in an order that is drawn once."""
    settings, database = installation.make(at.folder)
    app = create_app(settings, database=database, enqueue=lambda _uid: None)
    app.config["WTF_CSRF_ENABLED"] = False
    table = matrix.read(matrix.TABLE.read_text())
    with patch.object(clock, "now", lambda: NOW):
        made = world.make(database, NOW)
        there = list(matrix.cells(app, made, NOW))
        controls = _controls(app, made, there, table)
        chosen = list(there)
        random.Random(20_270_309).shuffle(chosen)  # noqa: S311 the same order every time
        chosen = chosen[: at.size]
        wrong: list[str] = []
        for number, cell in enumerate(chosen):
            wrong += matrix.visit(app, made, [cell], table)
            if number % 50 == 0:
                at.told(number / len(chosen))
    unread = {cell.key for cell in there} ^ set(table)
    wrong += [f"only the table or only the program knows {key}" for key in sorted(unread)]
    database.engine.dispose()
    database.vault.keys.close()
    share = f"{len(chosen):,} of {len(there):,} visited"
    told = "".join(f"; {one}" for one in wrong[:5])
    return Figure(
        looked_at=len(chosen),
        unit="cells",
        measured=f"{share}, {len(wrong)} mismatches{told}",
        holds=not wrong and len(chosen) == min(at.size, len(there)),
        controls=controls,
    )


def _controls(app: Flask, made: World, there: list[Cell], table: dict[matrix.Key, str]) -> int:
    """Plant one fault of each kind; how many were found."""
    records = [cell for cell in there if cell.rule.endpoint == "families.show"]
    hidden = [cell for cell in records if cell.expected == HIDDEN]
    control(not matrix.visit(app, made, records, table), "nothing wrong where nothing is planted")
    with patch("dispatch.policy.scopes.of_my_groups", lambda *_: world.everything()):
        control(len(matrix.visit(app, made, hidden, table)) == len(hidden), "a scope for everybody")
    with _open_to_all(app, "families.show"):
        closed = [cell for cell in records if cell.expected not in (OPEN, matrix.DOOR, PAUSED)]
        control(len(matrix.visit(app, made, closed, table)) > 0, "a view that asks nobody")
    paused = [cell for cell in records if cell.expected == PAUSED]
    with patch("dispatch.people.freezing.is_frozen", lambda _session: False):
        control(len(matrix.visit(app, made, paused, table)) == len(paused) > 0, "no pause")
    own = [cell for cell in there if cell.rule.endpoint in addresses.NAMED_BY_ITS_OWNER]
    let_in = [cell for cell in own if cell.expected == OPEN]
    with patch.object(made, "own", {}):
        control(len(matrix.visit(app, made, own, table)) == len(let_in), "forms that name nothing")
    spoilt = {**table, records[0].key: "a slip"}
    control(len(matrix.visit(app, made, records[:1], spoilt)) == 1, "a table that says otherwise")
    unlisted = {key: told for key, told in table.items() if key != records[0].key}
    control(len(matrix.visit(app, made, records[:1], unlisted)) == 1, "an address nobody has read")
    return 6


@contextmanager
def _open_to_all(app: Flask, endpoint: str) -> Iterator[None]:
    """Let a view answer whoever is signed in, without a look at what is asked for."""
    kept = app.view_functions[endpoint]
    app.view_functions[endpoint] = needs(Action.SIGN_OUT)(lambda **_: "everything")
    try:
        yield
    finally:
        app.view_functions[endpoint] = kept
