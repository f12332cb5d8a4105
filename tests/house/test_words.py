"""One word per idea: what the glossary does not use names nothing here."""

import ast
import re
from collections.abc import Iterator

import pytest
from flask import Flask

from dispatch import schema
from tests.house import messages, sources
from tests.house.sources import Module

BANNED = {
    "group": ("tenant", "organisation", "organization", "chapter"),
    "family": ("client", "customer"),
    "rider": ("passenger",),
    "coordinator": ("dispatcher", "operator"),
    "driver": ("volunteer", "courier"),
    "steward": ("admin", "superuser"),
    "request": ("booking", "order"),
    "ride": ("trip", "journey"),
    "pickup, drop-off": ("origin", "destination"),
    "window": ("slot", "timeframe"),
    "availability": ("schedule", "calendar"),
    "match run": ("batch",),
    "proposal": ("match", "suggestion"),
    "approval": ("confirmation",),
    "assignment": ("allocation",),
    "grant": ("permission", "share"),
    "seal, unseal, reveal": ("hide", "decode"),
    "stop": ("node", "waypoint"),
    "service time": ("dwell",),
    "route": ("manifest", "itinerary"),
    "leg": ("hop", "segment"),
    "unserved": ("unassigned", "dropped"),
    "cancelled, declined": ("rejected", "denied"),
    "cell": ("zone", "neighbourhood", "neighborhood"),
    "meeting point": ("hub",),
}
"""By the word of the glossary, the words that are not used for it."""
MEANS_SOMETHING_ELSE = {
    "client": "a browser, to the web framework",
    "decode": "bytes of a file become text",
    "match": "the match run is the glossary's own word; an address of a sheet matches a known one",
    "order": "of rows, of days and months in a date: what comes first",
    "origin": "where a form was made, to the browser",
    "node": "of the public files that the academic instances come in",
    "schedule": "of a route: the earliest moments at its stops, to the literature",
    "slot": "where a sealed value lives; a place in the arrays of the solver",
    "zone": "a time zone",
    "dropped": "off: at the drop-off; and a message whose news is old",
    "share": "sharing a car: two families in one",
    "hide": "of a page: an opened address leaves the screen",
    "calendar": "the calendar itself: a day that no month has",
}
"""Words that name another idea in `NAMED_SO`, with what they mean there."""
NAMED_SO = {
    "DayOrder",
    "Match",
    "MatchKind",
    "MatchRun",
    "Share",
    "Slot",
    "_Node",
    "_decode",
    "_has_schedule",
    "_lists_of_nodes",
    "_order",
    "_require_order",
    "_same_origin",
    "_zone",
    "_zones",
    "ForeignOrigin",
    "dropped_at",
    "insert_in_order",
    "match",
    "match_run",
    "match_seconds",
    "nodes",
    "order",
    "orders",
    "origin",
    "schedule",
    "shares",
    "shares_rides",
    "slot",
    "time_zone",
    "time_zones",
    "zone",
}
"""The names with such a word, a literal list: another one is looked at first."""
SAID_SO = {"match", "hide", "share", "zone", "dropped", "calendar"}
"""Such words that people read too."""
_WORDS = {word: term for term, words in BANNED.items() for word in words}


def banned_in(name: str) -> set[str]:
    """The banned words that `name` is made of, also in the plural."""
    parts = [part.lower() for part in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)]
    return {word for part in parts for word in (part, part.removesuffix("s")) if word in _WORDS}


def names_of(module: Module) -> Iterator[tuple[str, str]]:
    """Every name that `module` gives: its own, and those of classes, functions and fields."""
    file = module.where
    yield module.name.rsplit(".", 1)[-1], file
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, f"{file}:{node.lineno}"
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            yield node.target.id, f"{file}:{node.lineno}"


def badly_named(module: Module) -> list[tuple[str, str]]:
    """The names of `module` with a banned word in them, with their places."""
    return [
        (name, where)
        for name, where in names_of(module)
        if name not in NAMED_SO and banned_in(name)
    ]


@pytest.mark.parametrize("package", ["dispatch", "matching"])
def test_no_module_class_function_or_field_has_a_banned_name(package: str):
    assert [one for module in sources.modules(package) for one in badly_named(module)] == []


def test_no_table_or_column_has_a_banned_name():
    names = {
        name
        for table in schema.metadata().tables.values()
        for name in (table.name, *(column.name for column in table.columns))
    }
    assert {name for name in names - NAMED_SO if banned_in(name)} == set()


def test_no_address_has_a_banned_name(app: Flask):
    rules = {rule.rule for rule in app.url_map.iter_rules()}
    endpoints = set(app.view_functions)
    assert {name for name in rules | endpoints if banned_in(name)} == set()


def test_no_template_has_a_banned_name():
    names = [path.stem for path in (sources.ROOT / "templates").rglob("*.*")]
    assert names
    assert [name for name in names if banned_in(name)] == []


def test_people_read_no_banned_word():
    read = [(text, banned_in(text) - SAID_SO) for text in messages.texts()]
    assert len(read) > 500
    assert [(text, words) for text, words in read if words] == []


@pytest.mark.parametrize(
    "planted", ["def find_passengers(): pass", "class Trip: pass", "slots: int"]
)
def test_a_planted_name_is_found(planted: str):
    assert badly_named(sources.parse(planted))


def test_banned_words_are_found_in_any_spelling():
    assert banned_in("/rides/<uuid:uid>/booking") == {"booking"}
    assert banned_in("HTTPClient") == {"client"}
    assert banned_in("Show every passenger.") == {"passenger"}
    assert banned_in("destinations") == {"destination"}
    assert not banned_in("triple")


def test_every_exception_is_still_needed():
    given = {
        name
        for package in ("dispatch", "matching")
        for module in sources.modules(package)
        for name, _where in names_of(module)
    } | {table.name for table in schema.metadata().tables.values()}
    assert NAMED_SO - given == set()
    used = {word for name in NAMED_SO for word in banned_in(name)} | SAID_SO
    assert used <= set(MEANS_SOMETHING_ELSE)
