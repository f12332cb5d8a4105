"""Every part of the pages works in a real browser: readable, reachable, within the policy."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, Page, Route, expect

from tests.browser import gallery

AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with gallery.served() as address:
        yield address


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A page at a desk; whatever the browser complains of fails the test."""
    complaints: list[str] = []
    # The parts stand here without the house: there is nothing that a worker could keep.
    page = browser.new_page(viewport=DESK, service_workers="block")
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    page.close()
    assert complaints == []


def _faults(page: Page) -> list[str]:
    """What axe finds wrong, one line each."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['id']}: {node['html']}" for fault in found["violations"] for node in fault["nodes"]
    ]


def _keep_posts(page: Page, address: str) -> list[str | None]:
    """What is posted to `address` from now on; the page stays."""
    kept: list[str | None] = []

    def keep(route: Route) -> None:
        kept.append(route.request.post_data)
        route.fulfill(status=204)

    page.route(address, keep)
    return kept


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", gallery.PAGES)
def test_a_page_has_no_accessibility_fault_and_breaks_no_policy(tab, address, name, theme):
    tab.emulate_media(color_scheme=theme, reduced_motion="reduce")
    tab.goto(f"{address}/{name}")

    assert _faults(tab) == []


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", gallery.PAGES)
def test_a_page_never_scrolls_sideways_on_the_smallest_phone(tab, address, name, language):
    tab.set_viewport_size(PHONE)
    tab.goto(f"{address}/{name}?lang={language}")

    wide = tab.evaluate("document.documentElement.scrollWidth")

    assert wide <= PHONE["width"]
    assert _faults(tab) == []


def test_a_revealed_value_leaves_the_page_when_it_is_hidden(tab, address):
    tab.goto(f"{address}/parts")
    tab.get_by_role("button", name="Reveal").click()
    value = tab.get_by_text("48 Larch Row")
    expect(value).to_be_focused()

    tab.get_by_role("link", name="Hide").click()

    expect(value).to_have_count(0)
    assert "48 Larch Row" not in tab.content()
    expect(tab.get_by_role("button", name="Reveal")).to_be_focused()


def test_a_revealed_value_leaves_the_page_after_a_minute(tab, address):
    tab.clock.install()
    tab.goto(f"{address}/record")
    expect(tab.get_by_text("+1 555 0142")).to_be_visible()
    tab.clock.run_for(59_000)
    expect(tab.get_by_text("Hides in 0:01.")).to_be_visible()

    tab.clock.run_for(2_000)

    assert "+1 555 0142" not in tab.content()


def test_a_revealed_value_does_not_wait_in_a_page_that_was_left(tab, address):
    tab.goto(f"{address}/record")
    expect(tab.get_by_text("+1 555 0142")).to_be_visible()

    tab.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")

    assert "+1 555 0142" not in tab.content()


def test_a_toast_goes_after_ten_seconds(tab, address):
    tab.clock.install()
    tab.goto(f"{address}/board")
    tab.clock.run_for(1_000)
    expect(tab.get_by_text("He has been asked.")).to_be_visible()

    tab.clock.run_for(11_000)

    expect(tab.get_by_text("He has been asked.")).to_have_count(0)


def test_a_toast_stays_while_somebody_holds_it(tab, address):
    tab.clock.install()
    tab.goto(f"{address}/board")
    tab.clock.run_for(1_000)
    tab.get_by_role("button", name="Undo").focus()

    tab.clock.run_for(30_000)

    expect(tab.get_by_text("He has been asked.")).to_be_visible()


def test_a_form_is_sent_once(tab, address):
    tab.goto(f"{address}/signin")
    sent = _keep_posts(tab, "**/signin")

    tab.get_by_role("button", name="Sign in").click()
    tab.get_by_role("button", name="Signing in").click()

    assert len(sent) == 1


def test_a_run_that_shows_itself_anew_keeps_the_focus(tab, address):
    tab.goto(f"{address}/board")
    stop = tab.get_by_role("button", name="Stop, keep the best")
    stop.focus()

    with tab.expect_response("**/run"):
        pass
    tab.wait_for_load_state("networkidle")

    expect(stop).to_be_focused()


def test_a_form_that_htmx_sends_is_sent_once(tab, address):
    tab.goto(f"{address}/parts")
    sent = _keep_posts(tab, "**/reveal")

    tab.get_by_role("button", name="Reveal").dblclick()
    tab.wait_for_load_state("networkidle")

    assert len(sent) == 1


def test_choosing_a_block_chooses_its_row_and_stands_in_the_address(tab, address):
    tab.goto(f"{address}/board")

    tab.locator(".blk[data-ride=p2]").click()

    expect(tab.locator("#list .ride[aria-current]")).to_have_attribute("data-ride", "p2")
    assert tab.url.endswith("?ride=p2")


def test_keys_walk_through_the_list_and_select(tab, address):
    tab.goto(f"{address}/board")

    tab.keyboard.press("j")
    tab.keyboard.press(" ")

    expect(tab.locator("#list .ride[aria-current]")).to_have_attribute("data-ride", "p2")
    expect(tab.get_by_text("2 selected")).to_be_visible()
    expect(tab.get_by_text("asks 2 drivers")).to_be_visible()


def test_keys_rest_while_somebody_types(tab, address):
    tab.goto(f"{address}/request")
    pickup = tab.get_by_label("Pickup")

    tab.get_by_label("Note for the driver").press("x")
    assert pickup.input_value() == "home"

    tab.get_by_role("heading", name="New request").click()
    tab.keyboard.press("x")
    assert pickup.input_value() == "1"


def test_keys_can_be_switched_off(tab, address):
    tab.goto(f"{address}/board")
    tab.keyboard.press("?")
    tab.get_by_label("Single keys work on this device").uncheck()
    tab.get_by_role("button", name="Close", exact=True).click()

    tab.keyboard.press("?")

    expect(tab.get_by_role("dialog")).to_have_count(0)


def test_a_range_of_boxes_is_selected_with_shift(tab, address):
    tab.goto(f"{address}/board")
    tab.get_by_label("Select 13:40, F041").check()

    tab.get_by_label("Select 16:00, F260").click(modifiers=["Shift"])

    expect(tab.get_by_text("4 selected")).to_be_visible()
    expect(tab.get_by_text("asks 3 drivers")).to_be_visible()
    expect(tab.get_by_label("Select all 4 proposals")).to_be_checked()


def test_a_block_dropped_on_another_driver_is_sent_as_a_move(tab, address):
    tab.goto(f"{address}/board")
    _keep_posts(tab, "**/rides/p1/move")
    tab.route("**/rides/p1/fits", lambda asked: asked.fulfill(json={"cannot": {}, "may": {}}))
    block = tab.locator(".blk[data-ride=p1]").bounding_box()
    lane = tab.locator(".over[data-shift=a]").bounding_box()

    tab.mouse.move(block["x"] + 12, block["y"] + 12)
    tab.mouse.down()
    tab.mouse.move(lane["x"] + 300, lane["y"] + 20, steps=8)
    expect(tab.locator(".over[data-shift=a] .blk[data-ride=p1]")).to_have_count(1)
    with tab.expect_request("**/rides/p1/move") as sent:
        tab.mouse.up()

    assert sent.value.post_data == "csrf_token=token&shift=a&was=m"


def test_a_stepper_keeps_to_its_limits(tab, address):
    tab.goto(f"{address}/request")
    adults = tab.get_by_label("Adults", exact=True)

    tab.get_by_role("button", name="One less: Adults").click()
    assert adults.input_value() == "1"
    tab.get_by_role("button", name="One more: Adults").click()
    assert adults.input_value() == "2"


def test_fields_of_another_way_back_are_out_of_the_way(tab, address):
    tab.goto(f"{address}/request")
    back = tab.locator("#f-back")
    expect(back).to_be_visible()

    tab.get_by_label("Will-call").check()

    expect(back).to_be_hidden()
    expect(back).to_be_disabled()


def test_a_pin_fills_the_fields_and_the_fields_move_the_pin(tab, address):
    tab.goto(f"{address}/request")
    box = tab.locator(".map")

    box.click(position={"x": 40, "y": 200})
    assert tab.get_by_label("Latitude").input_value() != "51.512"
    before = tab.locator(".pin").bounding_box()
    tab.get_by_label("Latitude").fill("51.512")
    tab.get_by_label("Latitude").press("Tab")

    assert tab.locator(".pin").bounding_box() != before


def test_the_dialog_for_erasing_keeps_by_default(tab, address):
    tab.goto(f"{address}/record")

    tab.get_by_role("link", name="Erase now…").click()

    expect(tab.get_by_role("dialog", name="Erase family F118?")).to_be_visible()
    expect(tab.get_by_role("button", name="Keep it")).to_be_focused()


@pytest.mark.parametrize("name", gallery.PAGES)
def test_a_page_shows_nothing_that_needs_script_where_there_is_none(browser, address, name):
    without = browser.new_context(java_script_enabled=False, viewport=DESK)
    page = without.new_page()

    page.goto(f"{address}/{name}")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for part in page.locator(".scripted, [data-step], .shown progress").all():
        expect(part).to_be_hidden()
    without.close()


SINKS = {
    "the address of a script": "document.createElement('script').src = '/static/js/app.js'",
    "a script": "document.createElement('script').text = '1'",
    "the address of a worker": "new Worker('/static/js/app.js')",
}
"""What text would have to pass to become code."""


@pytest.mark.parametrize("sink", SINKS)
def test_no_text_becomes_code(browser: Browser, address: str, sink: str):
    page = browser.new_page()
    page.route("**/plain", lambda route: route.fulfill(body="", content_type="text/html"))
    page.goto(f"{address}/plain")
    page.evaluate(SINKS[sink])  # a page that asks for nothing lets it through
    page.goto(f"{address}/today")
    with pytest.raises(Error, match="This document requires 'Trusted"):
        page.evaluate(SINKS[sink])
    markup = "document.body.appendChild(document.createElement('p')).innerHTML = '<b>Text</b>'"
    assert page.evaluate(markup) == "<b>Text</b>"
    page.close()


def test_the_phone_page_stays_light(tab, address):
    sizes = []
    tab.on("response", lambda response: sizes.append(len(response.body())))

    tab.goto(f"{address}/today")
    tab.wait_for_load_state("networkidle")

    assert len(sizes) > 5
    assert sum(sizes) <= 150_000
