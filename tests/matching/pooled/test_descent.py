"""A search that found nothing better begins afresh, and never loses what it found."""

import time

import numpy as np
import pytest

from matching.pooled import descent, search
from matching.pooled.academic_network import read_cordeau
from matching.pooled.descent import Descent
from matching.pooled.network import SLACK
from tests.matching.pooled.test_academic import TOWN


@pytest.fixture
def searching(tmp_path, monkeypatch):
    monkeypatch.setattr(descent, "FIRST_ROUND", 200)
    monkeypatch.setattr(descent, "LONGEST_ROUND", 200)
    path = tmp_path / "instance.txt"
    path.write_text(TOWN)
    return Descent(read_cordeau(path).net, 0, time.monotonic() + 120, all_served=True)


def test_beginning_afresh_keeps_the_best_plan_and_lays_every_ride_anew(searching):
    next(searching.rounds())
    kept, stops = searching.best_score, searching.best.stops.copy()
    version = int(searching.plan.clock[0])
    searching.begin_afresh()
    assert searching.plan.clock[0] > version
    assert searching.best_score == kept
    assert np.array_equal(searching.best.stops, stops)
    assert (searching.plan.shift_of >= 0).all()
    assert kept <= search.score(searching.net, searching.plan) + SLACK
    assert np.array_equal(searching.before.stops, searching.plan.stops)


def test_every_second_round_without_gain_begins_afresh(searching, monkeypatch):
    for _ in searching.rounds():
        pass
    began, rounds = [], 0
    monkeypatch.setattr(Descent, "begin_afresh", lambda self: began.append(rounds))
    for _ in searching.rounds():
        rounds += 1
    assert rounds == descent.PATIENCE
    assert began == [1, 3]


def test_a_round_that_gained_is_continued(searching, monkeypatch):
    def gaining(self, length, **_):
        self.best_score -= 1
        return len(lengths) < 5 and not lengths.append(length)

    lengths, began = [], []
    monkeypatch.setattr(Descent, "anneal", gaining)
    monkeypatch.setattr(Descent, "begin_afresh", began.append)
    assert [in_time for _, in_time in zip(range(9), searching.rounds(), strict=False)] == (
        [True] * 5 + [False]
    )
    assert began == []
