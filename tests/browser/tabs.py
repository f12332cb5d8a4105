"""Tabs of a real browser that forgive nothing, and what axe finds wrong with a page.

A tab fails its test when a script breaks, when the policy of the page stops something, or when
anything is asked of another origin than the one that is tested.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
DESK = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 740}
_OF_COLOUR = ["color-contrast", "link-in-text-block"]
"""The rules of axe that look at colours, of those that it asks by itself."""
PATIENCE = 120_000
"""Milliseconds to wait for what is to come, on a machine that runs many tests at once."""
_REFUSAL = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
"""What the console says of an answer that is a refusal: that is meant, where a test asks for it."""


def faults(page: Page, *, of_colour: bool = False) -> list[str]:
    """What axe finds wrong, one line each; `of_colour`: only what another theme could change."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    wanted: dict[str, object] = {"resultTypes": ["violations"]}
    if of_colour:
        wanted["runOnly"] = {"type": "rule", "values": _OF_COLOUR}
    found = page.evaluate("wanted => axe.run(document, wanted)", wanted)
    return [
        f"{fault['id']}: {node['html']}" for fault in found["violations"] for node in fault["nodes"]
    ]


def is_wider_than_its_window(page: Page) -> bool:
    """Whether the page as a whole scrolls sideways."""
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def take(page: Page, name: str, folder: Path) -> Path:
    """The file with a picture of the whole page, in `folder`."""
    file = folder / (re.sub(r"[^\w.-]", "_", name) + ".png")
    page.screenshot(path=file, full_page=True)
    return file


@contextmanager
def opened(
    browser: Browser, address: str, *, size: dict[str, int] = DESK, **options: object
) -> Iterator[Page]:
    """A tab of a browser of its own, whose pages are below `address`.

    Whatever it complains of while the block runs fails the test at its end. An answer 4xx is no
    complaint: its page says what was refused, and the test looks at that.
    """
    context = browser.new_context(
        base_url=address, viewport=size, reduced_motion="reduce", **options
    )
    context.set_default_timeout(PATIENCE)
    complaints = _complaints(context, address)
    try:
        yield context.new_page()
    finally:
        context.close()
    assert complaints == []


def _complaints(context: BrowserContext, address: str) -> list[str]:
    """What goes wrong in `context` from now on."""
    found: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        if said.type == "error" and not _REFUSAL.match(said.text):
            found.append(said.text)

    def see(asked: Request) -> None:
        if not asked.url.startswith((f"{address}/", "data:", "blob:")):
            found.append(f"asked elsewhere: {asked.url}")

    context.on("console", hear)
    context.on("weberror", lambda broken: found.append(str(broken.error)))
    context.on("request", see)
    return found
