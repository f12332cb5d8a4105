"""Academic files in a process of their own: a plan by the deadline, whatever happens."""

import pytest

from matching import academic
from matching.pooled.academic_check import check_file
from tests.matching.pooled.test_academic import PARCELS, TOWN


def written(tmp_path, text):
    path = tmp_path / "instance.txt"
    path.write_text(text)
    return path


@pytest.mark.parametrize(("fmt", "text"), [("cordeau", TOWN), ("li-lim", PARCELS)])
def test_a_plan_comes_back_from_the_other_process(tmp_path, fmt, text):
    path = written(tmp_path, text)
    assert check_file(path, fmt, academic.solve_file(path, fmt, time_limit=2)) == []


@pytest.mark.parametrize(
    ("fmt", "text", "pickups"),
    [("cordeau", TOWN, [1, 2, 3, 4, 5, 6]), ("li-lim", PARCELS, [1, 2, 5])],
)
def test_without_any_time_the_plan_serves_nobody_and_says_so(tmp_path, fmt, text, pickups):
    path = written(tmp_path, text)
    plan = academic.solve_file(path, fmt, time_limit=0.0)
    assert plan == {"routes": [], "cost": 0.0, "unserved": pickups}
    assert check_file(path, fmt, plan) == []


def test_a_file_that_breaks_its_format_is_refused_with_the_reason(tmp_path):
    with pytest.raises(ValueError, match="line 1"):
        academic.solve_file(written(tmp_path, "1 2 x\n"), "cordeau", time_limit=60)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ValueError, match="No such file"):
        academic.solve_file(tmp_path / "nothing.txt", "cordeau", time_limit=60)


class Line:
    """The end of a pipe that says these things and then closes."""

    def __init__(self, *messages):
        self.messages = list(messages)

    def poll(self, _seconds):
        return True

    def recv(self):
        if not self.messages:
            raise EOFError
        return self.messages.pop(0)


def test_the_last_plan_of_a_solver_that_is_gone_is_the_answer():
    first, second = {"routes": [[1, 2]]}, {"routes": [[2, 1]]}
    assert academic._follow(Line(first, second), 1e12, None) == second
