"""How far a match run is, as its card says it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from dispatch.planning.cards import run_card
from dispatch.planning.models import MatchRun, RunState

VANCOUVER = ZoneInfo("America/Vancouver")
ENDED = datetime(2027, 3, 8, 17, 5, tzinfo=UTC)
RESULT = {"rides": 9, "served": 8, "proven": True, "gap": 0.0, "estimate": False}


def card(state=RunState.DONE, **values):
    defaults = {"result": {}, "progress": {}, "stop_asked": False, "ended_at": ENDED}
    return run_card(MatchRun(state=state, **defaults | values), VANCOUVER, limit=60)


def test_a_run_that_waits_has_nothing_to_count_yet():
    shown = card(RunState.QUEUED)
    assert (shown["state"], shown["served"], shown["total"], shown["notes"]) == ("queued", 0, 0, [])


def test_a_run_under_way_shows_the_best_so_far_and_its_limit():
    shown = card(RunState.RUNNING, progress={"served": 5, "rides": 9, "seconds": 12.6})
    assert (shown["served"], shown["total"], shown["seconds"], shown["limit"]) == (5, 9, 13, 60)


@pytest.mark.parametrize("possible", [None, 0, 7])
def test_how_many_could_be_served_is_shown_as_soon_as_it_is_known(possible):
    known = {} if possible is None else {"possible": possible}
    assert card(RunState.RUNNING, progress=known)["possible"] == possible
    assert card(result=RESULT | known, progress={})["possible"] == possible


def test_the_result_counts_more_than_the_last_progress():
    shown = card(result=RESULT, progress={"served": 5, "rides": 9})
    assert (shown["served"], shown["total"], shown["proven"]) == (8, 9, True)


def test_when_it_ended_is_said_on_the_groups_clock():
    *_others, note = card(result=RESULT)["notes"]
    assert "9:05" in note


def test_estimates_are_owned_up_to():
    notes = card(result=RESULT | {"estimate": True})["notes"]
    assert "Times are estimates: no road map has been imported." in notes


@pytest.mark.parametrize(
    ("basis", "words"),
    [
        ("road_map", "follow the roads of the imported map"),
        ("road_server", "the group's own road server"),
        ("silent", "estimates: the road engine did not answer"),
        ("no_engine", "estimates: the road engine is not installed"),
    ],
)
def test_what_the_times_stand_on_is_said(basis, words):
    assert any(words in note for note in card(result=RESULT | {"basis": basis})["notes"])


def test_drivers_whom_no_road_reaches_are_counted():
    assert not any("too far" in note for note in card(result=RESULT | {"cut_off": 0})["notes"])
    notes = card(result=RESULT | {"cut_off": 2})["notes"]
    assert "2 drivers start or end too far from any road of the map to get a ride." in notes


def test_a_plan_that_was_not_proven_says_how_far_it_may_be_off():
    notes = card(result=RESULT | {"proven": False, "gap": 0.0421})["notes"]
    assert "Driving at most 4.2 % above the least possible." in notes


@pytest.mark.parametrize(
    ("state", "proven", "shown"),
    [
        (RunState.CANCELLED, False, "stopped"),
        (RunState.DONE, False, "stopped"),
        (RunState.DONE, True, "done"),
        (RunState.RUNNING, False, "running"),
    ],
)
def test_a_run_that_was_asked_to_stop_is_stopped_unless_it_was_finished(state, proven, shown):
    result = RESULT | {"proven": proven} if state is RunState.DONE else {}
    assert card(state, result=result, stop_asked=True)["state"] == shown


def test_a_failed_run_says_why():
    shown = card(RunState.FAILED, failure="wrong_plan")
    assert shown["state"] == "failed"
    assert shown["notes"] == ["The matcher's plan did not pass its check and was thrown away."]
