"""Small days for the matcher's tests: drawn at random by Hypothesis, and solved by brute force."""

from dataclasses import replace
from itertools import permutations

from hypothesis import strategies as st

from matching.problem import Problem, Ride, Shift
from matching.solution import Objective


@st.composite
def small_days(draw, rides=5, shifts=3, pooling=False, locks=True):
    """A problem of at most so many rides and shifts, with every kind of limit now and then."""
    places = draw(st.integers(1, 5))
    drive = st.integers(0, 25) if draw(st.booleans()) else st.integers(-1, 25)
    travel = tuple(
        tuple(0 if i == j else draw(drive) for j in range(places)) for i in range(places)
    )
    place = st.integers(0, places - 1)
    some_shifts = tuple(
        draw(_shifts(number, place)) for number in range(draw(st.integers(0, shifts)))
    )
    some_rides = tuple(draw(_rides(number, place)) for number in range(draw(st.integers(0, rides))))
    pairs = [(ride.id, shift.driver) for ride in some_rides for shift in some_shifts]
    affinity = {}
    if pairs:
        affinity = draw(st.dictionaries(st.sampled_from(pairs), st.integers(-20, 20), max_size=4))
    previous = {}
    if some_rides and draw(st.booleans()):
        known = [ride.id for ride in some_rides]
        names = [shift.id for shift in some_shifts] + ["gone"]
        previous = draw(st.dictionaries(st.sampled_from(known), st.sampled_from(names)))
    problem = Problem(travel, some_shifts, some_rides, pooling, affinity, {}, previous)
    return draw(_locked(problem)) if locks else problem


@st.composite
def _shifts(draw, number, place):
    earliest = draw(st.integers(0, 60))
    limit = st.none() | st.integers(0, 120)
    return Shift(
        id=f"s{number}",
        driver=f"d{number}",
        start_place=draw(place),
        end_place=draw(place),
        earliest=earliest,
        latest=earliest + draw(st.integers(0, 200)),
        capacity={"seats": draw(st.integers(0, 3))},
        skills=frozenset(draw(st.sets(st.sampled_from("ab")))),
        max_drive_seconds=draw(limit),
        max_duration_seconds=draw(limit),
        max_rides=draw(st.none() | st.integers(0, 3)),
    )


@st.composite
def _rides(draw, number, place):
    opens, drops = draw(st.integers(0, 150)), draw(st.integers(0, 200))
    return Ride(
        id=f"r{number}",
        pickup_place=draw(place),
        dropoff_place=draw(place),
        pickup_window=(opens, opens + draw(st.integers(0, 60))),
        dropoff_window=(drops, drops + draw(st.integers(0, 100))),
        board_seconds=draw(st.integers(0, 5)),
        alight_seconds=draw(st.integers(0, 5)),
        load={"seats": draw(st.integers(0, 2))},
        skills=frozenset(draw(st.sets(st.sampled_from("ab"), max_size=1))),
        max_ride_seconds=draw(st.none() | st.integers(0, 60)),
        priority=draw(st.integers(1, 3)),
        excluded_drivers=frozenset(draw(st.sets(st.sampled_from(["d0", "d1"]), max_size=1))),
    )


@st.composite
def _locked(draw, problem):
    """The same day with a lock or two that each can be kept."""
    alone = [
        (ride.id, shift.id)
        for ride in problem.rides
        for shift in problem.shifts
        if route_cost(problem, shift, (ride,)) is not None
    ]
    chosen = dict(draw(st.lists(st.sampled_from(alone), max_size=2))) if alone else {}
    return with_parts(problem, locked=chosen)


def with_parts(problem, **parts):
    """The problem with some parts exchanged."""
    names = ("travel_seconds", "shifts", "rides", "pooling", "affinity", "locked", "previous")
    return Problem(**({name: getattr(problem, name) for name in names} | parts))


def route_cost(problem, shift, rides):
    """Driving and affinity of the shift doing `rides` in this order; None if a rule forbids it.

    Tries every moment of leaving home, and every start of boarding: slow and plain on purpose.
    """
    if shift.max_rides is not None and len(rides) > shift.max_rides:
        return None
    travel, here, cost = problem.travel_seconds, shift.start_place, 0
    for ride in rides:
        if any(shift.capacity.get(name, 0) < amount for name, amount in ride.load.items()):
            return None
        if ride.skills - shift.skills or shift.driver in ride.excluded_drivers:
            return None
        legs = travel[here][ride.pickup_place], travel[ride.pickup_place][ride.dropoff_place]
        if min(legs) < 0:
            return None
        cost += sum(legs)
        here = ride.dropoff_place
    if travel[here][shift.end_place] < 0:
        return None
    cost += travel[here][shift.end_place]
    if shift.max_drive_seconds is not None and cost > shift.max_drive_seconds:
        return None
    if not any(
        _can_leave(problem, shift, rides, at) for at in range(shift.earliest, shift.latest + 1)
    ):
        return None
    return cost + sum(problem.affinity.get((ride.id, shift.driver), 0) for ride in rides)


def _can_leave(problem, shift, rides, leave):
    travel, here, now = problem.travel_seconds, shift.start_place, leave
    for ride in rides:
        now += travel[here][ride.pickup_place]
        loaded = travel[ride.pickup_place][ride.dropoff_place]
        for start in range(max(now, ride.pickup_window[0]), ride.pickup_window[1] + 1):
            drop = max(start + ride.board_seconds + loaded, ride.dropoff_window[0])
            aboard = drop - start - ride.board_seconds
            longest = ride.max_ride_seconds
            if drop <= ride.dropoff_window[1] and (longest is None or aboard <= longest):
                now = drop + ride.alight_seconds
                break
        else:
            return False
        here = ride.dropoff_place
    home = now + travel[here][shift.end_place]
    longest = shift.max_duration_seconds
    return home <= shift.latest and (longest is None or home - leave <= longest)


def brute_force(problem):
    """The objective of the best plan without pooling, or None if the locks cannot all be kept."""
    rides = problem.rides
    best = {0: (0, 0)}
    for shift in problem.shifts:
        routes = _cheapest_routes(problem, shift)
        merged = {}
        for served, value in best.items():
            for mask, more in routes.items():
                if served & mask:
                    continue
                total = (value[0] + more[0], value[1] + more[1])
                merged[served | mask] = min(merged.get(served | mask, total), total)
        best = merged
    ranked = []
    for served, (changes, cost) in best.items():
        if any(not served >> i & 1 and ride.id in problem.locked for i, ride in enumerate(rides)):
            continue
        missing = [ride for i, ride in enumerate(rides) if not served >> i & 1]
        lost = sum(ride.priority for ride in missing)
        changes += sum(ride.id in problem.previous for ride in missing)
        ranked.append((lost, changes, cost))
    if not ranked:
        return None
    lost, changes, cost = min(ranked)
    return Objective(sum(ride.priority for ride in rides) - lost, changes, cost)


def _cheapest_routes(problem, shift):
    """set of rides as bits -> (changes, cost) of the cheapest route of the shift over it."""
    allowed = [
        i
        for i, ride in enumerate(problem.rides)
        if problem.locked.get(ride.id, shift.id) == shift.id
    ]
    routes = {0: (0, 0)}
    for size in range(1, len(allowed) + 1):
        for order in permutations(allowed, size):
            rides = [problem.rides[i] for i in order]
            cost = route_cost(problem, shift, rides)
            if cost is None:
                continue
            changes = sum(problem.previous.get(r.id, shift.id) != shift.id for r in rides)
            mask = sum(1 << i for i in order)
            routes[mask] = min(routes.get(mask, (changes, cost)), (changes, cost))
    return routes


def scaled(problem, factor):
    """The same day with every time multiplied."""

    def times(thing, names):
        values = {name: getattr(thing, name) for name in names}
        return replace(
            thing,
            **{
                name: tuple(x * factor for x in value)
                if isinstance(value, tuple)
                else value * factor
                for name, value in values.items()
                if value is not None
            },
        )

    ride_times = ("pickup_window", "dropoff_window", "board_seconds", "alight_seconds")
    shift_times = ("earliest", "latest", "max_drive_seconds", "max_duration_seconds")
    return with_parts(
        problem,
        travel_seconds=tuple(
            tuple(x if x < 0 else x * factor for x in row) for row in problem.travel_seconds
        ),
        shifts=tuple(times(shift, shift_times) for shift in problem.shifts),
        rides=tuple(times(ride, (*ride_times, "max_ride_seconds")) for ride in problem.rides),
        affinity={pair: seconds * factor for pair, seconds in problem.affinity.items()},
    )
