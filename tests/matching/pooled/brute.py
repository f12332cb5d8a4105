"""The best plan of a tiny day by trying everything, in plain Python: what solvers are held to."""

import itertools

from matching import Problem


def orders(rides):
    """All orders of the stops of these rides, each pickup before its drop-off."""
    stops = [(ride, kind) for ride in rides for kind in ("pickup", "dropoff")]
    for order in itertools.permutations(stops):
        if all(order.index((r, "pickup")) < order.index((r, "dropoff")) for r in rides):
            yield order


def has_schedule(problem, shift, order):
    """Whether moments exist for this order; Bellman and Ford on the graph of demands."""
    matrix = problem.travel_seconds
    places = [shift.start_place]
    windows, service = [(shift.earliest, shift.latest)], [0]
    for ride, kind in order:
        pickup = kind == "pickup"
        places.append(ride.pickup_place if pickup else ride.dropoff_place)
        windows.append(ride.pickup_window if pickup else ride.dropoff_window)
        service.append(ride.board_seconds if pickup else ride.alight_seconds)
    places.append(shift.end_place)
    windows.append((shift.earliest, shift.latest))
    demands = []
    for k in range(len(places) - 1):
        leg = matrix[places[k]][places[k + 1]]
        if leg < 0:
            return False
        demands.append((k, k + 1, service[k] + leg))
    if shift.max_duration_seconds is not None:
        demands.append((len(places) - 1, 0, -shift.max_duration_seconds))
    for ride in [ride for ride, kind in order if kind == "pickup"]:
        if ride.max_ride_seconds is not None:
            first = 1 + order.index((ride, "pickup"))
            second = 1 + order.index((ride, "dropoff"))
            demands.append((second, first, -ride.max_ride_seconds - ride.board_seconds))
    moments = [opens for opens, _ in windows]
    for _ in range(len(places) + 1):
        for i, j, seconds in demands:
            moments[j] = max(moments[j], moments[i] + seconds)
    settled = all(moments[j] >= moments[i] + seconds for i, j, seconds in demands)
    return settled and all(m <= closes for m, (_, closes) in zip(moments, windows, strict=True))


def keeps_loads(shift, order):
    """Whether the car never holds more than it has room for."""
    aboard = {}
    for ride, kind in order:
        for name, amount in ride.load.items():
            aboard[name] = aboard.get(name, 0) + (amount if kind == "pickup" else -amount)
            if aboard[name] > shift.capacity.get(name, 0):
                return False
    return True


def cheapest_route(problem, shift, rides):
    """Least driving of a route with exactly these rides, or None."""
    if not rides:
        return 0
    if shift.max_rides is not None and len(rides) > shift.max_rides:
        return None
    best = None
    for order in orders(rides):
        places = [shift.start_place]
        places += [r.pickup_place if kind == "pickup" else r.dropoff_place for r, kind in order]
        places.append(shift.end_place)
        legs = [problem.travel_seconds[a][b] for a, b in itertools.pairwise(places)]
        driven = sum(legs)
        if min(legs) < 0 or (best is not None and driven >= best):
            continue
        if shift.max_drive_seconds is not None and driven > shift.max_drive_seconds:
            continue
        if keeps_loads(shift, order) and has_schedule(problem, shift, order):
            best = driven
    return best


def may_take(problem, shift, ride):
    """Whether skills, exclusions and locks allow the pair."""
    return (
        ride.skills <= shift.skills
        and shift.driver not in ride.excluded_drivers
        and problem.locked.get(ride.id, shift.id) == shift.id
    )


def best_objective(problem: Problem):
    """(priority, changes, cost) of the best plan, or None when locks cannot be kept."""
    best = None
    choices = [[None, *problem.shifts] for _ in problem.rides]
    routes = {}
    for chosen in itertools.product(*choices):
        pairs = list(zip(problem.rides, chosen, strict=True))
        if any(s is not None and not may_take(problem, s, r) for r, s in pairs):
            continue
        if any(s is None and r.id in problem.locked for r, s in pairs):
            continue
        cost = 0
        for shift in problem.shifts:
            rides = tuple(r for r, s in pairs if s is shift)
            key = (shift.id, tuple(r.id for r in rides))
            if key not in routes:
                routes[key] = cheapest_route(problem, shift, rides)
            if routes[key] is None:
                break
            cost += routes[key] + sum(problem.affinity.get((r.id, shift.driver), 0) for r in rides)
        else:
            served = {r.id: s.id for r, s in pairs if s is not None}
            priority = sum(r.priority for r, s in pairs if s is not None)
            changes = sum(served.get(r) != s for r, s in problem.previous.items())
            rank = (-priority, changes, cost)
            best = rank if best is None else min(best, rank)
    return None if best is None else (-best[0], best[1], best[2])
