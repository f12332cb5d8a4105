"""A request is entered while the family is on the phone: with few keys, or from its message."""

import re

import pytest
from playwright.sync_api import expect

from dispatch import i18n
from tests.browser.roles import Coordinator
from tests.browser.scene import CLINIC

pytestmark = pytest.mark.needs("browser")
MOST_KEYSTROKES = 12


class Keyboard:
    """Counts what is pressed; a key that is held counts as well."""

    def __init__(self, somebody):
        self.tab, self.count = somebody.tab, 0

    def press(self, *keys):
        for key in keys:
            self.count += key.count("+") + 1
            self.tab.keyboard.press(key)


@pytest.mark.parametrize("language", i18n.languages())
def test_the_last_ride_of_a_known_family_is_repeated_with_few_keys(scene, signed_in, language):
    made = scene({"hours": 4})
    rosa = signed_in(made, Coordinator, "Rosa", language)
    rosa.open_board(made.today)
    keyboard = Keyboard(rosa)

    keyboard.press("n")
    # The field has the focus before the page's script runs: until then Enter saves, as without it.
    rosa.tab.wait_for_url("**/requests/new*")
    number = rosa.field("Number")
    expect(number).to_be_focused()
    keyboard.press(*made.numbers[0].lstrip("F0"), "Enter")
    last = rosa.tab.get_by_role("link", name=re.compile(CLINIC))
    expect(last).to_be_focused()
    keyboard.press("Enter")
    expect(rosa.field("Day")).to_be_focused()
    rosa.keep("repeat")
    keyboard.press("Control+Enter")

    rosa.is_told("Saved: one ride.")
    assert keyboard.count <= MOST_KEYSTROKES


@pytest.mark.parametrize(
    ("language", "wrote"),
    [
        ("en", "Hi! tomorrow at 10:30 {clinic} please, home at noon"),
        ("es", "Hola, mañana a las 10 y media {clinic} por favor, regreso a las 12"),
    ],
)
def test_a_pasted_message_becomes_a_request(scene, signed_in, language, wrote):
    made = scene({"hours": 4})
    rosa = signed_in(made, Coordinator, "Rosa", language)
    rosa.open_board(made.today)
    rosa.tab.context.grant_permissions(["clipboard-read", "clipboard-write"])
    message = f"{made.numbers[0]}: {wrote.format(clinic=CLINIC)}"
    rosa.tab.keyboard.press("n")
    rosa.tab.wait_for_url("**/requests/new*")
    expect(rosa.field("Number")).to_be_focused()
    rosa.tab.keyboard.press("Escape")
    rosa.tab.locator("summary[data-key=v]").click()
    rosa.tab.evaluate("text => navigator.clipboard.writeText(text)", message)
    rosa.tab.keyboard.press("Control+v")

    expect(rosa.tab.locator("details.message [role=status]")).to_contain_text(CLINIC)
    expect(rosa.field("Number")).to_have_value(made.numbers[0])
    expect(rosa.field("Time")).to_have_value("10:30")
    expect(rosa.field("Leave again at")).to_have_value("12:00")
    rosa.keep("message")
    rosa.press("Save request")
    expect(rosa.tab.locator(".ride")).to_have_count(2)
    expect(rosa.tab.locator("body")).not_to_contain_text(wrote.split(",")[0])
