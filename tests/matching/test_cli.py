"""The commands: what they write, and what they answer to bad input."""

import json

from matching import cli, files
from matching.problem import Problem, Ride, Shift
from matching.solution import Objective, Solution


def a_day(tmp_path, **parts):
    """A file with one shift and one ride, and the document in it."""
    ride = Ride("r1", 1, 0, (1000, 2000), (1000, 9000), 60, 60, {"seats": 1})
    shift = Shift("s1", "d1", 0, 0, 0, 9000, {"seats": 4})
    usual = {"travel_seconds": ((0, 300), (310, 0)), "shifts": (shift,), "rides": (ride,)}
    path = tmp_path / "day.json"
    path.write_text(json.dumps(files.problem_to_dict(Problem(**(usual | parts)))), "utf-8")
    return path


def test_solve_writes_a_plan_that_check_accepts(tmp_path, capsys):
    day, plan = a_day(tmp_path), tmp_path / "plan.json"
    assert cli.main(["solve", str(day), "--out", str(plan), "--time-limit", "60"]) == cli.OK
    assert json.loads(plan.read_text())["objective"]["cost_seconds"] == 610
    assert cli.main(["check", str(day), str(plan)]) == cli.OK
    assert capsys.readouterr().out == ""


def test_check_prints_every_violation_on_its_own_line(tmp_path, capsys):
    day, plan = a_day(tmp_path), tmp_path / "plan.json"
    wrong = Solution((), (), Objective(1, 0, 0))
    plan.write_text(json.dumps(files.solution_to_dict(wrong)), "utf-8")
    assert cli.main(["check", str(day), str(plan)]) == cli.WRONG
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        "ride 'r1' is neither on a route nor unserved",
        "objective.priority is 0, not 1",
    ]


def test_a_problem_that_contradicts_itself_ends_with_one_line(tmp_path, capsys):
    day = a_day(tmp_path)
    document = json.loads(day.read_text())
    document["rides"][0]["pickup_window"] = [5, 4]
    day.write_text(json.dumps(document), "utf-8")
    assert cli.main(["solve", str(day)]) == cli.REFUSED
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "rides.pickup_window of 'r1': closes before it opens" in said


def test_a_file_that_is_no_json_ends_with_one_line(tmp_path, capsys):
    day = tmp_path / "day.json"
    day.write_bytes(b"\xff\x00 nothing")
    assert cli.main(["solve", str(day)]) == cli.REFUSED
    assert capsys.readouterr().err.count("\n") == 1


def test_locks_that_clash_end_with_their_ids(tmp_path, capsys):
    first = Ride("r1", 1, 0, (1000, 1100), (1000, 9000), 60, 60)
    second = Ride("r2", 1, 0, (1000, 1100), (1000, 9000), 60, 60)
    day = a_day(tmp_path, rides=(first, second), locked={"r1": "s1", "r2": "s1"})
    assert cli.main(["solve", str(day), "--time-limit", "60"]) == cli.CLASH
    assert capsys.readouterr().err == "these locks cannot all be kept: r1, r2\n"
