"""Adaptive large neighbourhood search: take rides out, put them back, keep what is better.

After Ropke and Pisinger (2006), doi:10.1287/trsc.1050.0135, with simulated annealing; for the
dial-a-ride problem see Gschwind and Drexl (2019), doi:10.1287/trsc.2018.0837. While rides are
unserved that all must be served, plans are compared by how long their unserved rides have been
so (Christiaens and Vanden Berghe 2020, doi:10.1287/trsc.2019.0914).

All loops count iterations, never seconds, so that a seed is a run.
"""

import math
from typing import NamedTuple

import numpy as np

from matching.compiled import inner, kernel, tiny
from matching.pooled import rebuild, removal
from matching.pooled.chance import below, fraction
from matching.pooled.insertion import Desk, Memo, take_out
from matching.pooled.network import SLACK, Network
from matching.pooled.pool import Pool, remember
from matching.pooled.rebuild import rebuild as put_back
from matching.pooled.removal import remove
from matching.pooled.schedule import Plan, refresh

SEGMENT = 100
"""Iterations between two updates of the operators' weights."""

REACTION = 0.1
"""How much of an operator's weight is its last segment."""

REWARDS = (33.0, 9.0, 13.0)
"""For a new best plan, a better one than the present, an accepted worse one."""


class Wheel(NamedTuple):
    """How well each way of removing and of inserting has done; absences of rides."""

    remove_weight: np.ndarray
    remove_score: np.ndarray
    remove_used: np.ndarray
    insert_weight: np.ndarray
    insert_score: np.ndarray
    insert_used: np.ndarray
    absent: np.ndarray
    """(n,) in how many rebuilt plans the ride was unserved."""


def new_wheel(rides: int) -> Wheel:
    """All ways equal, no absences."""
    return Wheel(
        np.ones(removal.WAYS),
        np.zeros(removal.WAYS),
        np.zeros(removal.WAYS),
        np.ones(rebuild.WAYS),
        np.zeros(rebuild.WAYS),
        np.zeros(rebuild.WAYS),
        np.zeros(rides),
    )


@tiny
def copy_route(source: Plan, target: Plan, v: int) -> None:
    """Make route `v` of `target` that of `source`."""
    size = source.size[v]
    target.size[v] = size
    for k in range(size):
        target.stops[v, k] = source.stops[v, k]
        target.early[v, k] = source.early[v, k]
        target.late[v, k] = source.late[v, k]
        for c in range(source.load.shape[2]):
            target.load[v, k, c] = source.load[v, k, c]
    target.driven[v] = source.driven[v]
    target.cost[v] = source.cost[v]
    target.mark[v] = source.mark[v]
    target.version[v] = source.version[v]


@tiny
def copy_changed(source: Plan, target: Plan, dirty: np.ndarray) -> None:
    """Make the marked routes of `target` those of `source`, and who takes whom."""
    for v in range(len(dirty)):
        if dirty[v]:
            copy_route(source, target, v)
    for ride in range(len(source.shift_of)):
        target.shift_of[ride] = source.shift_of[ride]


@tiny
def score_of(net: Network, plan: Plan) -> float:
    """Cost of all routes and the worth of what is unserved."""
    total = 0.0
    for v in range(len(plan.cost)):
        total += plan.cost[v]
    for ride in range(len(net.need)):
        if plan.shift_of[ride] < 0:
            total += net.worth[ride]
    return total


@inner
def settle_removals(net: Network, plan: Plan, dirty: np.ndarray, desk: Desk) -> None:
    """Close the gaps; a route that cannot be driven without its gaps loses all its rides.

    That happens only where a detour is quicker than the direct leg.
    """
    n = len(net.need)
    for v in range(len(dirty)):
        if not dirty[v]:
            continue
        take_out(net, plan, v)
        if refresh(net, plan, v, desk.place):
            continue
        for k in range(1, plan.size[v] - 1):
            if plan.stops[v, k] < n:
                plan.shift_of[plan.stops[v, k]] = -1
        take_out(net, plan, v)
        refresh(net, plan, v, desk.place)


@tiny
def fill_bank(plan: Plan, bank: np.ndarray) -> int:
    """List the rides that nobody has; returns how many."""
    count = 0
    for ride in range(len(plan.shift_of)):
        if plan.shift_of[ride] < 0:
            bank[count] = ride
            count += 1
    return count


@tiny
def mark_changed(plan: Plan, before: Plan, dirty: np.ndarray) -> None:
    """Mark the routes whose versions differ."""
    for v in range(len(dirty)):
        dirty[v] = plan.version[v] != before.version[v]


@tiny
def absence(plan: Plan, wheel: Wheel) -> float:
    """How often the rides that are unserved now were so before."""
    total = 0.0
    for ride in range(len(plan.shift_of)):
        if plan.shift_of[ride] < 0:
            total += wheel.absent[ride]
    return total


@tiny
def reward(wheel: Wheel, out: int, back: int, points: float) -> None:
    """Credit the two operators of an iteration."""
    wheel.remove_used[out] += 1
    wheel.insert_used[back] += 1
    wheel.remove_score[out] += points
    wheel.insert_score[back] += points


@inner
def adapt(weight: np.ndarray, score: np.ndarray, used: np.ndarray) -> None:
    """Move weights towards the mean reward of the last segment."""
    for k in range(len(weight)):
        if used[k] > 0:
            weight[k] = (1 - REACTION) * weight[k] + REACTION * score[k] / used[k]
        weight[k] = max(weight[k], 0.3)
        score[k] = 0.0
        used[k] = 0.0


@kernel
def score(net: Network, plan: Plan) -> float:
    """Cost of all routes and the worth of what is unserved."""
    return score_of(net, plan)


@kernel
def fill_plan(net: Network, plan: Plan, memo: Memo, desk: Desk, rng: np.ndarray) -> None:
    """Insert what fits, by regret."""
    count = fill_bank(plan, desk.bank)
    put_back(net, plan, rebuild.REGRET_2, count, memo, desk, rng)


@kernel
def lay_routes(
    net: Network,
    plan: Plan,
    desk: Desk,
    shifts: np.ndarray,
    firsts: np.ndarray,
    sizes: np.ndarray,
    stops: np.ndarray,
) -> float:
    """Make the plan exactly these routes (stops without start and end); returns the score."""
    n = len(net.need)
    plan.shift_of[:] = -1
    for v in range(len(plan.size)):
        plan.size[v] = 2
        plan.stops[v, 1] = net.end[v]
    for k in range(len(shifts)):
        v = shifts[k]
        for i in range(sizes[k]):
            node = stops[firsts[k] + i]
            plan.stops[v, i + 1] = node
            if node < n:
                plan.shift_of[node] = v
        plan.size[v] = sizes[k] + 2
        plan.stops[v, sizes[k] + 1] = net.end[v]
    for v in range(len(plan.size)):
        refresh(net, plan, v, desk.place)
    return score_of(net, plan)


@kernel
def adopt(source: Plan, target: Plan) -> None:
    """Make `target` the same plan as `source`."""
    dirty = np.ones(len(source.size), np.bool_)
    copy_changed(source, target, dirty)


@kernel
def anneal(
    net: Network,
    plan: Plan,
    before: Plan,
    best: Plan,
    memo: Memo,
    desk: Desk,
    pool: Pool,
    wheel: Wheel,
    rng: np.ndarray,
    heat: np.ndarray,
    span: np.ndarray,
    most: int,
    all_served: bool,
) -> float:
    """Run iterations `span[0]`..`span[1]` of `span[2]`; returns the best score.

    `plan` and `before` are equal on entry and on leaving; `heat` holds the first and the last
    temperature, `most` the most rides taken out at once.
    """
    dirty = np.zeros(len(plan.size), np.bool_)
    score_now = score_of(net, plan)
    best_score = score_of(net, best)
    missing = fill_bank(plan, desk.bank)
    for step in range(span[0], span[1]):
        temperature = removal.cooled(heat[0], heat[1], step / span[2])
        out = removal.spin(wheel.remove_weight, rng)
        back = removal.spin(wheel.insert_weight, rng)
        dirty[:] = False
        remove(net, plan, out, 1 + below(rng, most), dirty, rng, desk)
        settle_removals(net, plan, dirty, desk)
        count = fill_bank(plan, desk.bank)
        put_back(net, plan, back, count, memo, desk, rng)
        mark_changed(plan, before, dirty)
        new_score = score_of(net, plan)
        new_missing = fill_bank(plan, desk.bank)
        threshold = score_now - temperature * math.log(1.0 - fraction(rng))
        points = 0.0
        if all_served and missing > 0 and new_missing > 0:
            longing = absence(plan, wheel) - absence(before, wheel)
            accepted = new_missing < missing or longing < 0
            accepted = accepted or (longing == 0 and new_score < threshold)
        else:
            accepted = new_score < threshold
        for k in range(new_missing):
            wheel.absent[desk.bank[k]] += 1
        if not accepted:
            copy_changed(before, plan, dirty)
        else:
            for v in range(len(dirty)):
                if dirty[v]:
                    remember(net, plan, v, pool)
            copy_changed(plan, before, dirty)
            points = REWARDS[1] if new_score < score_now - SLACK else REWARDS[2]
            if abs(new_score - score_now) <= SLACK:
                points = 0.0
            score_now = new_score
            missing = new_missing
            if score_now < best_score - SLACK:
                points = REWARDS[0]
                best_score = score_now
                mark_changed(plan, best, dirty)
                copy_changed(plan, best, dirty)
        reward(wheel, out, back, points)
        if (step + 1) % SEGMENT == 0:
            adapt(wheel.remove_weight, wheel.remove_score, wheel.remove_used)
            adapt(wheel.insert_weight, wheel.insert_score, wheel.insert_used)
    return best_score
