"""Driving times by road where they can be had, else the estimate, marked as what it is."""

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

import structlog

from dispatch.config import Settings
from dispatch.places import editions
from dispatch.places.roads import programs
from dispatch.places.roads.engine import Engine, NoEngine
from dispatch.places.roads.estimate import Estimate
from dispatch.places.roads.files import files_in
from dispatch.places.roads.keeper import HOST
from dispatch.places.roads.matrix import NO_ROAD, Basis, Legs, Matrix
from dispatch.places.roads.memory import Memory
from dispatch.places.roads.osrm import Gone, NoAnswer, Server, Table
from dispatch.places.sealed import Point

log = structlog.get_logger()
COARSE = 5_000.0
"""Metres that the middle of an area may lie from the next road."""
_AGAIN_AFTER = 0.5
"""Seconds until a server that was not there is asked once more."""

Found = TypeVar("Found")


class ByRoad:
    """The road engine of an installation, with the estimate in its stead. Safe from any thread.

    A class because it holds the engine's process and the matrices used last.
    """

    def __init__(self, settings: Settings) -> None:
        self._data_dir, self._limit = settings.data_dir, settings.snap_metres
        self._memory = Memory()
        self._asks: _Asks | None = None
        if settings.osrm_url:
            self._asks = _AsksServer(Server(settings.osrm_url))
        elif found := programs.find(settings.osrm_bin):
            self._asks = _AsksEngine(Engine(settings.data_dir, found))

    def matrix(self, points: Sequence[Point]) -> Matrix:
        """Travel times between all of `points`; those on no road are named as astray."""
        asks = self._asks
        edition = asks.edition() if asks else None
        if asks is None or edition is None:
            return Estimate(self._why_none()).matrix(points)
        known = self._memory.find(edition, points)
        if known is not None:
            return known
        try:
            table = asks.ask(lambda server: server.table(points))
        except NoAnswer as error:
            log.warning("driving times are estimated", why=str(error), points=len(points))
            return Estimate(Basis.SILENT).matrix(points)
        made = _matrix(table, asks.basis, self._limit)
        self._memory.keep(edition, points, made)
        return made

    def legs(self, points: Sequence[Point]) -> Legs:
        """Driving through coarse `points` in their order; the road near each stands in for it."""
        asks = self._asks
        if asks is None or asks.edition() is None:
            return Estimate(self._why_none()).legs(points)
        try:
            way = asks.ask(lambda server: server.route(points))
        except NoAnswer as error:
            log.warning("driving times are estimated", why=str(error), points=len(points))
            return Estimate(Basis.SILENT).legs(points)
        if way is None or max(way.metres) > COARSE:
            return Estimate(Basis.OFF_MAP).legs(points)
        return Legs([-(-round(seconds) // 60) for seconds in way.seconds], asks.basis)

    def end(self) -> None:
        """Let go of an engine that this process runs; the next question starts one again."""
        if isinstance(self._asks, _AsksEngine):
            self._asks.engine.end()

    def _why_none(self) -> Basis:
        has_map = editions.current(self._data_dir).exists()
        return Basis.NO_ENGINE if self._asks is None and has_map else Basis.NO_MAP


class _AsksServer(NamedTuple):
    """A server of the group's own, wherever it is."""

    server: Server
    basis: Basis = Basis.ROAD_SERVER

    def edition(self) -> str | None:
        """What is served; nobody here hears of a change."""
        return self.server.url

    def ask(self, question: Callable[[Server], Found]) -> Found:
        """The answer to `question`, which is asked once more if nobody is there."""
        try:
            return question(self.server)
        except Gone:
            time.sleep(_AGAIN_AFTER)
            return question(self.server)


class _AsksEngine(NamedTuple):
    """The engine on this machine."""

    engine: Engine
    basis: Basis = Basis.ROAD_MAP

    def edition(self) -> str | None:
        """Which files are served; None where there are none."""
        files = files_in(self.engine.folder)
        return files and files.mark

    def ask(self, question: Callable[[Server], Found]) -> Found:
        """The answer to `question`, which is asked once more if the engine went meanwhile."""
        try:
            running = self.engine.running()
            try:
                return question(Server(f"http://{HOST}:{running.port}"))
            except Gone:
                running = self.engine.running(gone=running)
                return question(Server(f"http://{HOST}:{running.port}"))
        except NoEngine as error:
            raise NoAnswer(str(error)) from error
        except OSError as error:  # a folder that may not be written to, or that knows no locks
            raise NoAnswer(f"{error.strerror}: {error.filename}") from error


_Asks = _AsksServer | _AsksEngine


def _matrix(table: Table, basis: Basis, limit: float) -> Matrix:
    """The matrix of `table`, in which points farther than `limit` from a road are cut off."""
    astray = frozenset(index for index, metres in enumerate(table.metres) if metres > limit)
    seconds = [[NO_ROAD if one is None else one for one in row] for row in table.seconds]
    for index in astray:
        seconds[index] = [NO_ROAD] * len(seconds)
    for index, row in enumerate(seconds):
        for gone in astray:
            row[gone] = NO_ROAD
        row[index] = 0
    return Matrix(seconds, basis, astray)
