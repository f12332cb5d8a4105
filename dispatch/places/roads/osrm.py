"""Asking an OSRM server by HTTP: its table service for a matrix, its route service for a way.

The server is a process of our own on this machine, or one that the group named. Redirections are
not followed and no proxy is used, so that points reach that server and nobody else.
"""

import http.client
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from dispatch.places.sealed import Point

PATIENCE = 15.0
"""Seconds; 250,000 pairs took 1.1 of them."""
BLOCK = 500
"""Points on each side of one question: larger matrices are asked for in blocks, which takes no
longer and keeps the server small."""
_LEAST_BLOCK = 5
_TOO_BIG = (
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.REQUEST_URI_TOO_LONG,
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
)


class NoAnswer(Exception):
    """The server is not there, did not answer in time, or said something else than it should."""


class Gone(NoAnswer):
    """Nobody listens there, or the connection broke: whoever runs the server may start it anew."""


class _TooBig(Exception):
    """More points than the server takes at once."""


@dataclass(frozen=True)
class Table:
    """What the table service says of some points."""

    seconds: list[list[int | None]]
    """Whole seconds from each point to each; None where no road leads."""
    metres: list[float]
    """From each point to the road that stands in for it."""


@dataclass(frozen=True)
class Way:
    """What the route service says of a way through some points."""

    seconds: list[float]
    """Of each leg."""
    metres: list[float]
    """From each point to the road that stands in for it."""


@dataclass
class Server:
    """One OSRM server. Safe to use from several threads."""

    url: str
    patience: float = PATIENCE
    """Seconds for one answer."""
    block: int = BLOCK
    """Points on each side of one question; becomes less when the server takes less."""

    def table(self, points: Sequence[Point]) -> Table:
        """Driving times between all of `points`.

        Raises
            NoAnswer: the server gave none.
        """
        while True:
            block = self.block
            try:
                return self._table(points, block)
            except _TooBig as error:
                if block <= _LEAST_BLOCK:
                    raise NoAnswer("the server takes too few points at once") from error
                less = max(_LEAST_BLOCK, min(block, len(points)) // 2)
                self.block = min(self.block, less)  # another thread may have learnt more

    def route(self, points: Sequence[Point]) -> Way | None:
        """The way through `points` in their order; None where no road joins them.

        Raises
            NoAnswer: the server gave none.
        """
        path = f"/route/v1/driving/{_path(points)}?overview=false&generate_hints=false"
        said = self._asked(path, ("Ok", "NoRoute"))
        if said["code"] == "NoRoute":
            return None
        with _as_it_should_be():
            legs = [float(leg["duration"]) for leg in said["routes"][0]["legs"]]
            return Way(legs, _metres(said["waypoints"], len(points)))

    def _table(self, points: Sequence[Point], block: int) -> Table:
        seconds: list[list[int | None]] = [[] for _ in points]
        metres: list[float] = []
        starts = range(0, len(points), block)
        for row in starts:
            for column in starts:
                part = self._block(points[row : row + block], points[column : column + block])
                for index, line in enumerate(part.seconds):
                    seconds[row + index] += line
                if column == row:
                    metres += part.metres
        return Table(seconds, metres)

    def _block(self, starts: Sequence[Point], ends: Sequence[Point]) -> Table:
        asked, chosen = list(starts), ""
        if starts != ends:
            asked += ends
            rows, columns = range(len(starts)), range(len(starts), len(asked))
            chosen = f"&sources={_numbers(rows)}&destinations={_numbers(columns)}"
        said = self._asked(
            f"/table/v1/driving/{_path(asked)}?annotations=duration&generate_hints=false{chosen}",
            ("Ok",),
        )
        with _as_it_should_be():
            rows = said["durations"]
            seconds = [[None if one is None else round(one) for one in row] for row in rows]
            if [len(row) for row in seconds] != [len(ends)] * len(starts):
                raise ValueError("another shape")
            return Table(seconds, _metres(said["sources"], len(starts)))

    def _asked(self, path: str, codes: tuple[str, ...]) -> dict[str, Any]:
        """The answer to one question, if it has one of `codes`."""
        status, body = self._fetched(path)
        if status in _TOO_BIG:
            raise _TooBig
        with _as_it_should_be():
            said = json.loads(body)
            code = str(said["code"])
        if code == "TooBig":
            raise _TooBig
        if code not in codes:
            # No more than the code: the server's own sentence may repeat the points.
            raise NoAnswer(f"the road server said {code[:40]}")
        return said

    def _fetched(self, path: str) -> tuple[int, bytes]:
        where = urlsplit(self.url)
        kind = (
            http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
        )
        connection = kind(where.hostname or "", where.port, timeout=self.patience)
        try:
            connection.request("GET", where.path.rstrip("/") + path)
            with connection.getresponse() as answer:
                return answer.status, answer.read()
        except TimeoutError as error:
            raise NoAnswer("no answer in time") from error
        except (OSError, http.client.HTTPException) as error:
            raise Gone(type(error).__name__) from error
        finally:
            connection.close()


@contextmanager
def _as_it_should_be() -> Iterator[None]:
    """Reads what a road server answers; what is built otherwise is no answer of one."""
    try:
        yield
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise NoAnswer("that was no answer of a road server") from error


def _metres(found: list[dict[str, Any]], number: int) -> list[float]:
    if len(found) != number:
        raise ValueError("another shape")
    return [float(one["distance"]) for one in found]


def _path(points: Sequence[Point]) -> str:
    return ";".join(f"{longitude:.6f},{latitude:.6f}" for latitude, longitude in points)


def _numbers(indices: range) -> str:
    return ";".join(map(str, indices))
