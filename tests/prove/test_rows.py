"""The quick part of every row: the detector finds what is planted, and nothing else is there."""

from importlib import import_module
from pathlib import Path

import pytest

from tests import gaps
from tests.prove import running
from tests.prove.figure import ControlMissed, Figure, Row, Workplace, control
from tests.prove.running import Outcome


@pytest.mark.parametrize("name", running.names())
def test_the_row_holds(name: str, tmp_path: Path, request: pytest.FixtureRequest):
    module = import_module(f"tests.prove.rows.{name}")
    for group in module.ROW.needs:
        gaps.require(group)
    workplace = Workplace(
        folder=tmp_path,
        size=module.ROW.quick,
        postgres=lambda: request.getfixturevalue("postgres"),
    )
    with workplace.leaving:
        figure = module.prove(workplace)
    assert figure.holds, figure.measured
    assert figure.looked_at >= module.ROW.fewest(module.ROW.quick)
    assert figure.controls > 0


A_ROW = Row(what="planted", must="0", quick=1, full=10)


@pytest.mark.parametrize(
    "figure",
    [
        None,
        Figure(10, "things", "1 leak", holds=False, controls=1),
        Figure(9, "things", "0 leaks", holds=True, controls=1),
        Figure(10, "things", "0 leaks", holds=True, controls=0),
    ],
)
def test_a_row_that_broke_failed_shrank_or_has_no_control_does_not_hold(figure: Figure | None):
    assert not Outcome("planted", A_ROW, figure, "", 1.0).holds


def test_a_figure_over_enough_things_holds():
    figure = Figure(10, "things", "0 leaks", holds=True, controls=1)
    outcome = Outcome("planted", A_ROW, figure, "", 1.0)
    assert outcome.holds
    assert "| planted | 0 | 0 leaks | 10 things | 1 | 1 |" in running.table([outcome])


def test_a_fault_that_is_not_found_stops_the_row():
    control(True, "a leak")
    with pytest.raises(ControlMissed):
        control(False, "a leak")
