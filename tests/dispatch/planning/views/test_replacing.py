"""The next best drivers, on the board, when a ride has lost its driver."""

from datetime import timedelta

from dispatch.planning.models import AssignmentState
from tests.build import DAY, a_driver
from tests.dispatch.planning.service.world import PICKUP

PART = {"HX-Request": "true"}


def test_a_lost_ride_stands_on_the_board_with_who_to_ask(scene, moment):
    with scene.database.transaction() as session:
        group = session.get_one(type(scene.world.group), scene.world.group.id)
        other = a_driver(session, group)
        other_uid = str(other.uid)
    uid = scene.accepted()
    moment.at = PICKUP - timedelta(hours=2)
    scene.take_the_phone()
    scene.take_the_desk()
    scene.phone.post(f"/offers/{uid}/decline")
    board = scene.desk.get(f"/board?day={DAY}").text
    assert "One ride has lost its driver" in board
    address = f"/rides/{scene.ride_uid}/replacements"
    assert f'hx-get="{address}"' in board
    part = scene.desk.get(address, headers=PART).text
    assert other_uid in part
    assert str(scene.world.driver.uid) not in part, "who said no is not asked again"
    fields = {
        name: part.split(f'name="{name}" value="')[1].split('"')[0]
        for name in ("driver", "version", "pickup_at")
    }
    scene.desk.post(f"/rides/{scene.ride_uid}/assign", data=fields)
    assert scene.assignment().state is AssignmentState.OFFERED
    assert "One ride has lost its driver" not in scene.desk.get(f"/board?day={DAY}").text


def test_where_nobody_can_it_says_so(scene):
    scene.desk.post(f"/proposals/{scene.proposal_uid}/decline")
    scene.change_ride(adults=6)
    part = scene.desk.get(f"/rides/{scene.ride_uid}/replacements", headers=PART).text
    assert "Nobody who offers time then can." in part


def test_without_a_script_it_leads_to_everybody(scene):
    answer = scene.desk.get(f"/rides/{scene.ride_uid}/replacements")
    assert (answer.status_code, answer.location) == (303, f"/rides/{scene.ride_uid}/assign")


def test_nobody_else_learns_who_could(scene):
    address = f"/rides/{scene.ride_uid}/replacements"
    assert scene.elsewhere.get(address, headers=PART).status_code == 404
    assert scene.phone.get(address, headers=PART).status_code == 403
