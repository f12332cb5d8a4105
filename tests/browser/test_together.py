"""Two coordinators at work on one day: each sees within seconds what the other does."""

import pytest
from playwright.sync_api import expect

from tests.browser.roles import Coordinator
from tests.browser.scene import CLINIC

pytestmark = pytest.mark.needs("browser")


@pytest.fixture
def board(scene, signed_in):
    """Rosa and Ines before the same two proposals, and the families' numbers."""
    made = scene({"hours": 4}, {"hours": 7})
    rosa, ines = (signed_in(made, Coordinator, name) for name in ("Rosa", "Ines"))
    ines.tab.clock.install()
    rosa.match(made.today)
    ines.open_board(made.today)
    expect(ines.tab.locator("#list .ride.is-proposed")).to_have_count(2)
    return rosa, ines, made.numbers


def seconds_pass(somebody: Coordinator) -> None:
    """Longer than an open board waits until it asks again."""
    somebody.tab.clock.fast_forward(6_000)


def test_what_one_does_stands_on_the_others_board_and_the_choice_stays(board):
    rosa, ines, (first, second) = board
    chosen = ines.outbound(second, CLINIC).first
    chosen.locator("a.way").click()
    rosa.press("Approve", rosa.outbound(first, CLINIC).first)
    rosa.is_told("Approved. %(name)s is asked now.", name="Marta")
    seconds_pass(ines)

    expect(ines.tab.locator("#list .ride.is-offered")).to_have_count(1)
    expect(ines.tab.get_by_text("The board has changed")).to_have_count(1)
    expect(chosen).to_have_attribute("aria-current", "true")
    assert chosen.locator("a.way").evaluate("link => link === document.activeElement")
    expect(ines.tab.locator("#map .leaflet-container")).to_have_count(1)


def test_a_board_on_which_rides_are_ticked_waits_until_they_are_not(board):
    rosa, ines, (first, second) = board
    box = ines.outbound(second, CLINIC).first.locator("input.check")
    box.check()
    rosa.press("Approve", rosa.outbound(first, CLINIC).first)
    rosa.is_told("Approved. %(name)s is asked now.", name="Marta")
    seconds_pass(ines)
    ines.tab.wait_for_load_state("networkidle")
    expect(ines.tab.locator("#list .ride.is-proposed")).to_have_count(2)
    expect(box).to_be_checked()

    box.uncheck()
    seconds_pass(ines)
    expect(ines.tab.locator("#list .ride.is-offered")).to_have_count(1)
