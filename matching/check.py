"""Is this plan feasible, and is it worth what it says? Shares no code with any solver.

It walks every route stop by stop, keeps its own clock, load and mileage, and counts the objective
again. Every plan goes through it before anybody sees it.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from matching.problem import Problem, Ride, Shift
from matching.solution import Route, Solution, Stop


def violations(problem: Problem, solution: Solution) -> list[str]:
    """Every rule that `solution` breaks, a sentence each; empty if it is feasible and honest."""
    walk = _Walk(problem)
    for route in solution.routes:
        walk.follow(route)
    walk.require_locks()
    walk.require_everybody_accounted(solution)
    walk.require_objective(solution)
    walk.require_bound(solution)
    return walk.found


@dataclass(slots=True)
class _Walk:
    """What is seen while following the routes of one plan; a class because it gathers."""

    problem: Problem
    found: list[str] = field(default_factory=list)
    rides: dict[str, Ride] = field(init=False)
    shifts: dict[str, Shift] = field(init=False)
    seen_shifts: set[str] = field(default_factory=set)
    served_by: dict[str, str] = field(default_factory=dict)
    """ride -> shift, for rides that were picked up."""
    cost: int = 0

    def __post_init__(self) -> None:
        self.rides = {ride.id: ride for ride in self.problem.rides}
        self.shifts = {shift.id: shift for shift in self.problem.shifts}

    def follow(self, route: Route) -> None:
        shift = self.shifts.get(route.shift)
        if shift is None:
            self.found.append(f"route of shift {route.shift!r}: there is no such shift")
            return
        if shift.id in self.seen_shifts:
            self.found.append(f"shift {shift.id!r} has two routes")
        self.seen_shifts.add(shift.id)
        strangers = [stop.ride for stop in route.stops if stop.ride not in self.rides]
        if strangers:
            self.found.append(f"shift {shift.id!r}: there is no ride {strangers[0]!r}")
            return
        if not route.stops:
            return
        self.found += self._order(shift, route.stops)
        self.found += self._clock(shift, route.stops)
        self.found += self._limits(shift, route.stops)
        self.found += self._loads(shift, route.stops)
        for ride in dict.fromkeys(stop.ride for stop in route.stops):
            self.found += self._take(shift, self.rides[ride])

    def _order(self, shift: Shift, stops: Sequence[Stop]) -> Iterator[str]:
        """Each ride once: its pickup, later (without pooling next) its drop-off."""
        kinds: dict[str, list[str]] = {}
        for stop in stops:
            kinds.setdefault(stop.ride, []).append(stop.kind.value)
        for ride, order in kinds.items():
            if order != ["pickup", "dropoff"]:
                yield f"shift {shift.id!r}, ride {ride!r}: its stops are {', '.join(order)}"
        if self.problem.pooling:
            return
        aboard: str | None = None
        for stop in stops:
            if aboard is not None and stop.ride != aboard:
                yield f"shift {shift.id!r}: rides {aboard!r} and {stop.ride!r} share the car"
            aboard = stop.ride if stop.kind.value == "pickup" else None

    def _clock(self, shift: Shift, stops: Sequence[Stop]) -> Iterator[str]:
        """Windows, hours at work, and time enough for every leg and every service."""
        started: dict[str, int] = {}
        for before, stop in zip((None, *stops), stops, strict=False):
            ride = self.rides[stop.ride]
            pickup = stop.kind.value == "pickup"
            opens, closes = ride.pickup_window if pickup else ride.dropoff_window
            what = f"shift {shift.id!r}, {stop.kind.value} of {stop.ride!r} at {stop.at}"
            if not opens <= stop.at <= closes:
                yield f"{what}: outside its window {opens}..{closes}"
            ready = shift.earliest if before is None else before.at + self._service(before)
            origin = shift.start_place if before is None else self._place(before)
            drive = self.problem.travel_seconds[origin][self._place(stop)]
            if drive < 0:
                yield f"{what}: there is no road to it"
            elif stop.at < ready + drive:
                yield f"{what}: the car is there at {ready + drive} at the earliest"
            if pickup:
                started[stop.ride] = stop.at
            elif stop.ride in started and ride.max_ride_seconds is not None:
                aboard = stop.at - started[stop.ride] - ride.board_seconds
                if aboard > ride.max_ride_seconds:
                    yield f"{what}: {aboard} s in the car, at most {ride.max_ride_seconds}"

    def _limits(self, shift: Shift, stops: Sequence[Stop]) -> Iterator[str]:
        """The way home, and the limits on driving, time out and number of rides."""
        places = [shift.start_place, *map(self._place, stops), shift.end_place]
        legs = [
            self.problem.travel_seconds[here][there] for here, there in itertools.pairwise(places)
        ]
        what = f"shift {shift.id!r}"
        if legs[-1] < 0:
            yield f"{what}: there is no road home from {stops[-1].ride!r}"
        driven = sum(legs)
        self.cost += driven
        home = stops[-1].at + self._service(stops[-1]) + legs[-1]
        if home > shift.latest:
            yield f"{what}: home at {home}, its hours end at {shift.latest}"
        if shift.max_drive_seconds is not None and driven > shift.max_drive_seconds:
            yield f"{what}: drives {driven} s, at most {shift.max_drive_seconds}"
        out = home - (stops[0].at - legs[0])
        if shift.max_duration_seconds is not None and out > shift.max_duration_seconds:
            yield f"{what}: out for {out} s, at most {shift.max_duration_seconds}"
        number = len({stop.ride for stop in stops})
        if shift.max_rides is not None and number > shift.max_rides:
            yield f"{what}: {number} rides, at most {shift.max_rides}"

    def _loads(self, shift: Shift, stops: Sequence[Stop]) -> Iterator[str]:
        """Never more of anything aboard than the car has."""
        aboard: dict[str, int] = {}
        for stop in stops:
            pickup = stop.kind.value == "pickup"
            for name, amount in self.rides[stop.ride].load.items():
                aboard[name] = aboard.get(name, 0) + (amount if pickup else -amount)
                has = shift.capacity.get(name, 0)
                if pickup and aboard[name] > has:
                    yield f"shift {shift.id!r}: {aboard[name]} {name} aboard, it has {has}"

    def _take(self, shift: Shift, ride: Ride) -> Iterator[str]:
        """The shift may take the ride at all, and nobody else has it."""
        if ride.id in self.served_by:
            yield f"ride {ride.id!r} is on shifts {self.served_by[ride.id]!r} and {shift.id!r}"
        self.served_by[ride.id] = shift.id
        self.cost += self.problem.affinity.get((ride.id, shift.driver), 0)
        lacks = sorted(ride.skills - shift.skills)
        if lacks:
            yield f"ride {ride.id!r}: shift {shift.id!r} lacks {', '.join(lacks)}"
        if shift.driver in ride.excluded_drivers:
            yield f"ride {ride.id!r}: driver {shift.driver!r} is excluded"

    def require_locks(self) -> None:
        for ride, shift in self.problem.locked.items():
            if self.served_by.get(ride) != shift:
                self.found.append(f"ride {ride!r} is locked to shift {shift!r} and not on it")

    def require_everybody_accounted(self, solution: Solution) -> None:
        """Every ride is on a route or listed as unserved, once and not both."""
        listed: set[str] = set()
        for unserved in solution.unserved:
            what = f"unserved ride {unserved.ride!r}"
            if unserved.ride not in self.rides:
                self.found.append(f"{what}: there is no such ride")
            if unserved.ride in listed:
                self.found.append(f"{what} is listed twice")
            if unserved.ride in self.served_by:
                self.found.append(f"{what} is on shift {self.served_by[unserved.ride]!r}")
            listed.add(unserved.ride)
        for ride in self.rides:
            if ride not in listed and ride not in self.served_by:
                self.found.append(f"ride {ride!r} is neither on a route nor unserved")

    def require_objective(self, solution: Solution) -> None:
        """The three numbers, counted again."""
        said = solution.objective
        counted = {
            "priority": sum(self.rides[ride].priority for ride in self.served_by),
            "changes": sum(
                self.served_by.get(ride) != shift for ride, shift in self.problem.previous.items()
            ),
            "cost_seconds": self.cost,
        }
        for name, value in counted.items():
            if getattr(said, name) != value:
                self.found.append(f"objective.{name} is {value}, not {getattr(said, name)}")

    def require_bound(self, solution: Solution) -> None:
        """A bound that the plan itself beats proves nothing, and `proven` means all three met."""
        bound, said = solution.bound, solution.objective
        if bound is None:
            return
        if bound.priority < said.priority:
            self.found.append(f"bound.priority {bound.priority} is below the plan's own")
        if bound.changes > said.changes:
            self.found.append(f"bound.changes {bound.changes} is above the plan's own")
        if bound.cost_seconds > said.cost_seconds:
            self.found.append(f"bound.cost_seconds {bound.cost_seconds} is above the plan's own")
        met = (bound.priority, bound.changes, bound.cost_seconds) == (
            said.priority,
            said.changes,
            said.cost_seconds,
        )
        if bound.proven != met:
            self.found.append(f"bound.proven is {bound.proven}, and the bounds say {met}")

    def _place(self, stop: Stop) -> int:
        ride = self.rides[stop.ride]
        return ride.pickup_place if stop.kind.value == "pickup" else ride.dropoff_place

    def _service(self, stop: Stop) -> int:
        ride = self.rides[stop.ride]
        return ride.board_seconds if stop.kind.value == "pickup" else ride.alight_seconds
