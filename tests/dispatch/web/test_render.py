"""What templates may use."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, g, render_template_string

from dispatch.people.models import Group

MORNING = datetime(2027, 3, 8, 17, 0, tzinfo=UTC)
LATE = datetime(2027, 3, 9, 7, 30, tzinfo=UTC)
"""Still Monday evening in Vancouver."""


@pytest.fixture
def say(app: Flask) -> Callable[..., str]:
    """A function that renders a line of template, for a person of a group or of none."""

    def render(line: str, *, zone: str | None = "America/Vancouver", **values: object) -> str:
        with app.test_request_context("/"):
            if zone:
                g.group = Group(time_zone=zone)
            return render_template_string(line, **values)

    return render


def test_a_time_is_said_in_the_groups_zone(say: Callable[..., str]):
    assert say("{{ at|clock }}", at=MORNING) == "09:00"
    assert say("{{ at|moment }}", at=LATE) == "Mon 8 Mar 23:30"


def test_without_a_group_a_time_says_that_it_is_utc(say: Callable[..., str]):
    assert say("{{ at|clock }}", zone=None, at=MORNING) == "17:00 UTC"
    assert say("{{ at|moment }}", zone=None, at=LATE) == "Tue 9 Mar 07:30 UTC"


def test_another_groups_zone_can_be_named(say: Callable[..., str]):
    paris = ZoneInfo("Europe/Paris")
    assert say("{{ at|moment(paris) }}", at=MORNING, paris=paris) == "Mon 8 Mar 18:00"


def test_what_was_typed_is_never_markup(say: Callable[..., str]):
    assert say("{{ name }}", name="<script>") == "&lt;script&gt;"


def test_a_static_address_changes_with_the_file(app: Flask, tmp_path, monkeypatch):
    monkeypatch.setattr("dispatch.web.render.STATIC", tmp_path)
    file = tmp_path / "a.css"
    addresses = set()
    for number, text in enumerate(["one", "two", "one"]):
        file.write_text(text)
        os.utime(file, (number, number))
        with app.test_request_context("/"):
            addresses.add(render_template_string("{{ static_url('a.css') }}"))
    assert len(addresses) == 2
    assert all(address.startswith("/static/a.css?v=") for address in addresses)
