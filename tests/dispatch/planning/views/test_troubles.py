"""The buttons of what is wrong, on the phone and at the desk."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from dispatch.planning.models import DriverAction, Trouble
from dispatch.rides.models import RideState
from tests.dispatch.planning.service.world import PICKUP

SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def address(scene, moment) -> str:
    """Where it is told of a ride whose pickup is now."""
    uid = scene.accepted()
    moment.at = PICKUP
    scene.take_the_phone()
    scene.take_the_desk()
    return f"/assignments/{uid}/trouble"


def count(scene, model) -> int:
    """How many rows there are."""
    with scene.database.transaction(reads_only=True) as session:
        return session.scalar(select(func.count()).select_from(model))


def test_a_problem_stands_on_phone_and_board_until_somebody_is_on_it(scene, address):
    assert 'value="car"' in scene.phone.get("/today").text
    answer = scene.phone.post(address, data={"trouble": "car"}, follow_redirects=True)
    assert "The desk knows: Car trouble" in answer.text
    board = scene.desk.get(scene.on_the_board()).text
    assert "the driver has trouble with the car." in board
    watch = scene.desk.get("/watch").text
    assert f'href="/rides/{scene.ride_uid}"' in watch
    assert f"/rides/{scene.ride_uid}" not in scene.elsewhere.get("/watch").text
    take = board.split("/alarms/")[1].split("/take")[0]
    back = {"Referer": f"http://localhost{scene.on_the_board()}"}
    answer = scene.desk.post(f"/alarms/{take}/take", headers=back)
    assert answer.location == scene.on_the_board()
    assert "trouble with the car" not in scene.desk.get(scene.on_the_board()).text


def test_a_late_driver_is_expected_later_on_the_board(scene, address):
    scene.phone.post(address, data={"trouble": "late-20"})
    assert scene.assignment().delay_minutes == 20
    assert "Late 20 min" in scene.desk.get(scene.on_the_board()).text
    scene.phone.post(address, data={"trouble": "solved"})
    board = scene.desk.get(scene.on_the_board()).text
    assert "Late 20 min" not in board
    assert "minutes late" not in board


def test_the_desk_notes_who_calls_to_be_late(scene, address):
    answer = scene.desk.post(address, data={"trouble": "late-10"})
    assert answer.location.startswith("/board")
    assert "Late 10 min" in scene.desk.get(scene.on_the_board()).text


def test_what_a_phone_sends_again_is_told_once(scene, address):
    tap = {"action": str(uuid4()), "trouble": "unsafe"}
    for _twice in range(2):
        assert scene.phone.post(address, data=tap, headers=SCRIPT).status_code == 204
    assert (count(scene, Trouble), count(scene, DriverAction)) == (1, 1)


def test_what_is_on_no_button_is_refused(scene, address):
    answer = scene.phone.post(address, data={"trouble": "bored"}, follow_redirects=True)
    assert "Choose what happened." in answer.text
    assert count(scene, Trouble) == 0


def test_a_no_show_says_why(scene, address):
    report = address.replace("trouble", "report")
    scene.phone.post(report, data={"state": "arrived", "before": "accepted"})
    assert 'value="wrong_place"' in scene.phone.get("/today").text
    scene.phone.post(report, data={"noshow": "wrong_place", "before": "arrived"})
    ride = scene.ride()
    assert (ride.state, ride.no_show_reason) == (RideState.NO_SHOW, "wrong_place")
    assert "They were not where we were" in scene.desk.get(f"/rides/{ride.uid}").text


def test_before_the_promised_minute_no_button_says_that_nobody_came(scene, address, moment):
    report = address.replace("trouble", "report")
    scene.phone.post(report, data={"state": "arrived", "before": "accepted"})
    moment.at = PICKUP.replace(minute=PICKUP.minute - 5)
    page = scene.phone.get("/today").text
    assert 'value="nobody" ' not in page
    assert "once the promised time is there" in page


def test_the_kept_page_has_the_same_buttons_and_no_name(scene, address):
    page = scene.phone.get("/today/sheet").text
    for code in ("late-30", "car", "unsafe"):
        assert f'value="{code}"' in page
    assert "csrf_token" not in page
