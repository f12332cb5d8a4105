"""Touches of the phone: counted once, answered by the next page or, to a script, by nothing."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select

from dispatch.planning.models import AssignmentState, DriverAction
from dispatch.rides.models import RideState
from tests.dispatch.planning.service.world import PICKUP

SCRIPT = {"Accept": "application/json"}


@pytest.fixture
def on_the_way(scene, moment) -> str:
    """The address of the reports about a ride whose pickup is now."""
    uid = scene.accepted()
    moment.at = PICKUP
    scene.take_the_phone()
    return f"/assignments/{uid}/report"


def a_tap(state: str, before: str) -> dict[str, str]:
    """A form as the phone sends it."""
    told = {"action": str(uuid4()), "made_at": "2027-03-09T17:40:00.000Z"}
    return {**told, "state": state, "before": before}


def actions(scene) -> int:
    """How many touches are noted."""
    with scene.database.transaction(reads_only=True) as session:
        return session.scalar(select(func.count()).select_from(DriverAction))


@pytest.mark.parametrize("headers", [{}, SCRIPT])
def test_a_tap_that_is_sent_again_after_an_undo_changes_nothing(scene, on_the_way, headers):
    tap = a_tap("arrived", "accepted")
    first = scene.phone.post(on_the_way, data=tap, headers=headers)
    scene.phone.post(on_the_way, data=a_tap("accepted", "arrived"))
    again = scene.phone.post(on_the_way, data=tap, headers=headers)
    assert (first.status_code, first.location) == (again.status_code, again.location)
    assert first.status_code == (204 if headers else 303)
    assert (scene.ride().state, actions(scene)) == (RideState.ACCEPTED, 2)


def test_without_a_uid_the_same_form_is_another_step(scene, on_the_way):
    tap = {"state": "arrived", "before": "accepted"}
    scene.phone.post(on_the_way, data=tap)
    scene.phone.post(on_the_way, data=a_tap("accepted", "arrived"))
    scene.phone.post(on_the_way, data=tap)
    assert scene.ride().state is RideState.ARRIVED


def test_a_step_that_comes_late_is_told_on_the_next_page_and_noted(scene, on_the_way):
    for state, before in (("arrived", "accepted"), ("onboard", "arrived"), ("done", "onboard")):
        scene.phone.post(on_the_way, data=a_tap(state, before))
    answer = scene.phone.post(on_the_way, data=a_tap("onboard", "arrived"), headers=SCRIPT)
    assert answer.status_code == 204
    assert "This ride is over. Nothing was changed." in scene.phone.get("/today").text
    assert (scene.ride().state, actions(scene)) == (RideState.DONE, 4)


def test_an_answer_to_an_offer_that_is_gone_is_told_kindly(scene):
    uid = scene.offered()
    scene.desk.post(f"/assignments/{uid}/release")
    tap = {"action": str(uuid4())}
    for _twice in range(2):
        answer = scene.phone.post(f"/offers/{uid}/accept", data=tap, follow_redirects=True)
        assert "Somebody else took this ride. Thank you for answering." in answer.text
    assert (scene.ride().state, actions(scene)) == (RideState.OPEN, 1)


def test_a_yes_that_is_sent_twice_is_thanked_twice(scene):
    uid, tap = scene.offered(), {"action": str(uuid4())}
    for _twice in range(2):
        answer = scene.phone.post(f"/offers/{uid}/accept", data=tap, follow_redirects=True)
        assert "The family is told that you come." in answer.text
    scene.phone.post(f"/offers/{uid}/decline", data={"action": str(uuid4())})
    assert scene.assignment().state is AssignmentState.DECLINED


@pytest.mark.parametrize("odd", ["", "7", "x" * 5000, "\x00"])
def test_what_is_no_uid_is_refused_and_changes_nothing(scene, on_the_way, odd):
    tap = {**a_tap("arrived", "accepted"), "action": odd}
    answer = scene.phone.post(on_the_way, data=tap, follow_redirects=True)
    assert "This cannot be read. Nothing was saved." in answer.text
    assert (scene.ride().state, actions(scene)) == (RideState.ACCEPTED, 0)


def test_nobody_elses_phone_tells_anything(scene):
    address = f"/assignments/{scene.accepted()}/report"
    assert scene.elsewhere.post(address, data=a_tap("arrived", "accepted")).status_code == 404
    assert (scene.ride().state, actions(scene)) == (RideState.ACCEPTED, 0)
