"""Is a plan for an academic file feasible, and as long as it says? Shares no code with a solver.

It reads the file for itself and looks for a schedule by the longest path through the time
constraints of each route, in plain Python. Windows and limits are met to within 1e-6.
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TOLERANCE = 1e-6

COST_TOLERANCE = 1e-3
"""How far a stated distance may be from the one counted: files often round it."""


@dataclass(frozen=True)
class _Node:
    x: float
    y: float
    service: float
    load: float
    opens: float
    closes: float


@dataclass(frozen=True)
class _Instance:
    vehicles: int
    capacity: float
    longest_route: float
    longest_ride: float
    nodes: dict[int, _Node]
    delivery_of: dict[int, int]
    """pickup -> delivery"""


def check_file(path: str | Path, fmt: str, solution: object) -> list[str]:
    """Every rule that the solution of an academic file breaks, a sentence each.

    `fmt` is `cordeau` or `li-lim`; `solution` has `routes`, `cost` and perhaps `unserved`.

    Raises
        ValueError: the file does not follow its format.
        OSError: it cannot be read.
    """
    instance = _read(Path(path), fmt)
    if not isinstance(solution, dict):
        return ["the solution is not a table of names and values"]
    routes, unserved = solution.get("routes"), solution.get("unserved", [])
    if not _lists_of_nodes(instance, routes) or not _lists_of_nodes(instance, [unserved]):
        return ["routes or unserved: not lists of the file's node numbers"]
    found = _accounts(instance, routes, unserved)
    for number, route in enumerate(routes, start=1):
        found += [f"route {number}: {fault}" for fault in _faults(instance, route)]
    return found + _cost_faults(instance, routes, solution.get("cost"))


def distance_of(path: str | Path, fmt: str, routes: list[list[int]]) -> float:
    """How long the routes of an academic file are together, from depot to depot.

    Raises
        ValueError: the file does not follow its format.
        OSError: it cannot be read.
    """
    return _length(_read(Path(path), fmt), routes)


def _read(path: Path, fmt: str) -> _Instance:
    lines = [line.split() for line in path.read_text().splitlines() if line.strip()]
    try:
        instance = _cordeau(lines) if fmt == "cordeau" else _li_lim(lines)
    except IndexError as error:
        raise ValueError("a line is missing, or has too few numbers") from error
    pairs = instance.delivery_of
    if not {0, *pairs, *pairs.values()} <= set(instance.nodes):
        raise ValueError("a node is named that is not there")
    return instance


def _cordeau(lines: list[list[str]]) -> _Instance:
    vehicles, _, longest_route, capacity, longest_ride = (float(word) for word in lines[0][:5])
    nodes = {}
    for words in lines[1:]:
        x, y, service, load, opens, closes = (float(word) for word in words[1:7])
        nodes[int(words[0])] = _Node(x, y, service, load, opens, closes)
    requests = (len(nodes) - 1) // 2
    pairs = {pickup: pickup + requests for pickup in range(1, requests + 1)}
    return _Instance(int(vehicles), capacity, longest_route, longest_ride, nodes, pairs)


def _li_lim(lines: list[list[str]]) -> _Instance:
    nodes, pairs = {}, {}
    for words in lines[1:]:
        x, y, load, opens, closes, service = (float(word) for word in words[1:7])
        nodes[int(words[0])] = _Node(x, y, service, load, opens, closes)
        if int(words[8]):
            pairs[int(words[0])] = int(words[8])
    vehicles, capacity = float(lines[0][0]), float(lines[0][1])
    return _Instance(int(vehicles), capacity, math.inf, math.inf, nodes, pairs)


def _lists_of_nodes(instance: _Instance, lists: object) -> bool:
    """Whether this is a list of lists of nodes that are no depot."""
    stops = set(instance.delivery_of) | set(instance.delivery_of.values())
    return isinstance(lists, list) and all(
        isinstance(nodes, list) and all(type(node) is int and node in stops for node in nodes)
        for nodes in lists
    )


def _accounts(instance: _Instance, routes: list[list[int]], unserved: list[int]) -> list[str]:
    """Every request on one route or listed as unserved, once; vehicles enough."""
    found = []
    used = sum(1 for route in routes if route)
    if used > instance.vehicles:
        found.append(f"{used} routes, and {instance.vehicles} vehicles")
    visits = [node for route in routes for node in route]
    for pickup, delivery in instance.delivery_of.items():
        for node in (pickup, delivery):
            if visits.count(node) > 1:
                found.append(f"node {node} is visited {visits.count(node)} times")
        served = pickup in visits or delivery in visits
        listed = pickup in unserved or delivery in unserved
        if served and listed:
            found.append(f"request {pickup} is on a route and unserved")
        if not served and not listed:
            found.append(f"request {pickup} is neither on a route nor unserved")
    return found


def _faults(instance: _Instance, route: list[int]) -> list[str]:
    """What is wrong with one route."""
    if not route:
        return []
    found = []
    at = {node: position for position, node in enumerate(route, start=1)}
    for pickup, delivery in instance.delivery_of.items():
        if (pickup in at) != (delivery in at):
            found.append(f"request {pickup} is not both picked up and delivered")
        elif pickup in at and at[pickup] > at[delivery]:
            found.append(f"request {pickup} is delivered before it is picked up")
    aboard = 0.0
    for node in route:
        aboard += instance.nodes[node].load
        if aboard > instance.capacity + TOLERANCE:
            found.append(f"{aboard:g} aboard after node {node}, capacity {instance.capacity:g}")
    if not found and not _has_schedule(instance, route, at):
        found.append("no schedule keeps its windows, ride times and duration")
    return found


def _has_schedule(instance: _Instance, route: list[int], at: dict[int, int]) -> bool:
    """Whether times exist: no cycle of positive length in the graph of demands between them.

    Moments are numbered 0 (leaving the depot), 1..m (start of service), m + 1 (back). An arc
    (i, j, w) demands moment j >= moment i + w; Bellman and Ford find the longest paths.
    """
    stops = [0, *route, 0]
    last = len(stops) - 1
    demands = []
    for i in range(last):
        here = instance.nodes[stops[i]]
        service = here.service if i else 0.0
        demands.append((i, i + 1, service + _distance(here, instance.nodes[stops[i + 1]])))
    demands.append((last, 0, -instance.longest_route))
    for pickup, delivery in instance.delivery_of.items():
        if pickup in at:
            longest = instance.longest_ride + instance.nodes[pickup].service
            demands.append((at[delivery], at[pickup], -longest))
    moment = [instance.nodes[stop].opens for stop in stops]
    for _ in range(len(stops) + 1):
        moved = False
        for i, j, seconds in demands:
            if moment[i] + seconds > moment[j] + TOLERANCE / 100:
                moment[j] = moment[i] + seconds
                moved = True
        if not moved:
            break
    else:
        return False
    return all(
        when <= instance.nodes[stop].closes + TOLERANCE
        for when, stop in zip(moment, stops, strict=True)
    )


def _distance(here: _Node, there: _Node) -> float:
    return math.hypot(here.x - there.x, here.y - there.y)


def _cost_faults(instance: _Instance, routes: list[list[int]], said: Any) -> list[str]:  # noqa: ANN401 - JSON of any kind
    """The distance, counted again."""
    counted = _length(instance, routes)
    if isinstance(said, bool) or not isinstance(said, int | float):
        return ["cost: not a number"]
    if not abs(said - counted) <= COST_TOLERANCE:
        return [f"cost: {said}, and the routes are {counted:.4f} long"]
    return []


def _length(instance: _Instance, routes: list[list[int]]) -> float:
    counted = 0.0
    for route in filter(None, routes):
        stops = [instance.nodes[node] for node in (0, *route, 0)]
        counted += sum(map(_distance, stops, stops[1:]))
    return counted
