"""The application as an OpenAPI document: its addresses, and the fields that its own forms send."""

from collections.abc import Iterable
from html.parser import HTMLParser
from urllib.parse import urlsplit

from flask import Flask
from flask.testing import FlaskClient

from tests.security import addresses
from tests.security.world import World

_METHODS = ("GET", "POST")
_LIKELY = [
    "",
    "2027-03-09",
    "10:10",
    "1",
    "-1",
    "99999999999999999999",
    "on",
    "home",
    "es",
    "coral",
]
_LIKELY += [
    "a@example.org",
    "604-555-0731",
    "49.27",
    "nan",
    "\u202e",
    "\0",
    "'\"<script>",
]
_TEXT = {"anyOf": [{"type": "string", "maxLength": 40}, {"type": "string", "enum": _LIKELY}]}
"""Anything, and now and then what gets further than anything does."""


class _Forms(HTMLParser):
    """The fields of every form of a page, by the address that it is sent to."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = urlsplit(page).path
        self.fields: dict[str, set[str]] = {}
        self._target: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self._target = urlsplit(told.get("action") or self.page).path
            self.fields.setdefault(self._target, set())
        name = told.get("name")
        if tag in ("input", "select", "textarea", "button") and name and self._target:
            self.fields[self._target].add(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._target = None


def document(app: Flask, world: World, browsers: Iterable[FlaskClient]) -> dict[str, object]:
    """The document; what a form may hold is gathered from the pages that `browsers` see."""
    fields = _fields(app, world, browsers)
    paths: dict[str, dict[str, object]] = {}
    for method in _METHODS:
        for rule in addresses.of(app, method):
            paths.setdefault(template(rule), {})[method.lower()] = _operation(rule, method, fields)
    return {
        "openapi": "3.0.3",
        "info": {"title": "Dispatch", "version": "1"},
        "paths": paths,
    }


def template(rule: object) -> str:
    """The address with its names in braces, as the standard writes them."""
    return "".join(
        f"{{{text}}}" if is_name else text for is_name, text in rule._trace
    ).removeprefix("|")


def _operation(rule: object, method: str, fields: dict[str, set[str]]) -> dict[str, object]:
    names = fields.get(rule.rule, set())
    told: dict[str, object] = {
        "operationId": f"{method} {rule.rule}",
        "responses": {"default": {"description": "a page"}},
        "parameters": [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
            for name in sorted(rule.arguments)
        ],
    }
    if method == "GET":
        told["parameters"] += [
            {"name": name, "in": "query", "schema": _TEXT} for name in sorted(names)
        ]
    elif names:
        body = {"type": "object", "properties": dict.fromkeys(sorted(names), _TEXT)}
        told["requestBody"] = {"content": {"application/x-www-form-urlencoded": {"schema": body}}}
    return told


def _fields(app: Flask, world: World, browsers: Iterable[FlaskClient]) -> dict[str, set[str]]:
    """The fields of all forms, by the rule that takes them."""
    found: dict[str, set[str]] = {}
    adapter = app.url_map.bind("localhost")
    for browser in browsers:
        for rule in addresses.of(app, "GET"):
            page = addresses.fill(rule, world.ours)
            answer = browser.get(page)
            if "text/html" not in answer.content_type:
                continue
            reader = _Forms(page)
            reader.feed(answer.text)
            for target, names in reader.fields.items():
                for method in _METHODS:
                    if adapter.test(target, method=method):
                        taker, _values = adapter.match(target, method=method, return_rule=True)
                        found.setdefault(taker.rule, set()).update(names)
    return found
