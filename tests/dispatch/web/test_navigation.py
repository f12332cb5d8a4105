"""Where each role starts."""

import pytest
from flask import Flask, g

from dispatch.policy import Actor
from dispatch.policy.actor import ANONYMOUS
from dispatch.web import navigation

HERE = frozenset({1})


@pytest.mark.parametrize(
    ("actor", "start"),
    [
        (ANONYMOUS, "/signin"),
        (Actor(user_id=1, uid=None, coordinates=HERE), "/board"),
        (Actor(user_id=1, uid=None, coordinates=HERE, is_steward=True, drives={1: 2}), "/board"),
        (Actor(user_id=1, uid=None, is_steward=True), "/groups"),
        (Actor(user_id=1, uid=None, drives={1: 2}), "/today"),
        (Actor(user_id=1, uid=None), "/me"),
    ],
)
def test_everybody_starts_where_their_work_is(app: Flask, actor: Actor, start: str):
    with app.test_request_context("/"):
        g.actor = actor
        assert navigation.home() == start


def test_the_bar_offers_what_the_role_has_and_marks_where_it_is(app: Flask):
    with app.test_request_context("/families/new"):
        g.actor = Actor(user_id=1, uid=None, coordinates=HERE)
        bar = {url: here for _label, url, here in navigation._desk()}
        assert "/groups" not in bar
        assert [url for url, here in bar.items() if here] == ["/families"]
        g.actor = Actor(user_id=1, uid=None, is_steward=True)
        assert [url for _label, url, _here in navigation._desk()] == ["/groups", "/log"]


@pytest.mark.parametrize(
    ("told", "page"),
    [
        ("http://localhost/board?day=2027-03-09", "/board?day=2027-03-09"),
        ("https://example.org/board", "/watch"),
        ("http://localhost//example.org", "/watch"),
        ("", "/watch"),
    ],
)
def test_a_form_leads_back_to_where_it_stood_and_never_elsewhere(app: Flask, told, page):
    with app.test_request_context("/alarms", headers={"Referer": told} if told else {}):
        assert navigation.came_from("/watch") == page
