"""The public file formats: `matching-problem/1` and `matching-solution/1`, plain or gzipped JSON.

Fields a reader does not know are passed over, so that a later minor addition harms nobody;
everything it knows is checked.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from matching.problem import InvalidProblem, Problem, Ride, Shift
from matching.solution import (
    Bound,
    Kind,
    Objective,
    Reason,
    Relaxation,
    Route,
    Solution,
    Stop,
    Unserved,
)

PROBLEM_FORMAT = "matching-problem/1"
SOLUTION_FORMAT = "matching-solution/1"


class InvalidSolution(ValueError):
    """A solution file that does not follow its format."""


def read_json(path: Path) -> object:
    """The JSON of a file, gzipped or not.

    Raises
        OSError: it cannot be read.
        ValueError: it is not JSON in UTF-8, or not whole.
    """
    data = path.read_bytes()
    if data[:2] == b"\x1f\x8b":
        try:
            data = gzip.decompress(data)
        except (EOFError, gzip.BadGzipFile) as error:
            raise ValueError(f"is not a whole gzip file ({error})") from error
    try:
        return json.loads(data)
    except RecursionError as error:
        raise ValueError("is nested too deeply") from error


def problem_from_dict(d: object) -> Problem:
    """The problem in a decoded `matching-problem/1` document.

    Raises
        InvalidProblem: what is wrong, with the field and the id.
    """
    table = _table("problem", None, d)
    if table.get("format") != PROBLEM_FORMAT:
        raise InvalidProblem("format", None, f"is not {PROBLEM_FORMAT!r}")
    pooling = table.get("pooling", False)
    if not isinstance(pooling, bool):
        raise InvalidProblem("pooling", None, "is neither true nor false")
    return Problem(
        travel_seconds=_matrix(table),
        shifts=tuple(_shift(entry) for entry in _required_list(table, "shifts")),
        rides=tuple(_ride(entry) for entry in _required_list(table, "rides")),
        pooling=pooling,
        affinity=_affinity(_list("affinity", None, table.get("affinity"))),
        locked=_pairs("locked", _list("locked", None, table.get("locked"))),
        previous=_pairs("previous", _list("previous", None, table.get("previous"))),
    )


def problem_to_dict(problem: Problem) -> dict[str, Any]:
    """The `matching-problem/1` document of a problem."""
    return {
        "format": PROBLEM_FORMAT,
        "pooling": problem.pooling,
        "travel_seconds": [list(row) for row in problem.travel_seconds],
        "shifts": [_record(shift) for shift in problem.shifts],
        "rides": [_record(ride) for ride in problem.rides],
        "affinity": [
            {"ride": ride, "driver": driver, "seconds": seconds}
            for (ride, driver), seconds in problem.affinity.items()
        ],
        "locked": [{"ride": ride, "shift": shift} for ride, shift in problem.locked.items()],
        "previous": [{"ride": ride, "shift": shift} for ride, shift in problem.previous.items()],
    }


def solution_to_dict(solution: Solution) -> dict[str, Any]:
    """The `matching-solution/1` document of a solution."""
    return {
        "format": SOLUTION_FORMAT,
        "routes": [
            {
                "shift": route.shift,
                "stops": [
                    {"ride": stop.ride, "kind": stop.kind.value, "at": stop.at}
                    for stop in route.stops
                ],
            }
            for route in solution.routes
        ],
        "unserved": [_unserved_to_dict(unserved) for unserved in solution.unserved],
        "objective": _record(solution.objective),
        "bound": None if solution.bound is None else _record(solution.bound),
        "seconds": round(solution.seconds, 3),
    }


def solution_from_dict(d: object) -> Solution:
    """The solution in a decoded `matching-solution/1` document.

    Only its form is checked here; whether it keeps the rules is the checker's question.

    Raises
        InvalidSolution: the document does not follow the format.
    """
    try:
        table = _table("solution", None, d)
        if table.get("format") != SOLUTION_FORMAT:
            raise InvalidProblem("format", None, f"is not {SOLUTION_FORMAT!r}")
        seconds = table.get("seconds", 0.0)
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise InvalidProblem("seconds", None, "is not a number")
        bound = table.get("bound")
        return Solution(
            routes=tuple(_route(entry) for entry in _required_list(table, "routes")),
            unserved=tuple(_unserved(entry) for entry in _required_list(table, "unserved")),
            objective=_objective(_table("objective", None, table.get("objective"))),
            bound=None if bound is None else _bound(_table("bound", None, bound)),
            seconds=float(seconds),
        )
    except InvalidProblem as error:
        raise InvalidSolution(str(error)) from error


def _record(thing: Any) -> dict[str, Any]:  # noqa: ANN401 - any dataclass
    """A frozen dataclass as JSON values, under the names of its fields."""
    plain: dict[type, Callable[[Any], Any]] = {frozenset: sorted, tuple: list}
    values = {item.name: getattr(thing, item.name) for item in fields(thing)}
    return {name: plain.get(type(value), _same)(value) for name, value in values.items()}


def _same(value: object) -> object:
    return dict(value) if isinstance(value, dict) else value


def _table(field: str, of: str | None, value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InvalidProblem(field, of, "is not a table of names and values")
    return value


def _list(field: str, of: str | None, value: object) -> list[Any]:
    """A list that may be null or left out."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise InvalidProblem(field, of, "is not a list")
    return value


def _required_list(table: dict[str, Any], field: str) -> list[Any]:
    if field not in table:
        raise InvalidProblem(field, None, "is missing")
    if not isinstance(table[field], list):
        raise InvalidProblem(field, None, "is not a list")
    return table[field]


def _required(table: dict[str, Any], group: str, name: str) -> Any:  # noqa: ANN401 - JSON of any kind
    if name not in table:
        raise InvalidProblem(f"{group}.{name}", _id(table), "is missing")
    return table[name]


def _id(table: dict[str, Any]) -> str | None:
    found = table.get("id", table.get("ride"))
    return found if isinstance(found, str) else None


def _matrix(table: dict[str, Any]) -> tuple[tuple[int, ...], ...]:
    rows = _required_list(table, "travel_seconds")
    for number, row in enumerate(rows):
        if not isinstance(row, list):
            raise InvalidProblem("travel_seconds", str(number), "the row is not a list")
    return tuple(map(tuple, rows))


def _window(table: dict[str, Any], group: str, name: str) -> tuple[int, int]:
    value = _required(table, group, name)
    if not isinstance(value, list) or len(value) != 2:
        reason = "a window is two numbers: opens, closes"
        raise InvalidProblem(f"{group}.{name}", _id(table), reason)
    return (value[0], value[1])


def _amounts(table: dict[str, Any], group: str, name: str) -> dict[str, int]:
    return dict(_table(f"{group}.{name}", _id(table), _required(table, group, name)))


def _names(table: dict[str, Any], group: str, name: str) -> frozenset[str]:
    values = _list(f"{group}.{name}", _id(table), table.get(name))
    for value in values:
        if not isinstance(value, str):
            raise InvalidProblem(f"{group}.{name}", _id(table), "is not a list of texts")
    return frozenset(values)


def _shift(entry: object) -> Shift:
    table = _table("shifts", None, entry)
    required = ("id", "driver", "start_place", "end_place", "earliest", "latest")
    limits = ("max_drive_seconds", "max_duration_seconds", "max_rides")
    return Shift(
        **{name: _required(table, "shifts", name) for name in required},
        **{name: table.get(name) for name in limits},
        capacity=_amounts(table, "shifts", "capacity"),
        skills=_names(table, "shifts", "skills"),
    )


def _ride(entry: object) -> Ride:
    table = _table("rides", None, entry)
    required = ("id", "pickup_place", "dropoff_place", "board_seconds", "alight_seconds")
    return Ride(
        **{name: _required(table, "rides", name) for name in (*required, "priority")},
        pickup_window=_window(table, "rides", "pickup_window"),
        dropoff_window=_window(table, "rides", "dropoff_window"),
        load=_amounts(table, "rides", "load"),
        skills=_names(table, "rides", "skills"),
        max_ride_seconds=table.get("max_ride_seconds"),
        excluded_drivers=_names(table, "rides", "excluded_drivers"),
    )


def _text(table: dict[str, Any], group: str, name: str) -> str:
    value = _required(table, group, name)
    if not isinstance(value, str):
        raise InvalidProblem(f"{group}.{name}", _id(table), "is not a text")
    return value


def _whole(table: dict[str, Any], group: str, name: str) -> int:
    value = _required(table, group, name)
    if type(value) is not int:
        raise InvalidProblem(f"{group}.{name}", _id(table), "is not a whole number")
    return value


def _affinity(entries: list[Any]) -> dict[tuple[str, str], int]:
    affinity: dict[tuple[str, str], int] = {}
    for entry in entries:
        table = _table("affinity", None, entry)
        pair = (_text(table, "affinity", "ride"), _text(table, "affinity", "driver"))
        if pair in affinity:
            reason = f"has two entries for driver {pair[1]!r}"
            raise InvalidProblem("affinity.ride", pair[0], reason)
        affinity[pair] = _whole(table, "affinity", "seconds")
    return affinity


def _pairs(group: str, entries: list[Any]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for entry in entries:
        table = _table(group, None, entry)
        ride = _text(table, group, "ride")
        if ride in pairs:
            raise InvalidProblem(f"{group}.ride", ride, "is used twice")
        pairs[ride] = _text(table, group, "shift")
    return pairs


def _route(entry: object) -> Route:
    table = _table("routes", None, entry)
    shift = _text(table, "routes", "shift")
    stops = _list("routes.stops", shift, table.get("stops"))
    return Route(shift, tuple(_stop(_table("routes.stops", shift, stop)) for stop in stops))


def _stop(table: dict[str, Any]) -> Stop:
    kind = _text(table, "stops", "kind")
    if kind not in set(Kind):
        raise InvalidProblem("stops.kind", _id(table), "is neither pickup nor dropoff")
    return Stop(_text(table, "stops", "ride"), Kind(kind), _whole(table, "stops", "at"))


def _objective(table: dict[str, Any]) -> Objective:
    names = ("priority", "changes", "cost_seconds")
    return Objective(*(_whole(table, "objective", name) for name in names))


def _bound(table: dict[str, Any]) -> Bound:
    proven = _required(table, "bound", "proven")
    if not isinstance(proven, bool):
        raise InvalidProblem("bound.proven", None, "is neither true nor false")
    return Bound(
        priority=_whole(table, "bound", "priority"),
        changes=_whole({"changes": 0} | table, "bound", "changes"),
        cost_seconds=_whole(table, "bound", "cost_seconds"),
        proven=proven,
    )


def _unserved_to_dict(unserved: Unserved) -> dict[str, Any]:
    table: dict[str, Any] = {
        "ride": unserved.ride,
        "reason": unserved.reason.value,
        "detail": unserved.detail,
    }
    if unserved.relax is not None:
        relax = _record(unserved.relax)
        table["relax"] = {name: value for name, value in relax.items() if value is not None}
    return table


def _unserved(entry: object) -> Unserved:
    table = _table("unserved", None, entry)
    reason = _text(table, "unserved", "reason")
    if reason not in set(Reason):
        raise InvalidProblem("unserved.reason", _id(table), f"{reason!r} is no reason")
    relax = table.get("relax")
    return Unserved(
        ride=_text(table, "unserved", "ride"),
        reason=Reason(reason),
        detail=_text({"detail": ""} | table, "unserved", "detail"),
        relax=None if relax is None else _relax(_table("unserved.relax", _id(table), relax)),
    )


def _relax(table: dict[str, Any]) -> Relaxation:
    shifts = _list("relax.shifts", None, table.get("shifts"))
    return Relaxation(
        kind=_text(table, "relax", "kind"),
        shifts=tuple(str(shift) for shift in shifts),
        seconds=table.get("seconds"),
        name=table.get("name"),
        amount=table.get("amount"),
    )
