"""The timeline as it is drawn: blocks that may be dragged, and a line of this moment."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from dispatch import clock
from dispatch.board.lanes import DriverLane
from dispatch.board.rules import axis_for
from dispatch.board.timeline import lane_on, now_line
from tests.build import DAY, TEN, a_group


@pytest.fixture
def zone(any_session):
    return a_group(any_session).zone


def test_only_what_can_still_change_hands_is_dragged(zone):
    axis = axis_for(clock.day_bounds(DAY, zone)[0], [])
    rows = [
        SimpleNamespace(
            uid=uuid4(), number="F1", state=state, at=TEN, until=TEN + timedelta(minutes=20)
        )
        for state in ("accepted", "onboard")
    ]
    lane = DriverLane(uuid4(), "D1", "Marta", 4, [(TEN, TEN + timedelta(hours=2))], rows)
    drawn = lane_on(lane, axis, rows[0], "/board?ride=", zone)
    moves = [block["move"] for block in drawn["blocks"]]
    assert moves == [f"/rides/{rows[0].uid}/move", None]
    assert [block["current"] for block in drawn["blocks"]] == [True, False]
    assert drawn["shifts"][0]["n"] == 24


def test_the_line_of_this_moment_stands_on_its_own_day_alone(zone):
    axis = axis_for(clock.day_bounds(DAY, zone)[0], [])
    assert now_line(axis, DAY, TEN, zone)["s"] == axis.column(TEN)
    assert now_line(axis, DAY, TEN + timedelta(days=1), zone) is None
