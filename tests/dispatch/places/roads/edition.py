"""Putting made files to use, engines for them, and whether a process runs."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from dispatch.places.roads import programs
from dispatch.places.roads.engine import Engine
from dispatch.places.roads.programs import Programs


def use(roads: Path, data: Path, number: int) -> None:
    """Make these files the edition of that number, and put it to use."""
    places = data / "places"
    edition = places / f"edition-{number}"
    edition.mkdir(parents=True)
    shutil.copytree(roads, edition / "roads")
    link = places / "current.new"
    link.symlink_to(edition.name)
    link.replace(places / "current")


def is_running(process: int) -> bool:
    """Whether a process of this id runs; one that has ended and was not fetched does not."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def wait_until(is_so: Callable[[], object], seconds: float = 20) -> None:
    """Go on once it is so; fails if it never is."""
    give_up = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < give_up, "it never came about"
        time.sleep(0.02)


@contextmanager
def engine_for(roads: Path) -> Iterator[str]:
    """The address of an engine for some files, ended with the block."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "places").mkdir()
        (Path(folder) / "places" / "current").mkdir()
        (Path(folder) / "places" / "current" / "roads").symlink_to(roads)
        engine = Engine(Path(folder), found_programs())
        try:
            yield f"http://127.0.0.1:{engine.running().port}"
        finally:
            engine.end()


def found_programs() -> Programs:
    """The programs of the wheel, in a test that needs them."""
    found = programs.find(None)
    assert found is not None
    return found
