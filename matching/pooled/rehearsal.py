"""One small problem of each sort, solved so that every kernel is compiled and kept."""

import tempfile
import time
from pathlib import Path

import numpy as np

from matching.pooled import labels
from matching.pooled.academic import solve_file
from matching.pooled.assemble import routes_of
from matching.pooled.day_network import network_of
from matching.pooled.descent import Descent
from matching.pooled.network import FAR, Network
from matching.pooled.solver import solve_pooled
from matching.problem import Problem, Ride, Shift

ENOUGH_SECONDS = 300.0
"""No rehearsal takes longer, however slowly a machine compiles."""

CORDEAU = """1 4 480 3 90
0 0 0 0 0 0 1440
1 1 0 1 1 0 1440
2 0 1 1 1 0 1440
3 2 0 1 -1 0 1440
4 0 2 1 -1 0 1440
"""

LI_LIM = """2 10 1
0 0 0 0 0 1000 0 0 0
1 1 0 1 0 1000 1 0 3
2 0 1 1 0 1000 1 0 4
3 2 0 -1 0 1000 1 1 0
4 0 2 -1 0 1000 1 2 0
"""


def small_day() -> Problem:
    """Two rides that one car can share."""
    rides = tuple(
        Ride(f"r{k}", 0, 1, (0, 600), (0, 1200), load={"seats": 1}, max_ride_seconds=600)
        for k in range(2)
    )
    shift = Shift("s", "d", 0, 0, 0, 3600, capacity={"seats": 2})
    return Problem(((0, 300), (300, 0)), (shift,), rides, pooling=True)


def list_routes(net: Network) -> None:
    """Grow labels as column generation does where a day has too many routes to list."""
    lab = labels.empty_labels(50, len(net.need), len(net.leg))
    made = labels.grow(net, 0, np.ones(len(net.need)), 1.0, FAR, True, lab, 50)
    chosen = np.zeros(50, np.int64)
    labels.harvest(lab, made, FAR, chosen)
    count = labels.harvest_all(lab, made, FAR, chosen)
    stops = np.array(labels.route_of(lab, int(chosen[count - 1])), np.int64)
    labels.can_drive(net, 0, stops)


def solve_one_of_each() -> None:
    """Solve a day and a file of each format; kernels compile before the clock is looked at."""
    day = small_day()
    solve_pooled(day, time.monotonic() + ENOUGH_SECONDS)
    descent = Descent(network_of(day), 0, time.monotonic(), all_served=False)
    descent.lay(routes_of(descent.best))
    list_routes(descent.net)
    with tempfile.TemporaryDirectory() as folder:
        for fmt, text in (("cordeau", CORDEAU), ("li-lim", LI_LIM)):
            path = Path(folder) / fmt
            path.write_text(text)
            solve_file(path, fmt, 0.5)
