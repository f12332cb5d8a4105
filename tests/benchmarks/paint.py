"""How soon a page is seen and whether it stays where it is: `python -m tests.benchmarks.paint`.

A real Chromium that has seen nothing yet: the driver's pages on a phone and the board of 200 rides
with the processor slowed down four times; then the board of 650 rides and 350 drivers as it is, how
long it takes to open and how many frames a second it paints while a ride is dragged over it.
"""

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

from playwright.sync_api import Browser, Page

from tests.benchmarks.installation import Running, running
from tests.services import chromium

VIEWS = 7
"""Of each page; the median is told."""
SLOWER = 4
DESK, PHONE = (1280, 900), (360, 740)
DRAGGED_FOR = 4.0
"""Seconds."""
PAINTED = """() => new Promise(done => {
    let shifted = 0;
    new PerformanceObserver(list => {
        for (const one of list.getEntries()) shifted += one.hadRecentInput ? 0 : one.value;
    }).observe({type: 'layout-shift', buffered: true});
    const first = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime;
    setTimeout(() => done([first() / 1000, shifted]), 1000);
})"""
DRAWN = """() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(
    () => done(performance.now() / 1000))))"""
FRAMES = """() => {
    window.frames_seen = [];
    const next = at => { window.frames_seen.push(at); requestAnimationFrame(next); };
    requestAnimationFrame(next);
}"""


@dataclass(frozen=True)
class Paint:
    """What the first view of a page looked like."""

    first: float
    """Seconds until anything of it was seen."""
    shifted: float
    """How much of it moved afterwards: Chromium's sum of layout shifts."""


@contextmanager
def fresh(
    browser: Browser, made: Running, cookie: str, size: tuple[int, int], slower: float = 1
) -> Iterator[Page]:
    """A tab in a browser that knows nothing but who it is."""
    address = f"http://127.0.0.1:{made.port}"
    width, height = size
    context = browser.new_context(base_url=address, viewport={"width": width, "height": height})
    name, _, value = cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": address}])
    tab = context.new_page()
    context.new_cdp_session(tab).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    yield tab
    context.close()


def paint(browser: Browser, made: Running, path: str, cookie: str, size: tuple[int, int]) -> Paint:
    """The first view of `path`, with a processor that is `SLOWER` times as slow."""
    with fresh(browser, made, cookie, size, SLOWER) as tab:
        answer = tab.goto(path)
        if answer is None or not answer.ok or "/signin" in tab.url:
            raise LookupError(f"{path} shows {tab.url}")
        return Paint(*tab.evaluate(PAINTED))


def opening(browser: Browser, made: Running) -> float:
    """Seconds until the whole board is painted and its scripts have run."""
    with fresh(browser, made, made.cookie, DESK) as tab:
        tab.goto(f"/board?day={made.day}", wait_until="load")
        return tab.evaluate(DRAWN)


def dragging(browser: Browser, made: Running) -> tuple[float, float]:
    """Frames a second while a ride is dragged, and the longest wait for one, in seconds."""
    with fresh(browser, made, made.cookie, DESK) as tab:
        tab.goto(f"/board?day={made.day}")
        block = tab.locator(".blk[data-move]").first
        block.scroll_into_view_if_needed()
        box = block.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        tab.mouse.move(x, y)
        tab.mouse.down()
        tab.mouse.move(x + 8, y + 8, steps=3)
        tab.locator(".sortable-chosen, .sortable-fallback").first.wait_for(state="attached")
        tab.evaluate(FRAMES)
        begun, step = time.monotonic(), 0
        while time.monotonic() - begun < DRAGGED_FOR:
            step += 1
            tab.mouse.move(x + step % 200, y + step * 3 % 300)
        frames = tab.evaluate("() => window.frames_seen")
        tab.keyboard.press("Escape")
        tab.mouse.up()
    gaps = [(after - before) / 1000 for before, after in pairwise(frames)]
    return len(gaps) / sum(gaps), max(gaps)


def _median(measure: Callable[[], float]) -> tuple[float, float]:
    """The median of `VIEWS` measurements, and the worst."""
    found = [measure() for _ in range(VIEWS)]
    return statistics.median(found), max(found)


def report(browser: Browser) -> Iterator[str]:
    """The lines about every page."""
    with running(rides=200, drivers=80) as made:
        pages = {
            "today, phone": ("/today", made.driver, PHONE),
            "offers, phone": ("/offers", made.driver, PHONE),
            "times, phone": ("/availability", made.driver, PHONE),
            "board of 200 rides": (f"/board?day={made.day}", made.cookie, DESK),
        }
        for name, (path, cookie, size) in pages.items():
            seen = [paint(browser, made, path, cookie, size) for _ in range(VIEWS)]
            first = statistics.median(one.first for one in seen)
            slowest, shifted = max(one.first for one in seen), max(one.shifted for one in seen)
            yield (
                f"{name}: first paint {first:.2f} s (slowest {slowest:.2f}), "
                f"layout shift at most {shifted:.3f}"
            )
    with running(rides=650, drivers=350) as made:
        opened, slowest = _median(lambda: opening(browser, made))
        yield f"board of 650 rides and 350 drivers: open in {opened:.2f} s (slowest {slowest:.2f})"
        drags = [dragging(browser, made) for _ in range(3)]
        rate = statistics.median(one[0] for one in drags)
        longest = max(one[1] for one in drags)
        yield f"dragging on it: {rate:.0f} frames/s, the longest wait {longest * 1000:.0f} ms"


def main() -> None:
    """Print the report."""
    print(f"{VIEWS} views each, processor slowed down {SLOWER} times for first paints")  # noqa: T201
    print(f"{os.cpu_count()} processors")  # noqa: T201
    with chromium.running() as browser:
        for line in report(browser):
            print(f"  {line}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
