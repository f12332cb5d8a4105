"""What a driver may tap, and what the desk reads of it."""

import pytest

from dispatch.planning import troubles
from dispatch.planning.models import TroubleKind
from dispatch.rides.models import RideState
from tests.build import DAY, a_coordinator, a_group
from tests.dispatch.planning.service.world import PICKUP, World

STATES = (RideState.ACCEPTED, RideState.ARRIVED, RideState.ON_BOARD)


@pytest.mark.parametrize("state", STATES)
def test_every_button_means_something_else(state: RideState):
    codes = [code for code, _words in troubles.choices(state)]
    read = [troubles.parse(code) for code in codes]
    assert None not in read
    assert len(set(read)) == len(codes) > 2


def test_nobody_is_late_who_has_arrived():
    codes = {state: {code for code, _words in troubles.choices(state)} for state in STATES}
    assert {"late-10", "late-20", "late-30"} <= codes[RideState.ACCEPTED]
    assert not any(code.startswith("late") for code in codes[RideState.ARRIVED])
    assert "nobody" in codes[RideState.ARRIVED] - codes[RideState.ACCEPTED]


@pytest.mark.parametrize("code", ["", "late", "late-", "late-15", "late-x", "car-10", "bored", "-"])
def test_what_is_on_no_button_means_nothing(code: str):
    assert troubles.parse(code) is None


def test_every_kind_is_told_in_a_sentence_of_its_own():
    said = {troubles.sentence(kind, 10, "F7") for kind in TroubleKind}
    assert len(said) == len(TroubleKind)
    assert all(one.startswith("F7: ") for one in said)
    assert "or more" in troubles.sentence(TroubleKind.LATE, troubles.LONGEST_DELAY, "F7")


def test_open_is_what_was_neither_taken_nor_taken_back(any_session, now):
    world = World(any_session, now)
    assignment = world.accepted()
    kept, taken, back = (
        world.tell(assignment, kind, at=PICKUP)
        for kind in (TroubleKind.CAR, TroubleKind.UNSAFE, TroubleKind.OTHER)
    )
    taken.alarm.taken_at = back.taken_back_at = PICKUP
    any_session.flush()
    found = troubles.open_on(any_session, world.rosa, world.group, DAY)
    assert [one.id for one in found] == [kept.id]
    assert troubles.told_of(any_session, [assignment]) == {assignment.id: taken}
    stranger = a_coordinator(any_session, a_group(any_session))
    assert troubles.open_on(any_session, stranger, world.group, DAY) == []
