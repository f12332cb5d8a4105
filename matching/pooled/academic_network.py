"""The dial-a-ride files of Cordeau and the pickup-and-delivery files of Li and Lim, as networks.

Cordeau (2006), doi:10.1287/opre.1060.0283; Cordeau and Laporte (2003),
doi:10.1016/S0191-2615(02)00045-0; Li and Lim (2001), doi:10.1109/ICTAI.2001.974461.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from matching.pooled.network import (
    FAR,
    Network,
    nearest_rides,
    ride_marks,
    tighten_by_direct_leg,
    tighten_by_ride_limit,
)


class InvalidFile(ValueError):
    """An academic file that does not follow its format; the message names line and reason."""


@dataclass(frozen=True)
class Academic:
    """A network whose nodes 0..2n-1 stand for the file's own node numbers `names`."""

    net: Network
    names: np.ndarray
    must_serve_all: bool
    fewest_vehicles: bool


def _numbers(path: Path) -> list[list[float]]:
    """The lines of the file as numbers; empty lines are passed over.

    Raises
        InvalidFile: a word is not a finite number.
    """
    rows = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        try:
            row = [float(word) for word in line.split()]
        except ValueError as error:
            raise InvalidFile(f"line {number}: {error}") from error
        if not np.isfinite(row).all():
            raise InvalidFile(f"line {number}: not a finite number")
        if row:
            rows.append(row)
    if not rows:
        raise InvalidFile("line 1: the file is empty")
    return rows


def _table(rows: list[list[float]], width: int) -> np.ndarray:
    """Node lines as an array, sorted by node number 0, 1, 2, ..."""
    if not rows or any(len(row) < width for row in rows):
        raise InvalidFile(f"a node line has {width} numbers")
    table = np.array([row[:width] for row in rows])
    table = table[np.argsort(table[:, 0], kind="stable")]
    if not (table[:, 0] == np.arange(len(table))).all():
        raise InvalidFile("nodes are not numbered 0, 1, 2, ... without gaps")
    return table


def _network(
    nodes: np.ndarray,
    depot: np.ndarray,
    vehicles: int,
    capacity: float,
    ride_limit: float,
    duration_limit: float,
) -> Network:
    """`nodes` (2n, 6) x, y, service, load, earliest, latest: n pickups, then their drop-offs."""
    n = len(nodes) // 2
    points = np.vstack([nodes[:, :2], depot[:2]])
    leg = np.hypot(points[:, None, 0] - points[None, :, 0], points[:, None, 1] - points[None, :, 1])
    opens = np.append(nodes[:, 4], 0.0)
    closes = np.append(nodes[:, 5], FAR)
    service = np.append(nodes[:, 2], 0.0)
    limits = np.full(n, ride_limit)
    tighten_by_ride_limit(opens, closes, service, limits)
    tighten_by_direct_leg(leg, opens, closes, service, n)
    tighten_by_ride_limit(opens, closes, service, limits)
    fits = nodes[:n, 3] <= capacity
    return Network(
        leg=leg,
        opens=opens,
        closes=closes,
        service=service,
        need=np.ascontiguousarray(nodes[:n, 3:4]),
        ride_limit=limits,
        start=np.full(vehicles, 2 * n),
        end=np.full(vehicles, 2 * n),
        hours=np.tile(depot[4:6], (vehicles, 1)),
        capacity=np.full((vehicles, 1), capacity),
        drive_limit=np.full(vehicles, FAR),
        duration_limit=np.full(vehicles, duration_limit),
        count_limit=np.full(vehicles, n),
        kind=np.zeros(vehicles, np.int64),
        pair_cost=np.zeros((n, vehicles)),
        options=np.where(fits[:, None], np.arange(vehicles)[None, :], -1),
        worth=np.full(n, 4.0 * leg.max() * (1 + n)),
        near=nearest_rides(leg, opens, closes, service, n),
        metric=True,
        mark=ride_marks(n),
    )


def read_cordeau(path: Path) -> Academic:
    """`K N T Q L`, then `id x y service load earliest latest` a node; node 0 is the depot.

    Raises
        InvalidFile: the file does not follow the format.
    """
    head, *rows = _numbers(path)
    if len(head) < 5:
        raise InvalidFile("line 1: vehicles, stops, longest route, seats, longest ride")
    table = _table(rows, 7)
    n = (len(table) - 1) // 2
    if n < 1 or head[0] < 1:
        raise InvalidFile("there is no request or no vehicle")
    net = _network(table[1 : 2 * n + 1, 1:], table[0, 1:], int(head[0]), head[3], head[4], head[2])
    return Academic(net, np.arange(1, 2 * n + 1), True, False)


def read_li_lim(path: Path) -> Academic:
    """`vehicles capacity speed`, then `id x y demand ready due service pickup delivery` a node.

    Raises
        InvalidFile: the file does not follow the format.
    """
    head, *rows = _numbers(path)
    if len(head) < 2:
        raise InvalidFile("line 1: vehicles, capacity, speed")
    table = _table(rows, 9)
    pickups = [row for row in range(1, len(table)) if table[row, 8] > 0]
    drops = [int(table[row, 8]) for row in pickups]
    names = np.array(pickups + drops)
    if not pickups or head[0] < 1:
        raise InvalidFile("there is no request or no vehicle")
    if sorted(names) != list(range(1, len(table))) or (table[drops, 7] != pickups).any():
        raise InvalidFile("pickups and deliveries do not name each other")
    ordered = table[:, [1, 2, 6, 3, 4, 5]]
    vehicles = min(int(head[0]), len(pickups))
    net = _network(ordered[names], ordered[0], vehicles, head[1], FAR, FAR)
    return Academic(net, names, True, True)


READERS = {"cordeau": read_cordeau, "li-lim": read_li_lim}
"""Format -> what reads its files."""
