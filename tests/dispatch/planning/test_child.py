"""The solver's own process: what it is told, what it says, and that it stops when asked."""

import io
import json
import signal
from dataclasses import replace

import pytest

import matching
from dispatch.planning import child, mapping
from matching import files
from matching.solution import Objective, Progress, Solution
from tests.dispatch.planning.cases import DRIVER, a_day, at, promised


@pytest.fixture
def handlers(monkeypatch):
    """What the child does on a signal, without touching the signals of the tests."""
    found = {}
    monkeypatch.setattr(signal, "signal", found.__setitem__)
    return found


@pytest.fixture
def solve(handlers, monkeypatch, capsys):
    """A function from a problem to the child's exit status and the lines it said."""

    def run(problem):
        told = {"problem": problem, "seconds": 5, "seed": 0}
        monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(told)))
        status = child.main()
        return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def a_problem():
    return mapping.problem_of(a_day()).problem


def test_the_last_line_is_the_plan_with_its_reasons(solve):
    status, lines = solve(a_problem())
    assert status == 0
    assert set(lines[-1]) == {"solution", "explanations"}
    assert files.solution_from_dict(lines[-1]["solution"]).routes
    assert lines[0] == {"begun": True}
    assert all("progress" in line for line in lines[1:-1])


def test_a_problem_that_is_none_says_which_field_is_wrong(solve):
    problem = a_problem()
    problem["rides"][0]["pickup_place"] = 99
    status, lines = solve(problem)
    assert status == 2
    assert "pickup_place" in lines[-1]["invalid"]


def test_locks_that_clash_are_named(solve):
    held = promised(at(9))
    problem = mapping.problem_of(a_day(driver=replace(DRIVER, committed=(held,)))).problem
    (lock,) = problem["locked"]
    (ride,) = [one for one in problem["rides"] if one["id"] == lock["ride"]]
    problem["rides"].append(ride | {"id": "twin"})
    problem["locked"].append(lock | {"ride": "twin"})
    status, lines = solve(problem)
    assert status == 3
    assert lines[1:] == [{"invalid": "locked", "clash": sorted([lock["ride"], "twin"])}]


def test_a_polite_signal_asks_the_search_to_end(solve, handlers, monkeypatch):
    asked, real = [], matching.solve

    def interrupted(problem, *, should_stop, **values):
        asked.append(should_stop())
        handlers[signal.SIGTERM](signal.SIGTERM, None)
        asked.append(should_stop())
        return real(problem, should_stop=should_stop, **values)

    monkeypatch.setattr(matching, "solve", interrupted)
    status, lines = solve(a_problem())
    assert asked == [False, True]
    assert (status, "solution" in lines[-1]) == (0, True)


class Search:
    """A search that reports how far it is; a class because it sends lines and counts them."""

    def __init__(self, capsys) -> None:
        self.report, self.capsys = child._Reporter(), capsys

    def at(self, seconds: float, solution: Solution | None = None) -> list[dict]:
        progress = Progress(seconds, "search", 3, Objective(3, 0, 900), None, None, solution)
        self.report(progress)
        return [json.loads(line) for line in self.capsys.readouterr().out.splitlines()]


@pytest.fixture
def search(capsys):
    return Search(capsys)


def test_progress_is_told_not_more_often_than_a_page_can_show(search):
    told = [len(search.at(seconds)) for seconds in (0.0, 0.1, 0.39, 0.41, 0.5, 0.9)]
    assert told == [1, 0, 0, 1, 0, 1]


def test_a_better_plan_is_told_at_once(search, solve):
    _status, lines = solve(a_problem())
    plan = files.solution_from_dict(lines[-1]["solution"])
    search.at(0.0)
    (line,) = search.at(0.1, plan)
    assert line["solution"] == files.solution_to_dict(plan)
    assert line["progress"]["served"] == 3
