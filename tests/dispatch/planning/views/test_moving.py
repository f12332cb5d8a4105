"""A ride that is dragged to another driver."""

import re

import pytest

from dispatch.drivers.models import DayOff, Driver
from dispatch.people.models import Group
from dispatch.planning.models import AssignmentState
from dispatch.rides.models import RideState
from tests.build import DAY, a_driver


@pytest.fixture
def yusuf(scene):
    """Another driver, with the time for it."""
    with scene.database.transaction() as session:
        return a_driver(session, session.get_one(Group, scene.world.group.id), name="Yusuf")


def drop(scene, on, was=None):
    data = {"shift": str(on.uid), "was": str((was or scene.world.driver).uid)}
    return scene.desk.post(f"/rides/{scene.ride_uid}/move", data=data)


def said(scene, answer):
    assert (answer.status_code, answer.location) == (303, scene.on_the_board())
    return scene.desk.get(answer.location).text


def away(scene, driver):
    with scene.database.transaction() as session:
        found = session.get_one(Driver, driver.id)
        found.days_off = [DayOff(first_on=DAY, last_on=DAY)]


def test_blocks_that_may_be_moved_say_where_to(scene):
    assert f'data-move="/rides/{scene.ride_uid}/move"' in scene.desk.get(scene.on_the_board()).text
    scene.accepted()
    scene.change_ride(state=RideState.ON_BOARD)
    assert "data-move" not in scene.desk.get(scene.on_the_board()).text


def test_a_proposed_ride_goes_to_the_driver_on_whom_it_was_dropped(scene, yusuf):
    page = said(scene, drop(scene, yusuf))
    assert "Yusuf is asked now." in page
    assert f'action="/assignments/undo?assignment={scene.assignment().uid}"' in page
    assert scene.assignment().driver_id == yusuf.id


def test_a_promised_ride_moves_too_without_a_silent_way_back(scene, yusuf):
    scene.accepted()
    page = said(scene, drop(scene, yusuf))
    assert "Yusuf is asked now." in page
    assert str(scene.assignment().uid) not in page
    assert (scene.assignment().driver_id, scene.assignment().state) == (
        yusuf.id,
        AssignmentState.OFFERED,
    )


def test_a_ride_that_changed_while_it_was_dragged_stays_and_the_board_says_so(scene, yusuf):
    page = said(scene, drop(scene, yusuf, was=yusuf))
    assert "This ride was changed while you looked at it." in page
    assert scene.assignment() is None


def test_a_driver_who_cannot_is_refused_with_the_reason(scene, yusuf):
    away(scene, yusuf)
    page = said(scene, drop(scene, yusuf))
    assert "The driver does not offer enough time then" in page
    assert scene.assignment() is None


def test_what_speaks_against_each_driver_is_known_while_it_is_dragged(scene, yusuf):
    address = f"/rides/{scene.ride_uid}/fits"
    told = scene.desk.get(address).json
    assert told["cannot"] == {}
    assert set(told["may"]) == {str(yusuf.uid), str(scene.world.driver.uid)}
    assert all(re.fullmatch(r"\d*[05] min more driving\.", said) for said in told["may"].values())
    away(scene, yusuf)
    told = scene.desk.get(address).json["cannot"]
    assert list(told) == [str(yusuf.uid)]
    assert "does not offer enough time" in told[str(yusuf.uid)]
    scene.accepted()
    scene.change_ride(state=RideState.ON_BOARD)
    assert scene.desk.get(address).json == {"cannot": {}, "may": {}}


def test_a_drop_on_somebody_unknown_is_not_found(scene):
    shift = "6f1c8a52-0f0e-4a6f-9c39-7c7a3b0a2d11"
    answer = scene.desk.post(f"/rides/{scene.ride_uid}/move", data={"shift": shift, "was": ""})
    assert answer.status_code == 404


@pytest.mark.parametrize("shift", ["", "7"])
def test_a_drop_on_nobody_leads_to_where_one_is_chosen(scene, shift):
    answer = scene.desk.post(f"/rides/{scene.ride_uid}/move", data={"shift": shift, "was": ""})
    assert answer.location == f"/rides/{scene.ride_uid}/assign"


def test_another_group_neither_moves_nor_learns(scene, yusuf):
    assert scene.elsewhere.get(f"/rides/{scene.ride_uid}/fits").status_code == 404
    data = {"shift": str(yusuf.uid), "was": str(scene.world.driver.uid)}
    assert scene.elsewhere.post(f"/rides/{scene.ride_uid}/move", data=data).status_code == 404
