"""The pages that show requests and rides."""

import re

from sqlalchemy import select

from dispatch.rides.models import Request, RideState
from tests.build import a_ride
from tests.dispatch.rides.views.desk import ASKED, error, text


def test_a_request_is_saved_and_its_ride_shown(desk):
    answer = desk.ask()
    [ride] = desk.rides()
    assert (answer.status_code, answer.location) == (303, f"/rides/{ride.uid}")
    page = text(desk.client.get(answer.location))
    assert "Mill Hill" in page
    assert "Lakeview Clinic" in page
    assert "Arrives between 10:15 and 10:30" in page
    assert "48 Larch Row" not in page


def test_more_than_one_ride_is_shown_as_a_request(desk):
    answer = desk.ask(**{"return": "wait", "wait": "45"})
    assert answer.location.startswith("/requests/")
    page = text(desk.client.get(answer.location))
    assert "Driver waits" in page
    assert page.count("data-ride") == 0
    assert page.count('class="ride ') == 2


def test_nothing_is_shown_to_another_group(desk, client_of):
    desk.ask()
    [ride] = desk.rides()
    with desk.database.session() as session:
        request = session.scalars(select(Request)).one()
    client = client_of(desk.stranger)
    for address in (
        f"/rides/{ride.uid}",
        f"/requests/{request.uid}",
        f"/families/{desk.family.uid}/rides",
    ):
        assert client.get(address).status_code == 404
    for address in (f"/requests/{request.uid}/note", f"/rides/{ride.uid}/restore"):
        assert client.post(address).status_code == 404
    answer = client.post("/requests/new", data={"family": desk.family.number} | ASKED)
    assert error(text(answer), "family") == "No family has this number."


def test_a_driver_has_none_of_these_pages(desk, client_of):
    client = client_of(desk.driver)
    assert client.get("/requests/new").status_code == 403


def test_a_cancelled_ride_is_taken_up_again(desk):
    with desk.database.transaction() as session:
        ride = a_ride(session, desk.group, state=RideState.CANCELLED)
        uid = ride.uid
    answer = desk.client.post(f"/rides/{uid}/restore")
    assert answer.status_code == 303
    assert desk.rides()[0].state is RideState.OPEN


def test_the_rides_of_a_family_are_a_part_of_its_record_and_a_page(desk):
    desk.ask()
    address = f"/families/{desk.family.uid}/rides"
    part = text(desk.client.get(address, headers={"HX-Request": "true"}))
    assert "Lakeview Clinic" in part
    assert "<html" not in part
    assert "<html" in text(desk.client.get(address))


def test_what_happened_names_who_did_it(desk):
    location = desk.ask().location
    page = text(desk.client.get(location))
    assert re.search(r"entered.*?Rosa", page, re.DOTALL)
