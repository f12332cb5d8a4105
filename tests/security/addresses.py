"""Every address of the application, with what it is about, filled in for a world."""

from collections.abc import Mapping

from flask import Flask
from werkzeug.routing import Rule

from tests.security.world import CODE, Side

ABOUT = {
    "/alarms/<uuid:uid>": "alarm",
    "/assignments/<uuid:uid>/driven": "assignment",
    "/assignments/<uuid:uid>/navigate": "assignment",
    "/assignments/<uuid:uid>/release": "assignment",
    "/assignments/<uuid:uid>/report": "assignment",
    "/assignments/<uuid:uid>/phone": "assignment",
    "/assignments/<uuid:uid>/reveal": "assignment",
    "/assignments/<uuid:uid>/trouble": "assignment",
    "/drivers/<uuid:uid>": "driver",
    "/f/rides/<uuid:uid>": "ride",
    "/families/<uuid:uid>": "family",
    "/glass/<uuid:uid>": "glass",
    "/groups/<uuid:uid>": "group",
    "/incidents/<uuid:uid>": "incident",
    "/motions/<uuid:uid>": "motion",
    "/offers/<uuid:uid>": "offer",
    "/open/<uuid:uid>": "way back",
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
    "planning.undo_offers": ("assignment", "offer"),
    "notify.mark_told": ("message", "message"),
    "notify.mark_untold": ("message", "message"),
}
"""Endpoints whose form, not whose address, names the thing: the field, and the kind of thing."""
NAMED_BY_ITS_OWNER = {"people.remove_passkey": "passkey", "people.confirm_app": "code"}
"""Endpoints whose form says what only its owner has: the field."""
SAID_BESIDE = {"families.reveal": "?part=name"}
"""What an address says after its path, where it means nothing without."""


def of(app: Flask, method: str) -> list[Rule]:
    """The rules that take `method`, but for the files."""
    found = [rule for rule in app.url_map.iter_rules() if method in rule.methods]
    return sorted((rule for rule in found if rule.endpoint != "static"), key=lambda rule: rule.rule)


def kind_of(rule: Rule) -> str | None:
    """The kind of thing that an address is about; None if about nothing in particular."""
    if rule.endpoint in NAMED_IN_THE_FORM:
        return NAMED_IN_THE_FORM[rule.endpoint][1]
    if "uid" not in rule.arguments:
        return None
    return next(kind for start, kind in ABOUT.items() if rule.rule.startswith(start))


def fill(rule: Rule, side: Side) -> str:
    """The address of `rule` about the things of `side`."""
    values: dict[str, object] = {}
    if "uid" in rule.arguments:
        values["uid"] = side.things[kind_of(rule)].uid
    if "user_uid" in rule.arguments:
        values["user_uid"] = side.things["member"].uid
    if "code" in rule.arguments:
        values["code"] = CODE
    built = rule.build(values, append_unknown=False)
    if built is None:
        raise LookupError(f"nothing is known to fill in {rule.rule}")
    return built[1] + SAID_BESIDE.get(rule.endpoint, "")


def form_of(rule: Rule, side: Side, own: Mapping[str, str]) -> Mapping[str, str]:
    """The least that a form of `rule` says: the thing that it names, which may be one's `own`."""
    if rule.endpoint in NAMED_BY_ITS_OWNER:
        field = NAMED_BY_ITS_OWNER[rule.endpoint]
        return {field: own[field]} if field in own else {}
    if rule.endpoint not in NAMED_IN_THE_FORM:
        return {}
    field, kind = NAMED_IN_THE_FORM[rule.endpoint]
    return {field: str(side.things[kind].uid)}
