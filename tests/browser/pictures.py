"""The README's four pictures, taken of the demo: `python -m tests.browser.pictures`."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from dispatch.config import REPOSITORY
from dispatch.demo import settling
from tests.browser import tabs
from tests.browser.roles import LONGEST_RUN, Coordinator, Driver, Person
from tests.browser.world import Installation, running
from tests.services import chromium

FOLDER = REPOSITORY / "static" / "screenshots"
_DESK = {"width": 1440, "height": 1000}
_MESSAGE = "{number}: tomorrow at 10:30 to {place} please, home at noon. We are 2 people."


@contextmanager
def somebody(
    browser: Browser,
    demo: Installation,
    role: type[Person],
    name: str,
    size: dict[str, int],
    language: str,
) -> Iterator[Person]:
    """An account of the demo, signed in."""
    scale = {"device_scale_factor": 2} if size is tabs.PHONE else {}
    with tabs.opened(browser, demo.address, size=size, locale=language, **scale) as tab:
        person = role(tab, language)
        person.sign_in(demo.email_of(name), demo.pass_phrase)
        yield person


def take(tab: Page, name: str) -> None:
    """What the window shows, without what passes."""
    tab.locator(".toast").evaluate_all("shown => shown.forEach(one => one.remove())")
    tab.screenshot(path=FOLDER / f"{name}.png")


def of_the_desk(rosa: Coordinator, demo: Installation) -> None:
    """The board with a plan, a pasted message, and what a repair changes."""
    today = demo.local_now(settling.GROUP).date()
    rosa.match(today)
    proposed = rosa.tab.locator("#list .ride.is-proposed")
    proposed.first.locator("a.way").click()
    expect(rosa.tab.locator("#pick")).to_be_visible()
    rosa.tab.wait_for_load_state("networkidle")
    take(rosa.tab, "board")

    rosa.tab.goto("/requests/new")
    number = rosa.tab.locator("#numbers option").first.get_attribute("value")
    place = rosa.tab.locator("#places option").nth(1).get_attribute("value")  # the first is home
    rosa.tab.locator("summary[data-key=v]").click()
    rosa.field("What the family wrote").fill(_MESSAGE.format(number=number, place=place))
    rosa.press("Read the message")
    expect(rosa.tab.locator("details.message [role=status]")).to_contain_text(place)
    take(rosa.tab, "request")

    rosa.open_board(today)
    proposed.last.locator("a.way").click()
    rosa.follow("Cannot come?", rosa.tab.locator("#pick"))
    rosa.press("Take out of this day")
    expect(rosa.card("What the repair changed")).to_be_visible(timeout=LONGEST_RUN)
    take(rosa.tab, "repair")


def main() -> None:
    """Take them."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder)) as demo,
        chromium.running() as browser,
    ):
        with somebody(browser, demo, Driver, "Marta", tabs.PHONE, "es") as marta:
            marta.tab.goto("/today")
            take(marta.tab, "today")
        with somebody(browser, demo, Coordinator, "Rosa", _DESK, "en") as rosa:
            of_the_desk(rosa, demo)


if __name__ == "__main__":
    main()
