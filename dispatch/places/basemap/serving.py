"""The base map in use: which file it is, and which one a page that is still open drew from."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from dispatch.places import editions
from dispatch.places.basemap.archive import Header, read_header

FILE = "map.pmtiles"


@dataclass(frozen=True)
class BaseMap:
    """A file of tiles that can be used."""

    path: Path
    edition: str
    """Names the file's contents: another import, another word."""
    zoom: int
    """Of its most detailed tiles."""


def in_use(data_dir: Path) -> BaseMap | None:
    """The base map of the latest import; None where it made none, or the file is damaged."""
    return _at(editions.current(data_dir) / FILE)


def find(data_dir: Path, edition: str) -> BaseMap | None:
    """The base map of that edition, as long as its file is kept.

    A page that was opened before an import goes on with the file that it began with.
    """
    present = in_use(data_dir)
    if present and present.edition == edition:
        return present
    kept = editions.current(data_dir).parent.glob(f"*/{FILE}")
    return next((one for path in kept if (one := _at(path)) and one.edition == edition), None)


def _at(path: Path) -> BaseMap | None:
    try:
        file = path.resolve(strict=True)
        stat = file.stat()
    except OSError:
        return None
    header = _header(file, stat.st_mtime_ns, stat.st_size)
    if header is None:
        return None
    edition = f"{stat.st_mtime_ns:x}-{stat.st_size:x}"
    return BaseMap(file, edition, header.zooms[1])


@lru_cache(maxsize=8)
def _header(file: Path, _changed: int, _size: int) -> Header | None:
    return read_header(file)
