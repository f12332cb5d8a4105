"""What the table of days compares, and with what."""

import pytest

from matching.benchmark import days
from matching.benchmark.days import Result
from matching.benchmark.race import Effort
from matching.solution import Bound, Objective, Reason, Solution, Unserved

EFFORT = Effort(1.0, 0.9, 100.0)


def a_result(solver, priority, cost, bound=None, wrong=0):
    left = (Unserved("r", Reason.OUTWEIGHED),)
    proof = None if bound is None else Bound(priority, 0, bound, proven=bound == cost)
    return Result(solver, 5, Solution((), left, Objective(priority, 0, cost), proof), EFFORT, wrong)


def cells(head, row):
    return dict(zip(head, row, strict=True))


def test_cost_is_compared_where_as_much_is_served():
    of_one = [a_result("ours", 9, 200), a_result("ortools", 9, 220), a_result("vroom", 8, 90)]
    gaps = [cells(days.HEAD, row)["gap to best"] for row in days.rows("d", of_one)]
    assert gaps == ["0.00 %", "10.00 %", ""]


def test_a_plan_that_breaks_a_rule_is_nobodys_measure():
    of_one = [a_result("ours", 9, 200), a_result("ortools", 9, 100, wrong=2)]
    first, second = (cells(days.HEAD, row) for row in days.rows("d", of_one))
    assert first["gap to best"] == "0.00 %"
    assert second["served"] == "4/5 (2 rules broken)"


def test_a_gap_to_the_bound_is_told_where_the_earlier_goals_are_proven():
    assert a_result("ours", 9, 210, bound=200).gap_to_bound == pytest.approx(0.05)
    loose = Solution((), (), Objective(9, 0, 210), Bound(10, 0, 200, proven=False))
    assert Result("ours", 5, loose, EFFORT, 0).gap_to_bound is None


def test_a_solver_without_a_plan_has_a_row_all_the_same():
    (row,) = days.rows("d", [Result("ortools", 5, None, EFFORT, 0)])
    assert cells(days.HEAD, row)["served"] == "no plan"


def test_the_summary_counts_proofs_and_gaps():
    sets = [
        [a_result("ours", 9, 200, bound=200), a_result("ortools", 9, 220)],
        [a_result("ours", 9, 205, bound=200), Result("ortools", 5, None, EFFORT, 0)],
    ]
    whole = [[*of_one, a_result("vroom", 1, 1)] for of_one in sets]
    ours, ortools, _ = (cells(days.SUMMARY, row) for row in days.summary(whole))
    assert ours["proven"] == "1/2"
    assert ours["mean gap to bound (n)"] == "1.25 % (2)"
    assert ortools["mean gap to best (n)"] == "10.00 % (1)"
    assert ortools["served"] == "4/10"
