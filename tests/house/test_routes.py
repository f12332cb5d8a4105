"""Every address declares what it is for, and an address that only shows changes nothing."""

import hashlib
import re

import pytest
from flask import Flask
from sqlalchemy import select

from dispatch.app import BLUEPRINTS
from dispatch.db.base import Base
from dispatch.db.transactions import Database
from dispatch.people import guard
from dispatch.policy import Action
from dispatch.policy.endpoints import PUBLIC, UndeclaredEndpoint, action_of, needs
from tests.conftest import Moment
from tests.house.sources import ROOT
from tests.security import addresses, world

OPEN_TO_ALL = {
    "static",
    "health",
    "people.sign_in",
    "people.ask_device",
    "people.lock",
    "people.open_invitation",
    "people.choose_language",
    "own.enter",
    "about.privacy",
    "about.robots",
    "about.security_contact",
    "feeds.rides",
}
LOOKS = {action for action in Action if action.name.startswith("SEE_")}
"""The actions that leave everything as it was."""
LOOKS_SENT = {
    "families.find": "a phone number must not stand in an address, where logs would keep it",
}
"""Addresses that change nothing and yet are only posted to, with the reason."""
SAFE = {"GET", "HEAD", "OPTIONS"}
LEFT_OUT = {"audit_event": None, "web_session": {"seen_at"}, "family_phone": {"seen_at"}}
"""What a look may write: the note of it, and that somebody was there."""


def test_the_public_addresses_are_these():
    assert PUBLIC == OPEN_TO_ALL
    assert len(PUBLIC) <= 12


def test_every_other_address_declares_an_action(app: Flask):
    bare = {name for name, view in app.view_functions.items() if action_of(view) is None}
    assert bare == PUBLIC


def test_every_public_address_exists(app: Flask):
    assert set(app.view_functions) >= PUBLIC


def test_a_view_without_an_action_stops_the_application(app: Flask):
    guard.check_endpoints(app)
    app.view_functions["planted"] = lambda: ""
    with pytest.raises(UndeclaredEndpoint, match="planted"):
        guard.check_endpoints(app)


def sent_looks(app: Flask) -> set[str]:
    """The endpoints that are posted to and declare that they only look."""
    return {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.methods - SAFE and action_of(app.view_functions[rule.endpoint]) in LOOKS
    }


def test_what_is_posted_declares_a_change(app: Flask):
    assert sent_looks(app) == set(LOOKS_SENT)


def test_a_posted_look_is_found(app: Flask):
    app.add_url_rule("/planted", "planted", needs(Action.SEE_BOARD)(lambda: ""), methods=["POST"])
    assert "planted" in sent_looks(app)


def test_every_room_with_pages_is_wired():
    names = {blueprint.name for blueprint in BLUEPRINTS}
    assert names == {
        "people", "families", "drivers", "places", "basemap", "rides", "planning",
        "board", "notify", "visits", "own", "about", "glass", "log", "erasing", "numbers",
        "feeds", "claims", "incidents",
    }  # fmt: skip


def named_endpoints() -> set[tuple[str, str]]:
    """Every endpoint that a template or a module leads to, with where it does."""
    places = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "dispatch").rglob("*.py")]
    return {
        (name, str(path.relative_to(ROOT)))
        for path in places
        for name in re.findall(r"url_for\(\s*[\"']([\w.]+)[\"']", path.read_text())
    }


def test_every_address_that_is_led_to_exists(app: Flask):
    named = named_endpoints()
    assert ("board.day", "dispatch/planning/views/blueprint.py") in named
    assert {one for one in named if one[0] not in app.view_functions} == set()


def contents(database: Database) -> str:
    """A digest of everything that is stored, but for what a look may write."""
    digest = hashlib.sha256()
    with database.session(reads_only=True) as session:
        for table in Base.metadata.sorted_tables:
            passed_over = LEFT_OUT.get(table.name, set())
            if passed_over is None:
                continue
            columns = [column for column in table.columns if column.name not in passed_over]
            for row in session.execute(select(*columns).order_by(table.c.id)):
                digest.update(repr((table.name, tuple(row))).encode())
    return digest.hexdigest()


def test_looking_at_any_page_changes_nothing(app: Flask, database: Database, moment: Moment):
    made = world.make(database, moment.at)
    before = contents(database)
    seen = 0
    for rule in addresses.of(app, "GET"):
        for principal in made.actors:
            address = addresses.fill(rule, made.ours)
            made.browser(app, principal).get(address)
            seen += 1
            assert contents(database) == before, f"{principal} looked at {address}"
    assert seen >= 200


def test_a_change_of_any_table_is_noticed(database: Database, moment: Moment):
    made = world.make(database, moment.at)
    before = contents(database)
    with database.transaction() as session:
        session.get_one(type(made.ours.group), made.ours.group.id).desk_phone = "604-555-0199"
    assert contents(database) != before
