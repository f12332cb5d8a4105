"""Giving a ride to somebody by hand, and taking it back."""

import pytest
from markupsafe import escape

from dispatch.db.transactions import vault_of
from dispatch.places.here import ROADS
from dispatch.places.roads import Basis
from dispatch.places.roads.words import basis_sentence
from dispatch.places.sealed import point_of
from dispatch.planning.models import AssignmentState
from dispatch.rides.models import Ride, RideState
from tests.build import a_driver
from tests.dispatch.planning.by_street import ByStreet


@pytest.fixture
def small(scene):
    """A driver of the group whose car has one seat."""
    with scene.database.transaction() as session:
        return a_driver(session, scene.world.group, name="Yusuf", seats=1)


def form(driver, **changes):
    return {"driver": driver.uid, "pickup_at": "09:40", "version": "1"} | changes


def test_who_can_is_offered_and_who_cannot_has_a_reason(scene, small):
    page = scene.desk.get(f"/rides/{scene.ride_uid}/assign").text
    can, cannot = page.split("Drivers who cannot, and why")
    assert f'value="{scene.world.driver.uid}"' in can
    assert "Yusuf" in cannot
    assert "The ride needs 2 seats, the car has 1." in cannot
    assert str(small.uid) not in page


def test_another_time_is_looked_at_with_its_reasons(scene):
    page = scene.desk.get(f"/rides/{scene.ride_uid}/assign?at=05:00").text
    assert "The pickup would have to be between" in page
    assert str(scene.world.driver.uid) not in page


def test_a_driver_is_asked_by_hand(scene):
    address = f"/rides/{scene.ride_uid}/assign"
    answer = scene.desk.post(address, data=form(scene.world.driver), follow_redirects=True)
    assert "Marta is asked now." in answer.text
    assert scene.assignment().state is AssignmentState.OFFERED
    assert scene.ride().state is RideState.OFFERED


def test_without_a_driver_the_page_asks_for_one(scene):
    data = {"pickup_at": "09:40", "version": "1"}
    answer = scene.desk.post(f"/rides/{scene.ride_uid}/assign", data=data)
    assert answer.status_code == 422
    assert "Choose a driver." in answer.text
    assert 'value="09:40"' in answer.text


def test_a_driver_who_cannot_is_refused_with_the_reason(scene, small):
    answer = scene.desk.post(f"/rides/{scene.ride_uid}/assign", data=form(small))
    assert answer.status_code == 422
    assert "The ride needs 2 seats, the car has 1." in answer.text
    assert scene.assignment() is None


def test_a_form_from_before_a_change_is_stale(scene):
    data = form(scene.world.driver, version="7")
    answer = scene.desk.post(f"/rides/{scene.ride_uid}/assign", data=data)
    assert answer.status_code == 409
    assert scene.assignment() is None


def test_a_driver_who_said_no_is_shown_as_such_and_may_be_asked_once_more(scene):
    scene.phone.post(f"/offers/{scene.offered()}/decline")
    address = f"/rides/{scene.ride_uid}/assign"
    can, _cannot = scene.desk.get(address).text.split("Drivers who cannot, and why")
    assert "This driver said no to this ride. You may ask once more." in can
    assert scene.desk.post(address, data=form(scene.world.driver)).status_code == 303
    assert scene.assignment().state is AssignmentState.OFFERED


def test_a_stale_form_comes_back_with_what_was_chosen_and_the_ride_as_it_is(scene):
    data = form(scene.world.driver, version="7", pickup_at="09:45")
    page = scene.desk.post(f"/rides/{scene.ride_uid}/assign", data=data).text
    assert "Here it is as it is now." in page
    assert 'name="pickup_at" value="09:45"' in page
    assert f'value="{scene.world.driver.uid}" checked' in page
    assert 'name="version" value="1"' in page


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_ride_that_nobody_can_be_given_any_more_shows_its_record(scene, method):
    scene.change_ride(state=RideState.CANCELLED)
    address = f"/rides/{scene.ride_uid}/assign"
    data = form(scene.world.driver) if method == "post" else None
    answer = scene.desk.open(address, method=method, data=data, follow_redirects=True)
    assert answer.request.path == f"/rides/{scene.ride_uid}"
    assert "This ride was cancelled." in answer.text
    assert scene.assignment() is None


def test_a_will_call_that_is_not_ready_cannot_be_given_to_anybody_yet(scene):
    none = {"window_starts_at": None, "window_ends_at": None}
    scene.change_ride(state=RideState.WILL_CALL, **none)
    answer = scene.desk.get(f"/rides/{scene.ride_uid}/assign", follow_redirects=True)
    assert answer.request.path == f"/rides/{scene.ride_uid}"
    assert "The party has not said yet that it is ready." in answer.text


def test_a_ride_that_was_taken_back_before_says_so_on_the_board(scene):
    uid = scene.accepted()
    scene.desk.post(f"/assignments/{uid}/release")
    answer = scene.desk.post(f"/assignments/{uid}/release")
    assert (answer.status_code, answer.location) == (303, scene.on_the_board())
    page = scene.desk.get(answer.location).text
    assert "already without this driver" in page


def test_a_ride_is_taken_back(scene):
    uid = scene.accepted()
    answer = scene.desk.post(f"/assignments/{uid}/release", follow_redirects=True)
    assert "Taken back." in answer.text
    assert scene.assignment().state is AssignmentState.RELEASED
    assert scene.ride().state is RideState.OPEN


def test_another_group_can_neither_give_nor_take(scene):
    address = f"/rides/{scene.ride_uid}/assign"
    assert scene.elsewhere.get(address).status_code == 404
    assert scene.elsewhere.post(address, data=form(scene.world.driver)).status_code == 404
    uid = scene.accepted()
    assert scene.elsewhere.post(f"/assignments/{uid}/release").status_code == 404
    assert scene.assignment().state is AssignmentState.ACCEPTED


def test_the_record_of_a_ride_says_who_drives_it(scene):
    scene.accepted()
    assert "Marta" in scene.desk.get(f"/rides/{scene.ride_uid}").text


@pytest.mark.parametrize("basis", Basis)
def test_what_the_times_stand_on_is_said(scene, basis):
    scene.desk.application.extensions[ROADS] = ByStreet(basis=basis)
    page = scene.desk.get(f"/rides/{scene.ride_uid}/assign").text
    assert str(escape(basis_sentence(basis))) in page


def test_a_ride_off_the_road_says_so_beside_every_driver(scene):
    roads = ByStreet()
    scene.desk.application.extensions[ROADS] = roads
    with scene.database.transaction(reads_only=True) as session:
        ride = session.get_one(Ride, scene.world.ride.id)
        roads.astray.add(point_of(ride.pickup_place, vault_of(session)))
    page = scene.desk.get(f"/rides/{scene.ride_uid}/assign").text
    assert "The map has no road near the pickup or the drop-off." in page
    assert "Nobody can at this time." in page


@pytest.mark.parametrize("basis", Basis)
def test_an_assignment_knows_whether_its_times_are_estimates(scene, basis):
    scene.desk.application.extensions[ROADS] = ByStreet(basis=basis)
    scene.desk.post(f"/rides/{scene.ride_uid}/assign", data=form(scene.world.driver))
    assert scene.assignment().is_estimate == basis.is_estimate
    page = scene.desk.get(f"/rides/{scene.ride_uid}").text
    assert ("estimated times" in page) == basis.is_estimate
