"""The finished file in use: a connection for each thread, all of them let go for a newer file."""

import sqlite3
import threading
from dataclasses import dataclass, field
from pathlib import Path

from dispatch.places import editions
from dispatch.places.gazetteer import frame, tables
from dispatch.places.gazetteer.frame import Frame
from dispatch.places.gazetteer.likeness import Spellings

FILE = "gazetteer.db"


def path_in(data_dir: Path) -> Path:
    """Where the finished file of an installation stands."""
    return editions.current(data_dir) / FILE


class Edition:
    """One finished file, opened for reading. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        # A link may name a newer file when the next thread comes.
        self._path = path.resolve()
        self._local = threading.local()
        self._opened: list[sqlite3.Connection] = []
        rows = self.database.execute("SELECT name, value FROM fact").fetchall()
        self.facts: dict[str, str] = dict(rows)
        self.towns = frozenset(key for (key,) in self.database.execute("SELECT key FROM town"))
        """Their names, folded."""
        streets = self.database.execute("SELECT DISTINCT key FROM spelling ORDER BY key")
        self.streets = Spellings(key for (key,) in streets)
        places = self.database.execute("SELECT DISTINCT key FROM place ORDER BY key")
        self.places = Spellings(key for (key,) in places)

    @property
    def database(self) -> sqlite3.Connection:
        """This thread's connection."""
        if not hasattr(self._local, "database"):
            uri = f"{self._path.as_uri()}?mode=ro&immutable=1"
            opened = sqlite3.connect(uri, uri=True, check_same_thread=False)
            opened.row_factory = sqlite3.Row
            self._opened.append(opened)
            self._local.database = opened
        return self._local.database

    def __del__(self) -> None:
        """Let go of the file once nobody searches in it: a newer one may have taken its place."""
        for opened in self._opened:
            opened.close()

    @property
    def frame(self) -> Frame | None:
        """What the file covers, if it knows any point at all."""
        text = self.facts.get("frame")
        return frame.from_text(text) if text else None

    @property
    def is_readable(self) -> bool:
        """Whether this program understands the file."""
        return self.facts.get("format") == tables.FORMAT


@dataclass
class Store:
    """The place of the finished file; what is there is looked at anew whenever it is asked for."""

    path: Path
    _edition: Edition | None = None
    _seen: tuple[int, int] | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def edition(self) -> Edition | None:
        """The present file; None where there is none that can be used."""
        try:
            stat = self.path.stat()
        except FileNotFoundError:
            return None
        seen = (stat.st_ino, stat.st_mtime_ns)
        with self._lock:
            if seen != self._seen:
                self._edition, self._seen = _opened(self.path), seen
            return self._edition


def _opened(path: Path) -> Edition | None:
    try:
        edition = Edition(path)
    except sqlite3.DatabaseError:
        return None
    return edition if edition.is_readable else None
