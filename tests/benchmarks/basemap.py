"""How quick the base map is made and how light it is: `python -m tests.benchmarks.basemap`.

Of the demo's town, or of every `--extract FILE`: seconds, memory and size of the file of tiles;
then what the first view of a page with a map brings over the wire, and when its last tile is
painted. Two web workers, a real Chromium at a desk and on a phone, nothing in its cache.
"""

import argparse
import multiprocessing
import resource
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from playwright.sync_api import Browser

from dispatch import clock, config, installation
from dispatch.app import open_database
from dispatch.config import REPOSITORY, Settings
from dispatch.demo import extract as demo_town
from dispatch.people import sessions
from dispatch.people.models import Membership, Role
from dispatch.places import cells, editions
from dispatch.places.basemap import building, serving
from dispatch.places.basemap.reading import box_of
from dispatch.places.basemap.sea import Box
from tests import build
from tests.benchmarks.installation import free_port, wait
from tests.services import chromium

VIEWS = 5
"""Of each page; the median is told."""
SIZES = {"desk": (1280, 900), "phone": (360, 740)}
DRAWN = """() => {
    const tiles = [...document.querySelectorAll('.map canvas.leaflet-tile')];
    return tiles.length && tiles.every(tile => tile.classList.contains('leaflet-tile-loaded'))
        && performance.now();
}"""
REACH = 0.35
"""Share of the extract's half side within which the group's places lie."""


@dataclass(frozen=True)
class View:
    """The first view of a page."""

    seconds: float
    """From asking for the page to the last tile painted."""
    sent: dict[str, int]
    """Bytes over the wire with their headers, by kind."""


@dataclass(frozen=True)
class Effort:
    """What making one file took."""

    seconds: float
    processor: float
    """Seconds of it, tippecanoe's included."""
    memory: float
    """The most of any of its processes, MB."""
    said: list[str]


def make(source: Path, target: Path) -> Effort:
    """Make the base map of `source`, in a process that did nothing else."""
    begun = time.perf_counter()
    said = building.build(source, target, lambda _step, _share: None)
    seconds = time.perf_counter() - begun
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    processor = sum(one.ru_utime + one.ru_stime for one in used)
    return Effort(seconds, processor, max(one.ru_maxrss for one in used) / 1024, said)


def made(source: Path, settings: Settings) -> str:
    """Make the base map of `source`, put it to use, and say what it took."""
    alone = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
    with editions.making(settings.data_dir) as fresh, alone:
        took = alone.submit(make, source, fresh / serving.FILE).result()
    size = serving.in_use(settings.data_dir).path.stat().st_size
    return (
        f"made in {took.seconds:.1f} s ({took.processor:.1f} s of processor), "
        f"{took.memory:.0f} MB, file {size / 1e6:.2f} MB; {' '.join(took.said)}"
    )


def fill(settings: Settings, frame: Box) -> tuple[str, dict[str, str]]:
    """A group in the middle of the frame; its coordinator's cookie, and the pages to look at."""
    now = clock.now()
    with open_database(settings).transaction() as session:
        group = build.a_group(session)
        rosa = build.a_user(session, name="Rosa")
        session.add(Membership(user=rosa, group=group, role=Role.COORDINATOR))
        for number in range(9):
            up, across = (number // 3 - 1) * REACH / 2, (number % 3 - 1) * REACH / 2
            point = (
                (frame.south + frame.north) / 2 + up * (frame.north - frame.south),
                (frame.west + frame.east) / 2 + across * (frame.east - frame.west),
            )
            place = build.a_public_place(session, group, f"Place {number}", point=point)
            place.cell = cells.cell_for(session, group, point, public_name=place.name)
            uid = uuid4()
            home = build.a_home(session, group, uid, point=point)
            home.cell = place.cell
            family = build.a_family(session, group, uid=uid, place=home)
            build.a_ride(session, group, family=family, dropoff_place=place)
        session.refresh(rosa)
        pages = {
            "street level": f"/places/{place.uid}",
            "whole area": "/places/new",
            "board": f"/board?day={build.DAY}",
        }
        return sessions.begin(session, rosa, now=now), pages


@contextmanager
def served(settings: Settings, port: int) -> Iterator[None]:
    """The web server of an installation, as `serve` starts it."""
    server = subprocess.Popen(
        installation.serving_command("127.0.0.1", port, 2),
        cwd=REPOSITORY,
        env=installation.environment(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait(port)
        yield
    finally:
        server.terminate()
        server.wait()


def view(browser: Browser, address: str, cookie: str, path: str, size: tuple[int, int]) -> View:
    """The first view of the page at `path`, in a browser that has seen nothing yet."""
    width, height = size
    context = browser.new_context(base_url=address, viewport={"width": width, "height": height})
    context.add_cookies([{"name": "dispatch", "value": cookie, "url": address}])
    tab = context.new_page()
    wire = context.new_cdp_session(tab)
    wire.send("Network.enable")
    kinds: dict[str, str] = {}
    sent: dict[str, int] = defaultdict(int)
    wire.on("Network.responseReceived", lambda one: kinds.update({one["requestId"]: _kind(one)}))

    def finished(one: dict) -> None:
        sent[kinds.get(one["requestId"], "other")] += round(one["encodedDataLength"])

    wire.on("Network.loadingFinished", finished)
    tab.goto(path)
    tab.locator(".map").first.scroll_into_view_if_needed()
    seconds = tab.wait_for_function(DRAWN, polling=20).json_value() / 1000
    tab.wait_for_load_state("networkidle")
    context.close()
    return View(seconds, dict(sent))


def _kind(received: dict) -> str:
    kind = received["type"].lower()
    return "tiles" if "/map.pmtiles" in received["response"]["url"] else kind


def report(source: Path, browser: Browser) -> Iterator[str]:
    """The lines about one extract."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        settings = config.load(str(Path(folder) / "data"), base_url=address)
        installation.prepare(settings)
        yield made(source, settings)
        cookie, pages = fill(settings, box_of(source))
        with served(settings, port):
            for name, path in pages.items():
                for device, size in SIZES.items():
                    views = [view(browser, address, cookie, path, size) for _ in range(VIEWS)]
                    yield f"{name}, {device}: {_told(views)}"


def _told(views: list[View]) -> str:
    middle = sorted(views, key=lambda one: one.seconds)[len(views) // 2]
    whole = statistics.median(sum(one.sent.values()) for one in views) / 1000
    parts = ", ".join(f"{kind} {size / 1000:.0f}" for kind, size in sorted(middle.sent.items()))
    slowest = max(one.seconds for one in views)
    return f"{middle.seconds:.2f} s (slowest {slowest:.2f}), {whole:.0f} kB: {parts}"


def main() -> None:
    """Print the report of each extract."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--extract", type=Path, action="append", default=[])
    extracts = asked.parse_args().extract
    with tempfile.TemporaryDirectory() as folder, chromium.running() as browser:
        for source in extracts or [demo_town.write(Path(folder) / "demo.osm.pbf")]:
            print(source.name)  # noqa: T201
            for line in report(source, browser):
                print(f"  {line}", flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
