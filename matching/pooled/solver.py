"""Shared rides of a day: search and proof by turns, the proof by a list of all routes or by column
generation where they are too many."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from matching.pooled import proof
from matching.pooled.assemble import routes_of, solution_of
from matching.pooled.closing import Generation
from matching.pooled.day_network import network_of
from matching.pooled.descent import Descent
from matching.pooled.enumeration import Catalogue
from matching.pooled.locks import clash
from matching.pooled.network import FAR, Network
from matching.problem import Problem
from matching.solution import Progress, Solution
from matching.solving import LocksClash

CLOSING_SECONDS = 0.1
"""Kept back from the deadline for writing the plan down."""

PROOF_SHARE, PROOF_LEAST = 0.6, 1.0
"""Share of the time left that the proof may take before the search goes on, and the seconds that
it may take at first; later it takes no more time in all than the search."""


def solve_pooled(
    problem: Problem,
    deadline: float,
    seed: int = 0,
    on_progress: Callable[[Progress], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Solution:
    """The best plan found by `deadline`, a value of `time.monotonic()`, with the proof there is.

    The same seed gives the same plan if the search ends before the deadline.

    Raises
        LocksClash: locks that cannot all be kept; names a set of such rides.
    """
    began = time.monotonic()
    net = network_of(problem)
    descent = Descent(
        net,
        seed=seed,
        deadline=deadline - CLOSING_SECONDS,
        all_served=False,
        should_stop=should_stop or (lambda: False),
    )
    day = _Day(problem, descent, began, on_progress)
    descent.on_tick = day.tell
    if not len(net.need) or not len(net.start):
        return day.solution()
    for number, in_time in enumerate(descent.rounds()):
        if number == 0:
            day.require_locks()
            day.list_routes()
        if in_time and (number % 2 == 0 or day.generation is not None):
            day.prove()
        if day.proven():
            break
    return day.solution()


@dataclass
class _Day:
    """A search, what is proven about it, and who is told; a class because proofs tighten."""

    problem: Problem
    descent: Descent
    began: float
    on_progress: Callable[[Progress], None] | None
    goals: proof.Goals = field(init=False)
    bound: tuple[int, int, int] = field(init=False)
    """Most priority, fewest changes, least cost."""
    held: tuple[int, int] = (-1, -1)
    """Priority and changes of the plans that the bounds on changes and cost hold for."""
    catalogue: Catalogue | None = None
    """All routes of the day, where they are few enough."""
    generation: Generation | None = None
    """Otherwise, where no detour is shorter."""
    drivable: frozenset[str] | None = None
    proving: float = 0.0
    """Seconds that proofs took."""
    proved_score: float = np.inf
    """Score of the plan that a proof was last begun with."""
    told_at: float = 0.0
    told_score: float = np.inf

    def __post_init__(self) -> None:
        self.goals = goals_of(self.problem, self.descent.net)
        self.bound = easy_bound(self.problem, self.descent.net, self.goals)

    def solution(self) -> Solution:
        """The best plan so far."""
        seconds = time.monotonic() - self.began
        best = self.descent.best
        plan = solution_of(self.problem, best, None, seconds, self.drivable)
        return solution_of(self.problem, best, self._bound_for(plan), plan.seconds, self.drivable)

    def _bound_for(self, plan: Solution) -> tuple[int, int, int]:
        """What holds for a plan of this worth: the later parts were proven for the earlier."""
        worth, (priority, changes, cost) = plan.objective, self.bound
        easy = easy_bound(self.problem, self.descent.net, self.goals)
        if worth.priority != self.held[0]:
            return priority, easy[1], easy[2]
        if worth.changes != self.held[1]:
            return priority, changes, easy[2]
        return priority, changes, cost

    def proven(self) -> bool:
        """Whether the best plan meets all three bounds."""
        bound = self.solution().bound
        return bound is not None and bound.proven

    def require_locks(self) -> None:
        """Raise if locked rides are unserved because they clash."""
        best = self.descent.best
        locked = [ride.id in self.problem.locked for ride in self.problem.rides]
        if not (best.shift_of[locked] < 0).any():
            return
        rides = clash(self.problem, self.descent.net)
        if rides:
            raise LocksClash(rides)

    def list_routes(self) -> None:
        """List all routes of the day, if they are few enough."""
        net = self.descent.net
        self.catalogue = proof.catalogue_of(net, self.descent.deadline)
        if self.catalogue is not None:
            stops = self.catalogue.stops[: self.catalogue.counts[1]]
            numbers = np.unique(stops[stops < len(net.need)])
            self.drivable = frozenset(self.problem.rides[number].id for number in numbers)
        elif net.metric:
            self.generation = Generation(net, self.goals)

    def prove(self) -> None:
        """Settle the day by all its routes, if they are listed, else bound it by generating them;
        if the time does not do, try again when the search has found a better plan."""
        descent, gone = self.descent, self._changes_anyway()
        is_done = self.generation is None or self.generation.is_tight
        if is_done and descent.best_score >= self.proved_score:
            return
        now = time.monotonic()
        allowance = max(PROOF_LEAST, now - self.began - 2 * self.proving)
        until = now + min(PROOF_SHARE * (descent.deadline - now), allowance)
        worth = solution_of(self.problem, descent.best, None, 0.0).objective
        total = sum(ride.priority for ride in self.problem.rides)
        left_out = (total - worth.priority, worth.changes - gone, worth.cost_seconds)
        plan, net = routes_of(descent.best), descent.net
        verdict = None
        if self.catalogue is not None:
            verdict = proof.prove(net, self.goals, plan, left_out, self.catalogue, until)
        elif self.generation is not None:
            verdict = self.generation.prove(descent.pool, plan, left_out, until)
        self.proving += time.monotonic() - now
        if verdict is None:
            return
        self.proved_score = descent.best_score
        if verdict.routes is not None:
            descent.lay(verdict.routes)
            worth = solution_of(self.problem, descent.best, None, 0.0).objective
        self.bound = (total - verdict.priority, verdict.changes + gone, verdict.cost)
        self.held = (worth.priority, worth.changes)

    def _changes_anyway(self) -> int:
        shifts = {shift.id for shift in self.problem.shifts}
        return sum(shift not in shifts for shift in self.problem.previous.values())

    def tell(self, descent: Descent) -> None:
        """Report once a second at most."""
        now = time.monotonic()
        if self.on_progress is None or now - self.told_at < 1.0:
            return
        self.told_at = now
        plan = self.solution()
        better = descent.best_score < self.told_score
        self.told_score = descent.best_score
        bound, cost = plan.bound, plan.objective.cost_seconds
        close = bound is not None and bound.priority == plan.objective.priority
        least = bound.cost_seconds if bound is not None and close else 0
        self.on_progress(
            Progress(
                seconds=now - self.began,
                phase="search",
                served=len(self.problem.rides) - len(plan.unserved),
                objective=plan.objective,
                bound=bound,
                gap=(cost - least) / least if least > 0 else None,
                solution=plan if better else None,
            )
        )


def goals_of(problem: Problem, net: Network) -> proof.Goals:
    """The three goals as numbers for rides and pairs; a locked ride is worth more than all."""
    position = {shift.id: v for v, shift in enumerate(problem.shifts)}
    priority = np.array([ride.priority for ride in problem.rides], float)
    locked = np.array([ride.id in problem.locked for ride in problem.rides], bool)
    known = np.array(
        [position.get(problem.previous.get(ride.id, ""), -1) for ride in problem.rides], np.int64
    )
    moved = (known >= 0)[:, None] & (known[:, None] != np.arange(len(position))[None, :])
    wish = np.zeros(net.pair_cost.shape)
    for number, ride in enumerate(problem.rides):
        for v, shift in enumerate(problem.shifts):
            wish[number, v] = problem.affinity.get((ride.id, shift.driver), 0)
    return proof.Goals(
        priority=priority + locked * (1.0 + priority.sum()),
        moved=moved.astype(float),
        known=(known >= 0).astype(float),
        wish=wish,
    )


def easy_bound(problem: Problem, net: Network, goals: proof.Goals) -> tuple[int, int, int]:
    """Bounds that need no search: who has a driver at all, whose shift is gone, wishes alone."""
    has_driver = (net.pair_cost < FAR).any(axis=1) if len(net.start) else np.zeros(0, bool)
    rides = [ride for ride, able in zip(problem.rides, has_driver, strict=False) if able]
    shifts = {shift.id for shift in problem.shifts}
    changes = sum(shift not in shifts for shift in problem.previous.values())
    return sum(ride.priority for ride in rides), changes, proof.least_cost(net, goals)
