"""Fewer vehicles first: remove a route, and let the search find room for its rides elsewhere.

The rides of the removed route are unserved for a while; plans are then compared by how long
their unserved rides have been so, which drives the search to make room for the stubborn ones
(Christiaens and Vanden Berghe 2020, doi:10.1287/trsc.2019.0914; the counters are those of the
guided ejection search of Nagata and Kobayashi 2010, doi:10.1007/978-3-642-12139-5_18).
"""

import math

import numpy as np

from matching.pooled.descent import Descent
from matching.pooled.network import Network
from matching.pooled.partition import Routes

FIRST_ATTEMPT = 10_000
"""Iterations without success after which a number of vehicles counts as the least at first."""


def fewest_by_load(net: Network) -> int:
    """A lower bound on vehicles: the most rides that must be under way at one moment, by load.

    A ride is under way from its latest pickup to its earliest drop-off, if that comes later.
    """
    n = len(net.need)
    begins, ends = net.closes[:n], net.opens[n : 2 * n]
    load = net.need[:, 0] / net.capacity[:, 0].max()
    aboard = (begins[:, None] <= begins[None, :]) & (begins[None, :] < ends[:, None])
    return max(1, math.ceil(float((aboard * load[:, None]).sum(axis=0).max()) - 1e-9))


def restrict(net: Network, vehicles: int) -> Network:
    """The same network with the first `vehicles` shifts only; all shifts are alike."""
    return net._replace(
        start=net.start[:vehicles],
        end=net.end[:vehicles],
        hours=net.hours[:vehicles],
        capacity=net.capacity[:vehicles],
        drive_limit=net.drive_limit[:vehicles],
        duration_limit=net.duration_limit[:vehicles],
        count_limit=net.count_limit[:vehicles],
        kind=net.kind[:vehicles],
        pair_cost=np.ascontiguousarray(net.pair_cost[:, :vehicles]),
        options=np.ascontiguousarray(net.options[:, :vehicles]),
    )


def routes_without(descent: Descent, dropped: int) -> Routes:
    """The routes of the best plan but one, on shifts 0, 1, 2, ..."""
    best = descent.best
    kept = [v for v in np.flatnonzero(best.size > 2) if v != dropped]
    sizes = best.size[kept] - 2
    firsts = np.concatenate([[0], np.cumsum(sizes)])[: len(kept)]
    stops = [best.stops[v, 1 : best.size[v] - 1] for v in kept]
    return (
        np.arange(len(kept)),
        firsts.astype(np.int64),
        sizes,
        np.concatenate([*stops, np.zeros(0, np.int64)]),
    )


def easiest_route(descent: Descent) -> int:
    """The route whose rides have been unserved least, and of those the shortest."""
    used = np.flatnonzero(descent.best.size > 2)
    absent = descent.wheel.absent
    longing = [absent[descent.best.shift_of == v].sum() for v in used]
    return int(used[np.lexsort((descent.best.size[used], longing))[0]])


def with_fewer(descent: Descent, length: int) -> Descent | None:
    """A search whose plan serves every ride with one vehicle less; None if none was found.

    Gives up after `length` iterations, or when the time has run out.
    """
    used = int((descent.best.size > 2).sum())
    fewer = Descent(
        restrict(descent.net, used - 1),
        seed=descent.seed + used,
        deadline=descent.deadline,
        all_served=True,
        should_stop=descent.should_stop,
    )
    fewer.start_from(routes_without(descent, easiest_route(descent)))
    fewer.wheel.absent[:] = descent.wheel.absent
    fewer.anneal(length, until_served=True)
    descent.wheel.absent[:] = fewer.wheel.absent
    if fewer.missing() > 0:
        return None
    fewer.on_tick = descent.on_tick
    return fewer


def fewest(descent: Descent, length: int = FIRST_ATTEMPT) -> Descent:
    """The search with the fewest vehicles that attempts of `length` iterations lead to."""
    least = fewest_by_load(descent.net)
    while int((descent.best.size > 2).sum()) > least and not descent.out_of_time():
        fewer = with_fewer(descent, length)
        if fewer is None:
            break
        descent = fewer
    return descent
