"""The table of who may open what is whole and was read; every cell is visited in `tests/prove`."""

import re

import pytest
from flask import Flask

from dispatch.db.transactions import Database
from tests.conftest import Moment
from tests.security import matrix, world
from tests.security.matrix import DOOR, HIDDEN, LED, OPEN, OWN_DOOR, PAUSED, ROLE
from tests.security.world import World

FEWEST_CELLS = 4_000
"""There are more; a number below this says that the matrix lost something."""


@pytest.fixture
def made(database: Database, moment: Moment) -> World:
    """The world, committed."""
    return world.make(database, moment.at)


def test_the_table_is_the_law_and_was_read(app: Flask, made: World, moment: Moment):
    """After a change of the law, read what changes, then run `python -m tests.security.matrix`."""
    written = matrix.TABLE.read_text()
    there = list(matrix.cells(app, made, moment.at))
    now, known = {cell.key: cell.expected for cell in there}, matrix.read(written)
    assert {
        key: (known.get(key), now.get(key)) for key in known | now if known.get(key) != now.get(key)
    } == {}
    assert written == matrix.write(there)
    assert len(there) >= FEWEST_CELLS


def test_every_kind_of_answer_stands_in_the_table():
    told = list(matrix.read(matrix.TABLE.read_text()).values())
    assert set(told) == {DOOR, HIDDEN, LED, OPEN, OWN_DOOR, PAUSED, ROLE}
    assert min(told.count(kind) for kind in set(told)) > 50


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
