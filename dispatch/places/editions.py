"""Editions of the imported map: made beside the one in use, then put in its place with one step.

`DATA_DIR/places/current` is a link to the folder of the edition in use. An edition holds what one
import made: the geocoder's file, the road engine's files, the base map. The edition before it is
kept until the next import, because whoever opened it may still read from it.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

PLACES, CURRENT = "places", "current"
_PREFIX = "edition-"

Told = Callable[[str, float | None], None]
"""Hears what is done now, and how much of it: 0 to 1, or None where nobody can say."""


class BadImport(Exception):
    """An import cannot be done; the message says why, and what to do."""


class NotBuilt(Exception):
    """One product of an import cannot be made; the message says which, and what still works."""


def current(data_dir: Path) -> Path:
    """The folder of the edition in use, which is not there before the first import."""
    return data_dir / PLACES / CURRENT


@contextmanager
def making(data_dir: Path) -> Iterator[Path]:
    """An empty folder to fill: at the end of the block it becomes the edition in use.

    What raises in the block leaves the old edition in use, and nothing of the new one.

    Raises
        BadImport: another import is under way.
    """
    root = data_dir / PLACES
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _alone(root):
        before = _number_in_use(root)
        _remove(root, keep={before})
        fresh = root / f"{_PREFIX}{before + 1}"
        fresh.mkdir(mode=0o700)
        try:
            yield fresh
            _settle(fresh)
            _switch(root, fresh.name)
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Keep a second import waiting outside."""
    with (root / "import.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BadImport("Another import is under way; wait for it to end.") from None
        yield


def _number_in_use(root: Path) -> int:
    """The edition that the link names; 0 before the first import."""
    link = root / CURRENT
    return int(os.readlink(link).removeprefix(_PREFIX)) if link.is_symlink() else 0


def _remove(root: Path, keep: set[int]) -> None:
    """Every edition but those: older ones, and what a killed import left."""
    for folder in root.glob(f"{_PREFIX}*"):
        if int(folder.name.removeprefix(_PREFIX)) not in keep:
            shutil.rmtree(folder)


def _settle(fresh: Path) -> None:
    """Only the owner may read what was made, and it outlives a power cut."""
    for path in (fresh, *fresh.rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
        _sync(path)


def _switch(root: Path, name: str) -> None:
    link = root / f"{CURRENT}.new"
    link.unlink(missing_ok=True)
    link.symlink_to(name)
    link.replace(root / CURRENT)
    _sync(root)


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
