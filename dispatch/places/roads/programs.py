"""Where the programs of the road engine are: OSRM, from a folder of one's own or from its wheel."""

import importlib.util
import os
from dataclasses import dataclass
from pathlib import Path

ROUTED, EXTRACT = "osrm-routed", "osrm-extract"
PARTITION, CUSTOMIZE = "osrm-partition", "osrm-customize"
_PROFILE = "car.lua"
_PROFILES = (
    "../share/profiles",  # of the wheel
    "../share/osrm/profiles",  # where `make install` puts them
    "../profiles",  # of the sources
)
"""Where the rules for cars may lie, seen from the folder of the programs."""


@dataclass(frozen=True)
class Programs:
    """The programs of one OSRM release, which read each other's files."""

    folder: Path

    @property
    def routed(self) -> Path:
        """The server that answers how long driving takes."""
        return self.folder / ROUTED

    @property
    def extract(self) -> Path:
        """The first of the three that turn a map into the server's files."""
        return self.folder / EXTRACT

    @property
    def partition(self) -> Path:
        """The second."""
        return self.folder / PARTITION

    @property
    def customize(self) -> Path:
        """The third."""
        return self.folder / CUSTOMIZE

    @property
    def profile(self) -> Path | None:
        """The rules for cars: which ways they may use, and how fast."""
        places = (self.folder / place / _PROFILE for place in _PROFILES)
        return next((place.resolve() for place in places if place.is_file()), None)

    @property
    def can_build(self) -> bool:
        """Whether everything is there that turns a map into the server's files."""
        steps = (self.extract, self.partition, self.customize)
        return self.profile is not None and all(map(_starts, steps))


def find(folder: Path | None) -> Programs | None:
    """The programs in `folder`, which may also name the server in it; else those of the wheel.

    None where there are none: the wheel needs Python 3.12 or newer. A folder that was named and
    lacks the server is not passed over for the wheel, whose files it might not read.
    """
    if folder is not None:
        named = Programs(folder.parent if folder.is_file() else folder)
        return named if _starts(named.routed) else None
    wheel = importlib.util.find_spec("osrm")
    if wheel is None or wheel.origin is None:
        return None
    found = Programs(Path(wheel.origin).parent / "bin")
    return found if _starts(found.routed) else None


def _starts(program: Path) -> bool:
    return program.is_file() and os.access(program, os.X_OK)
