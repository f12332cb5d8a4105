"""The way from a request to a driver in every language, and without any script."""

from contextlib import ExitStack
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from dispatch import i18n
from tests.browser import tabs
from tests.browser.roles import Coordinator, Driver, clock_of
from tests.browser.scene import CLINIC, DOOR
from tests.browser.test_runs import until_seen

pytestmark = pytest.mark.needs("browser")
ALARM = ("Return without a driver", "%(num)s returns without a driver")


@pytest.mark.parametrize("language", [code for code in i18n.languages() if code != i18n.SOURCE])
def test_a_ride_is_asked_for_approved_and_driven_in_every_language(
    scene, signed_in, language, local_now
):
    made = scene({"hours": 5})
    rosa = signed_in(made, Coordinator, "Rosa", language)
    marta = signed_in(made, Driver, "Marta", language)
    number, soon = made.numbers[0], local_now + timedelta(minutes=75)
    rosa.begin_request(number, CLINIC, made.today, clock_of(soon))
    rosa.choose("Will-call")
    rosa.save_request(rides=2)

    rosa.match(made.today)
    rosa.press("Approve", rosa.outbound(number, CLINIC).first)
    rosa.is_told("Approved. %(name)s is asked now.", name="Marta")
    marta.accept(CLINIC)
    marta.sees_the_door_for_a_while(DOOR)
    marta.report("I have arrived")
    marta.report("They are on board")
    marta.report("Dropped off")

    rosa.open_board(made.today)
    alarm = rosa.tab.get_by_role("alert", name=rosa.words(*ALARM, 1))
    expect(alarm).to_contain_text(number)
    rosa.keep("board-alarm")


def test_a_ride_is_asked_for_approved_and_accepted_without_script(
    scene, browser, installation, local_now
):
    made = scene({"hours": 5})
    number, soon = made.numbers[0], local_now + timedelta(minutes=75)
    with ExitStack() as stack:
        plain = {"java_script_enabled": False}
        desk, phone = (
            stack.enter_context(tabs.opened(browser, installation.address, size=size, **plain))
            for size in (tabs.DESK, tabs.PHONE)
        )
        rosa, marta = Coordinator(desk), Driver(phone)
        made.sign_in(desk, "Rosa")
        made.sign_in(phone, "Marta")
        rosa.begin_request(number, CLINIC, made.today, clock_of(soon))
        rosa.save_request(rides=1)
        rosa.open_board(made.today)
        rosa.press("Match this day")
        approve = rosa.outbound(number, CLINIC).get_by_role("button", name="Approve")
        until_seen(rosa, approve, 2)
        approve.first.click()
        rosa.is_told("Approved. %(name)s is asked now.", name="Marta")
        marta.accept(CLINIC)
        marta.press("Show")
        expect(phone.locator(".shown .value")).to_contain_text(DOOR)
        marta.follow("Hide")
        assert DOOR not in phone.content()
