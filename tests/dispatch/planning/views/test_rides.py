"""The ride itself: another time, a party that is ready, and how it goes."""

import re
from datetime import timedelta

import pytest

from dispatch.clock import local_instant
from dispatch.planning.forms import parse_wall
from dispatch.rides.models import RideState
from tests.build import DAY, a_ride
from tests.dispatch.planning.service.world import PICKUP


def times(**changes):
    return {"first": "11:00", "last": "11:30", "version": "1"} | changes


def test_a_ride_is_asked_for_at_another_time(scene):
    answer = scene.desk.post(f"/rides/{scene.ride_uid}/time", data=times())
    assert (answer.status_code, answer.location) == (303, f"/rides/{scene.ride_uid}")
    zone = scene.world.group.zone
    window = [local_instant(DAY, parse_wall(wall), zone) for wall in ("11:00", "11:30")]
    ride = scene.ride()
    assert [ride.window_starts_at, ride.window_ends_at] == window


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"first": "noon"}, "Write the time like 13:10."),
        ({"last": ""}, "Write the time like 13:10."),
        ({"last": "10:59"}, "before"),
    ],
)
def test_a_wrong_time_is_said_beside_the_field_and_what_was_typed_stays(scene, changed, said):
    before = scene.ride()
    typed = times(**changed)
    answer = scene.desk.post(f"/rides/{scene.ride_uid}/time", data=typed, follow_redirects=True)
    assert answer.request.path == f"/rides/{scene.ride_uid}"
    (beside,) = re.findall(r'id="e-first".*?<span>(.*?)</span>', answer.text)
    assert said in beside
    for name in ("first", "last"):
        assert f'name="{name}" type="time" value="{typed[name]}"' in answer.text
    assert scene.ride().window_ends_at == before.window_ends_at


@pytest.mark.parametrize("version", ["9", "9" * 5000])
@pytest.mark.parametrize("what", ["time", "cancel"])
def test_a_form_from_before_a_change_is_stale(scene, what, version):
    data = times(version=version)
    answer = scene.desk.post(f"/rides/{scene.ride_uid}/{what}", data=data)
    assert (answer.status_code, answer.location) == (303, f"/rides/{scene.ride_uid}")
    assert "Here it is as it is now." in scene.desk.get(answer.location).text
    assert scene.ride().state is RideState.OPEN
    assert scene.ride().version == 1


def test_a_party_that_called_is_ready(scene):
    with scene.database.transaction() as session:
        waits = a_ride(
            session,
            scene.world.group,
            state=RideState.WILL_CALL,
            window_starts_at=None,
            window_ends_at=None,
            service_on=DAY - timedelta(days=1),
        )
    answer = scene.desk.post(f"/rides/{waits.uid}/ready", follow_redirects=True)
    assert "Ready. The matcher looks for a driver now; you can also choose one." in answer.text


def test_a_party_is_not_ready_before_its_day(scene):
    none = {"window_starts_at": None, "window_ends_at": None}
    scene.change_ride(state=RideState.WILL_CALL, **none)
    answer = scene.desk.post(f"/rides/{scene.ride_uid}/ready", follow_redirects=True)
    assert answer.request.path == f"/rides/{scene.ride_uid}"
    assert "This ride is on Tuesday 9 March, not today." in answer.text
    assert (scene.ride().state, scene.ride().service_on) == (RideState.WILL_CALL, DAY)


def test_a_party_that_is_ready_already_is_told_so_on_its_record(scene):
    answer = scene.desk.post(f"/rides/{scene.ride_uid}/ready")
    assert (answer.status_code, answer.location) == (303, f"/rides/{scene.ride_uid}")
    assert "Nothing was changed." in scene.desk.get(answer.location).text


def test_a_driver_reports_and_is_back_at_its_day(scene, moment):
    uid = scene.accepted()
    moment.at = PICKUP
    scene.take_the_phone()
    assert "I have arrived" in scene.phone.get("/today").text
    answer = scene.phone.post(f"/assignments/{uid}/report", data={"state": "arrived"})
    assert (answer.status_code, answer.location) == (303, "/today")
    assert scene.ride().state is RideState.ARRIVED


def test_the_day_before_a_driver_reads_that_it_may_report_later(scene):
    uid = scene.accepted()
    page = scene.phone.get("/today").text
    assert "I have arrived" not in page
    assert "You say here that you have arrived, once it is time." in page
    answer = scene.phone.post(
        f"/assignments/{uid}/report", data={"state": "arrived"}, follow_redirects=True
    )
    assert "It is too early to say this: the pickup is to come." in answer.text
    assert scene.ride().state is RideState.ACCEPTED


def test_a_coordinator_reports_and_is_back_at_the_board(scene, moment):
    uid = scene.accepted()
    moment.at = PICKUP
    scene.take_the_desk()
    answer = scene.desk.post(f"/assignments/{uid}/report", data={"state": "arrived"})
    assert answer.location.startswith(f"/board?day={DAY}")
    assert scene.ride().state is RideState.ARRIVED


IMPOSSIBLE = {
    "": "Choose what happened.",
    "flying": "Choose what happened.",
    "done": "A driver has accepted this ride. Nothing was changed.",
}


@pytest.mark.parametrize("state", IMPOSSIBLE)
def test_what_cannot_have_happened_is_not_noted(scene, state):
    address = f"/assignments/{scene.accepted()}/report"
    for browser, page in ((scene.phone, "/today"), (scene.desk, scene.on_the_board())):
        answer = browser.post(address, data={"state": state})
        assert (answer.status_code, answer.location) == (303, page)
        assert IMPOSSIBLE[state] in browser.get(page).text
    assert scene.ride().state is RideState.ACCEPTED


ODD = ["", "x" * 100_000, "-1", "9" * 5000, "\x00", "٣", "2027-03-09T10:00", "🚗", "../../etc"]


@pytest.mark.parametrize("odd", ODD)
def test_whatever_a_form_says_nothing_breaks_and_nothing_changes(scene, odd):
    given = scene.offered()
    for address, fields in (
        (f"/rides/{scene.ride_uid}/time", ("first", "last", "version")),
        (f"/rides/{scene.ride_uid}/cancel", ("reason", "scope", "version")),
        (f"/rides/{scene.ride_uid}/assign", ("driver", "pickup_at", "version")),
        (f"/assignments/{given}/report", ("state",)),
        ("/proposals/approve", ("proposal",)),
        ("/runs", ("day", "week")),
    ):
        answer = scene.desk.post(address, data=dict.fromkeys(fields, odd))
        assert answer.status_code in (303, 422), address
    looked = scene.desk.get(f"/rides/{scene.ride_uid}/assign", query_string={"at": odd})
    assert looked.status_code == 200
    assert scene.ride().state is RideState.OFFERED


def test_another_group_changes_nothing(scene):
    uid = scene.accepted()
    for address, data in (
        (f"/rides/{scene.ride_uid}/time", times()),
        (f"/rides/{scene.ride_uid}/ready", {}),
        (f"/assignments/{uid}/report", {"state": "arrived"}),
    ):
        assert scene.elsewhere.post(address, data=data).status_code == 404
    assert scene.ride().state is RideState.ACCEPTED
