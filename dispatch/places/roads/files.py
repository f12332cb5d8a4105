"""The files that the road engine reads: where they stand in an edition of the map, and which."""

from dataclasses import dataclass, field
from pathlib import Path

FOLDER = "roads"
"""Of an edition."""
BASE = "roads.osrm"
"""What the names of all of them begin with."""
_FIRST = f"{BASE}.properties"


@dataclass(frozen=True)
class Files:
    """The files of one import. Equal where they are the same, also under another name."""

    mark: str
    """Tells them from those of another import."""
    base: Path = field(compare=False)
    """What the engine is started with."""


def files_in(folder: Path) -> Files | None:
    """The files in `folder`, which may be reached by a link; None where there are none."""
    try:
        real = folder.resolve(strict=True)
        stat = (real / _FIRST).stat()
    except OSError:
        return None
    return Files(f"{stat.st_ino}-{stat.st_mtime_ns}", real / BASE)
