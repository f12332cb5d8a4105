"""Every address of the application, with what it is about, filled in for a world."""

from collections.abc import Mapping

from flask import Flask
from werkzeug.routing import Rule

from dispatch.db.base import Base
from tests.security.world import Side

ABOUT = {
    "/assignments/<uuid:uid>/release": "assignment",
    "/assignments/<uuid:uid>/report": "assignment",
    "/assignments/<uuid:uid>/reveal": "assignment",
    "/drivers/<uuid:uid>": "driver",
    "/families/<uuid:uid>": "family",
    "/groups/<uuid:uid>": "group",
    "/offers/<uuid:uid>": "offer",
    "/places/<uuid:uid>": "place",
    "/proposals/<uuid:uid>": "proposal",
    "/requests/<uuid:uid>": "request",
    "/rides/<uuid:uid>": "ride",
    "/runs/<uuid:uid>": "run",
}
"""The kind of thing that an address names, by how the address begins."""
NAMED_IN_THE_FORM = {
    "people.switch_group": ("group", "group"),
    "planning.approve_many": ("proposal", "proposal"),
    "notify.mark_told": ("message", "message"),
    "notify.mark_untold": ("message", "message"),
}
"""Endpoints whose form, not whose address, names the thing: the field, and the kind of thing."""


def of(app: Flask, method: str) -> list[Rule]:
    """The rules that take `method`, but for the files."""
    found = [rule for rule in app.url_map.iter_rules() if method in rule.methods]
    return sorted((rule for rule in found if rule.endpoint != "static"), key=lambda rule: rule.rule)


def thing_of(rule: Rule, side: Side) -> Base | None:
    """What an address is about; None if about nothing in particular."""
    if rule.endpoint in NAMED_IN_THE_FORM:
        return side.things[NAMED_IN_THE_FORM[rule.endpoint][1]]
    if "uid" not in rule.arguments:
        return None
    kind = next(kind for start, kind in ABOUT.items() if rule.rule.startswith(start))
    return side.things[kind]


def fill(rule: Rule, side: Side) -> str:
    """The address of `rule` about the things of `side`."""
    values: dict[str, object] = {}
    if "uid" in rule.arguments:
        values["uid"] = thing_of(rule, side).uid
    if "user_uid" in rule.arguments:
        values["user_uid"] = side.things["member"].uid
    if "code" in rule.arguments:
        values["code"] = "no-such-code"
    built = rule.build(values, append_unknown=False)
    if built is None:
        raise LookupError(f"nothing is known to fill in {rule.rule}")
    return built[1]


def form_of(rule: Rule, side: Side) -> Mapping[str, str]:
    """The least that a form of `rule` says: the thing that it names."""
    if rule.endpoint not in NAMED_IN_THE_FORM:
        return {}
    field, kind = NAMED_IN_THE_FORM[rule.endpoint]
    return {field: str(side.things[kind].uid)}
