"""What a coordinator takes back or moves, and a driver who cannot come."""

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from dispatch import i18n
from dispatch.drivers.models import Driver
from dispatch.planning.models import Proposal
from tests.browser.roles import LONGEST_RUN, Coordinator
from tests.browser.scene import CLINIC

pytestmark = pytest.mark.needs("browser")
DRIVERS = ("Marta", "Yusuf")


def test_an_approval_is_undone_within_its_ten_seconds(scene, signed_in):
    made = scene({"hours": 4})
    rosa = signed_in(made, Coordinator, "Rosa")
    rosa.match(made.today)
    rosa.press("Approve", rosa.outbound(made.numbers[0], CLINIC).first)
    rosa.press("Undo", rosa.tab.locator(".toast"))
    rosa.is_told("Undone. Nobody is asked.")
    expect(rosa.tab.locator("#list .ride.is-proposed")).to_have_count(1)


@pytest.mark.parametrize("language", i18n.languages())
def test_a_driver_who_cannot_come_is_replaced_and_the_board_shows_who_drives_instead(
    scene, signed_in, language
):
    made = scene({"hours": 4}, {"hours": 7}, drivers=DRIVERS)
    rosa = signed_in(made, Coordinator, "Rosa", language)
    rosa.match(made.today)
    proposed = rosa.outbound(made.numbers[0], CLINIC).first
    first = proposed.locator("b.nowrap").inner_text()
    (other,) = {*DRIVERS} - {first}
    rosa.press("Approve", proposed)
    rosa.is_told("Approved. %(name)s is asked now.", name=first)

    rosa.outbound(made.numbers[0], CLINIC).first.locator("a.way").click()
    rosa.follow("Cannot come?", rosa.tab.locator("#pick"))
    rosa.keep("drop-out")
    rosa.press("Take out of this day")
    changes = rosa.card("What the repair changed")
    expect(changes).to_be_visible(timeout=LONGEST_RUN)
    line = changes.get_by_role("listitem").filter(has_text=made.numbers[0])
    expect(line).to_contain_text(first)
    expect(line.locator("b").last).to_have_text(other)
    rosa.keep("repaired")
    rosa.press("Approve", rosa.outbound(made.numbers[0], CLINIC).first)
    rosa.is_told("Approved. %(name)s is asked now.", name=other)


def lane_of(somebody, name):
    row = somebody.tab.locator(".tl-row").filter(has_text=name)
    return row.locator(".over")


def drag(tab, block, lane):
    """With the hand of somebody: down, over, and let go."""
    start, end = block.bounding_box(), lane.bounding_box()
    tab.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    tab.mouse.down()
    for step in range(1, 11):
        tab.mouse.move(
            start["x"] + start["width"] / 2 + step * 4,
            start["y"] + (end["y"] + end["height"] / 2 - start["y"]) * step / 10,
            steps=3,
        )


def drag_on(tab, lane):
    """A little to and fro: what was asked meanwhile is known now."""
    end = lane.bounding_box()
    for aside in (-12, 12, -6):
        tab.mouse.move(end["x"] + end["width"] / 2 + aside, end["y"] + end["height"] / 2, steps=4)


def test_a_ride_is_dragged_to_another_driver_and_back_again_by_undo(scene, signed_in):
    made = scene({"hours": 4}, drivers=DRIVERS)
    rosa = signed_in(made, Coordinator, "Rosa")
    rosa.match(made.today)
    first = rosa.outbound(made.numbers[0], CLINIC).first.locator("b.nowrap").inner_text()
    (other,) = {*DRIVERS} - {first}
    drag(rosa.tab, lane_of(rosa, first).locator(".blk"), lane_of(rosa, other))
    drag_on(rosa.tab, lane_of(rosa, other))
    expect(rosa.tab.locator("#move-said")).to_have_text(re.compile(r"^\d+ min more driving\.$"))
    rosa.tab.mouse.up()
    rosa.is_told("%(name)s is asked now.", name=other)
    expect(lane_of(rosa, other).locator(".blk.is-offered")).to_have_count(1)
    rosa.press("Undo", rosa.tab.locator(".toast"))
    rosa.is_told("Undone. Nobody is asked.")
    expect(lane_of(rosa, first).locator(".blk.is-proposed")).to_have_count(1)


def test_over_a_driver_who_cannot_the_reason_is_said_and_the_ride_stays(
    scene, signed_in, installation
):
    made = scene({"hours": 4}, drivers=DRIVERS)
    rosa = signed_in(made, Coordinator, "Rosa")
    rosa.match(made.today)
    first = rosa.outbound(made.numbers[0], CLINIC).first.locator("b.nowrap").inner_text()
    (other,) = {*DRIVERS} - {first}
    with installation.database.transaction() as session:
        proposed = select(Proposal.driver_id).where(Proposal.group_id == made.group_id)
        others = Driver.group_id == made.group_id, Driver.id.not_in(proposed)
        session.scalars(select(Driver).where(*others)).one().seats = 1
    rosa.open_board(made.today)
    drag(rosa.tab, lane_of(rosa, first).locator(".blk"), lane_of(rosa, other))
    expect(rosa.tab.locator(".tl-row.cannot")).to_contain_text(other)
    drag_on(rosa.tab, lane_of(rosa, other))
    expect(rosa.tab.locator("#move-said")).to_have_text(re.compile("2.*1"))
    rosa.keep("move-said")
    rosa.tab.mouse.up()
    expect(lane_of(rosa, first).locator(".blk.is-proposed")).to_have_count(1)
    expect(rosa.tab.locator(".tl-row.cannot")).to_have_count(0)
