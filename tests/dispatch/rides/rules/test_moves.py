"""The table of moves."""

from itertools import pairwise

import pytest

from dispatch.rides.models import RideState
from dispatch.rides.rules import MOVES, UNDOES, is_legal, is_report, why_not

S = RideState
ROAD = [S.WILL_CALL, S.OPEN, S.OFFERED, S.ACCEPTED, S.ARRIVED, S.ON_BOARD, S.DONE]


def test_the_whole_road_is_legal_step_by_step():
    assert all(is_legal(*step) for step in pairwise(ROAD))


def test_what_undoes_leads_back_to_where_a_report_came_from():
    assert all(is_report(*step) and is_report(*reversed(step)) for step in UNDOES)


@pytest.mark.parametrize("state", [S.OPEN, S.CANCELLED, S.ACCEPTED])
def test_a_driver_on_the_road_neither_frees_nor_withdraws_a_ride(state):
    assert is_legal(S.ACCEPTED, S.OPEN)
    assert not is_report(S.ACCEPTED, state)


def test_no_step_of_the_road_is_left_out():
    assert not any(is_legal(a, c) for a, c in zip(ROAD, ROAD[2:], strict=False))


@pytest.mark.parametrize("state", [S.ON_BOARD, S.DONE, S.NO_SHOW])
def test_who_sits_in_the_car_or_is_there_cannot_be_cancelled(state):
    assert not is_legal(state, S.CANCELLED)


@pytest.mark.parametrize("state", [S.OFFERED, S.ACCEPTED, S.ARRIVED])
def test_a_ride_without_its_driver_is_open_again(state):
    assert is_legal(state, S.OPEN)


@pytest.mark.parametrize("before", [S.ARRIVED, S.ON_BOARD, S.DONE, S.NO_SHOW])
def test_the_last_report_can_be_taken_back(before):
    after = {S.ARRIVED: S.ACCEPTED, S.ON_BOARD: S.ARRIVED, S.DONE: S.ON_BOARD, S.NO_SHOW: S.ARRIVED}
    assert is_legal(before, after[before])


def test_every_move_names_an_action_and_changes_something():
    assert all(actions and before is not after for (before, after), actions in MOVES.items())


def test_every_state_has_a_sentence_of_its_own():
    assert len({why_not(state) for state in RideState}) == len(RideState)
