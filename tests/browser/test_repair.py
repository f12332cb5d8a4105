"""What a coordinator takes back, and a driver who cannot come."""

import pytest
from playwright.sync_api import expect

from dispatch import i18n
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
