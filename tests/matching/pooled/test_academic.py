import copy
import csv
from pathlib import Path

import pytest

from matching.pooled import academic, descent
from matching.pooled.academic import InvalidFile, check_file, solve_file

SHARED = Path(__file__).resolve().parents[4] / "shared" / "benchmarks"

TOWN = """2 12 400 3 60
0 0 0 0 0 0 1440
1 2 3 3 1 0 1440
2 -4 1 3 1 0 1440
3 5 5 3 1 300 330
4 1 -6 3 1 200 230
5 -3 -3 3 1 0 1440
6 6 -2 3 1 320 350
7 -5 4 3 -1 100 130
8 4 4 3 -1 150 180
9 -1 -1 3 -1 0 1440
10 -6 2 3 -1 0 1440
11 7 1 3 -1 250 280
12 0 8 3 -1 0 1440
"""

PARCELS = """6 10 1
0 0 0 0 0 500 0 0 0
1 10 0 4 0 100 5 0 3
2 20 0 5 0 200 5 0 4
3 30 0 -4 0 200 5 1 0
4 40 0 -5 0 300 5 2 0
5 12 1 3 0 400 5 0 6
6 38 1 -3 0 400 5 5 0
"""


@pytest.fixture(autouse=True)
def short_rounds(monkeypatch):
    monkeypatch.setattr(descent, "FIRST_ROUND", 500)
    monkeypatch.setattr(descent, "LONGEST_ROUND", 500)
    monkeypatch.setattr(descent, "PATIENCE", 2)


def written(tmp_path, text):
    path = tmp_path / "instance.txt"
    path.write_text(text)
    return path


def test_every_request_of_a_small_town_is_served(tmp_path):
    path = written(tmp_path, TOWN)
    solution = solve_file(path, "cordeau", 120)
    assert solution["unserved"] == []
    assert check_file(path, "cordeau", solution) == []


def test_parcels_that_fit_one_vehicle_get_one(tmp_path):
    path = written(tmp_path, PARCELS)
    solution = solve_file(path, "li-lim", 120)
    assert len(solution["routes"]) == 1
    assert check_file(path, "li-lim", solution) == []


def test_the_same_seed_gives_the_same_routes(tmp_path):
    path = written(tmp_path, TOWN)
    assert solve_file(path, "cordeau", 120, seed=3) == solve_file(path, "cordeau", 120, seed=3)


def longest(solution):
    return max(solution["routes"], key=len)


CORRUPTIONS = {
    "a cost that is not the length": lambda s: s.update(cost=s["cost"] - 1),
    "a cost that is no number": lambda s: s.update(cost="short"),
    "a cost that is not a number at all": lambda s: s.update(cost=float("nan")),
    "a stop left out": lambda s: longest(s).pop(),
    "a stop visited twice": lambda s: longest(s).append(longest(s)[0]),
    "a route turned round": lambda s: longest(s).reverse(),
    "a request served and unserved": lambda s: s.update(unserved=[longest(s)[0]]),
    "a node that is not there": lambda s: longest(s).append(99),
    "the depot as a stop": lambda s: longest(s).append(0),
    "a route for a vehicle that is not there": lambda s: s["routes"].extend([[1, 7], [2, 8]]),
    "a route forgotten": lambda s: s["routes"].remove(longest(s)),
    "routes that are no lists": lambda s: s.update(routes=[3]),
}


@pytest.mark.parametrize("corruption", CORRUPTIONS.values(), ids=CORRUPTIONS.keys())
def test_a_corrupted_solution_is_caught(tmp_path, corruption):
    path = written(tmp_path, TOWN)
    solution = copy.deepcopy(solve_file(path, "cordeau", 120))
    corruption(solution)
    assert check_file(path, "cordeau", solution)


@pytest.mark.parametrize(
    ("head", "rule"),
    [("2 12 40 3 60", "duration"), ("2 12 400 3 1", "ride times"), ("2 12 400 0 60", "capacity")],
)
def test_a_tighter_limit_rules_the_plan_out(tmp_path, head, rule):
    path = written(tmp_path, TOWN)
    solution = solve_file(path, "cordeau", 120)
    tighter = written(tmp_path, TOWN.replace("2 12 400 3 60", head))
    assert any(rule in fault for fault in check_file(tighter, "cordeau", solution))


@pytest.mark.parametrize(
    "text", ["", "1 2 3\n", "2 12 400 3 x\n", "2 2 400 3 60\n0 0 0 0 0 0 9\n", "2 2\n5 5\n"]
)
def test_a_file_that_breaks_its_format_is_refused(tmp_path, text):
    for fmt in ("cordeau", "li-lim"):
        with pytest.raises(InvalidFile):
            solve_file(written(tmp_path, text), fmt, 1)


@pytest.mark.parametrize("text", ["", "2 12 400 3 60\n0 0\n", "6 10 1\n0 0 0 0 0 9 0 0 0\n1 x\n"])
def test_the_checker_refuses_a_file_that_breaks_its_format(tmp_path, text):
    for fmt in ("cordeau", "li-lim"):
        with pytest.raises(ValueError, match=r"."):
            check_file(written(tmp_path, text), fmt, {"routes": [], "cost": 0})


def test_progress_tells_what_is_served_and_how_far_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(academic, "SILENCE_SECONDS", 0.0)
    heard = []
    solution = solve_file(written(tmp_path, TOWN), "cordeau", 120, on_progress=heard.append)
    assert heard[-1].served == 6
    assert heard[-1].objective.cost_seconds == round(solution["cost"])


@pytest.mark.needs("shared data")
def test_small_public_instances_are_solved_to_their_optimum(monkeypatch):
    with (SHARED / "cordeau" / "best_known.csv").open() as table:
        best = {row["instance"]: float(row["best"]) for row in csv.DictReader(table)}
    monkeypatch.setattr(descent, "FIRST_ROUND", 4000)
    monkeypatch.setattr(descent, "LONGEST_ROUND", 4000)
    for name in ("a2-16", "b2-16"):
        path = SHARED / "cordeau" / f"{name}.txt"
        solution = solve_file(path, "cordeau", 120)
        assert check_file(path, "cordeau", solution) == []
        assert solution["cost"] == pytest.approx(best[name], abs=0.01)
