"""The matcher as coordinators see it: over a week, stopped before it began, and while it solves."""

import re
import time
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import scene as scenes
from tests.browser.roles import LONGEST_RUN, Coordinator, Person
from tests.browser.scene import CLINIC

pytestmark = pytest.mark.needs("browser")

HARD = {"rides": 60, "drivers": 8}
"""A day with so many rides, and so few who drive, that no best plan is proven within the limit."""


def test_a_week_is_matched_day_by_day(scene, signed_in):
    made = scene({"hours": 3}, {"days": 2})
    rosa = signed_in(made, Coordinator, "Rosa")
    rosa.tab.goto(f"/board/week?day={made.today.isoformat()}")

    rosa.press("Match the seven days")

    proposed = rosa.tab.locator(".chip.is-proposed")
    until_seen(rosa, proposed, 2)
    rosa.keep("week")
    rosa.open_board(made.today + timedelta(days=2))
    rosa.sees_state(rosa.outbound(made.numbers[1], CLINIC), "proposed")


def until_seen(person: Person, what: Locator, number: int) -> None:
    """Look at the page again and again until it shows so many of `what`."""
    give_up_at = time.monotonic() + LONGEST_RUN / 1000
    while what.count() < number:
        assert time.monotonic() < give_up_at
        person.tab.reload()


def test_a_run_that_waits_can_be_stopped(scene, signed_in, installation):
    made = scene({"hours": 3})
    rosa = signed_in(made, Coordinator, "Rosa")
    rosa.open_board(made.today)

    with installation.worker_resting():
        rosa.press("Match this day")
        rosa.is_told("The matcher starts in a moment")
        rosa.keep("board-run-waits")
        rosa.press("Stop, keep the best")
        expect(rosa.tab.get_by_role("button", name="Stop, keep the best")).to_have_count(0)

    rosa.sees_state(rosa.outbound(made.numbers[0], CLINIC), "open")
    expect(rosa.tab.get_by_role("button", name="Match this day")).to_be_enabled()


def test_a_run_that_solves_can_be_stopped_and_run_again(installation, signed_in):
    made = scenes.make_hard(installation, **HARD)
    rosa = signed_in(made, Coordinator, "Rosa")
    some = re.compile(rf"[1-9]\d* of {HARD['rides']} rides served")

    run = rosa.start_matcher(made.today)
    expect(run).to_contain_text(some)
    expect(run).to_contain_text(re.compile(r"Second \d+ of at most \d+"))
    rosa.keep("board-run-solves")
    rosa.press("Stop, keep the best")
    rosa.is_told("stopped, the best plan was kept")
    expect(run).to_contain_text(some)
    rosa.keep("board-run-stopped")
    proposed = rosa.tab.locator("#list .ride.is-proposed")
    first = proposed.first.get_attribute("data-ride")
    rosa.press("Approve", proposed.first)
    driver = said_name(rosa)

    run = rosa.start_matcher(made.today)
    expect(run).to_contain_text(re.compile(rf"[1-9]\d* of {HARD['rides'] - 1} rides served"))
    rosa.press("Stop, keep the best")
    rosa.is_told("stopped, the best plan was kept")
    kept = rosa.tab.locator(f"#list .ride[data-ride='{first}']")
    rosa.sees_state(kept, "offered")
    expect(kept).to_contain_text(driver)
    expect(proposed.first).to_be_visible()


def said_name(person: Person) -> str:
    """Whom the page says to have asked just now."""
    sentence = re.compile(r"Approved\. (.+) is asked now\.")
    found = person.tab.get_by_text(sentence).first
    expect(found).to_be_visible()
    return sentence.search(found.inner_text())[1]
