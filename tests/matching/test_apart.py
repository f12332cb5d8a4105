"""A solver in a process of its own: begun in the way that cannot hang."""

import sys

import pytest

from matching import apart


@pytest.mark.parametrize("library", ["ortools", "numba"])
def test_a_process_in_which_solvers_ran_is_not_copied(monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, object())
    assert apart.way_to_start() == "spawn"


def test_a_fresh_process_is_copied_because_that_is_quickest(monkeypatch):
    for library in ("ortools", "numba"):
        monkeypatch.delitem(sys.modules, library, raising=False)
    assert apart.way_to_start() == "fork"
