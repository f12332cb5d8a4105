"""The driver's phone: areas until the driver says yes, the door only in the ride's time."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.audit.models import AuditEvent
from dispatch.db.transactions import vault_of
from dispatch.drivers.models import Driver
from dispatch.families.models import Family
from dispatch.places.here import ROADS
from dispatch.places.roads import Basis
from dispatch.places.sealed import point_of
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.policy import Action
from dispatch.rides.models import RideState
from dispatch.web.headers import KEPT_BY_THE_PHONE
from tests.build import a_driver
from tests.dispatch.planning.by_street import ByStreet
from tests.dispatch.planning.service.world import PICKUP

DOOR = "48 Larch Row"
PHONE = "604-555-0117"


def test_a_driver_with_nothing_to_drive_is_told_so(scene):
    assert "Nothing today." in scene.phone.get("/today").text
    assert "No offers now." in scene.phone.get("/offers").text


def test_an_offer_shows_areas_and_never_the_door(scene):
    uid = scene.offered()
    assert f"/offers/{uid}" in scene.phone.get("/offers").text
    page = scene.phone.get(f"/offers/{uid}").text
    assert "Mill Hill" in page
    assert DOOR not in page
    assert "Carmen" not in page


def test_a_yes_leads_to_the_day(scene):
    uid = scene.offered()
    answer = scene.phone.post(f"/offers/{uid}/accept", follow_redirects=True)
    assert "The family is told that you come." in answer.text
    assert "Your next pickup" in answer.text
    assert DOOR not in answer.text
    assert scene.ride().state is RideState.ACCEPTED


def test_a_no_leads_back_to_the_offers(scene):
    uid = scene.offered()
    answer = scene.phone.post(f"/offers/{uid}/decline")
    assert (answer.status_code, answer.location) == (303, "/offers")
    assert scene.assignment().state is AssignmentState.DECLINED


def test_an_offer_that_was_taken_back_is_closed_kindly(scene):
    uid = scene.offered()
    scene.desk.post(f"/assignments/{uid}/release")
    for answer in (
        scene.phone.get(f"/offers/{uid}"),
        scene.phone.post(f"/offers/{uid}/accept", follow_redirects=True),
    ):
        assert "Somebody else took this ride. Thank you for answering." in answer.text
    assert scene.ride().state is RideState.OPEN


def test_a_yes_or_a_no_that_was_sent_twice_is_told_so(scene):
    uid = scene.accepted()
    answer = scene.phone.post(f"/offers/{uid}/accept")
    assert (answer.status_code, answer.location) == (303, "/today")
    assert "You have accepted this ride already." in scene.phone.get("/today").text
    scene.phone.post(f"/offers/{uid}/decline")
    answer = scene.phone.post(f"/offers/{uid}/decline")
    assert (answer.status_code, answer.location) == (303, "/offers")
    assert "This ride is not yours any more." in scene.phone.get("/offers").text


def test_before_its_time_the_door_stays_shut(scene):
    uid = scene.accepted()
    answer = scene.phone.post(f"/assignments/{uid}/reveal")
    assert answer.status_code == 404
    assert DOOR not in answer.text


def test_in_its_time_the_door_is_shown_and_kept_by_no_cache(scene, moment):
    uid = scene.accepted()
    moment.at = PICKUP
    scene.take_the_phone()
    assert DOOR not in scene.phone.get("/today").text
    for headers in ({}, {"HX-Request": "true"}):
        answer = scene.phone.post(f"/assignments/{uid}/reveal", headers=headers)
        assert DOOR in answer.text
        assert "Carmen" in answer.text
        assert "no-store" in answer.headers["Cache-Control"]


def test_without_a_script_the_browser_leaves_the_door_after_a_minute(scene, moment):
    uid = scene.accepted()
    moment.at = PICKUP
    scene.take_the_phone()
    scene.let_navigate()
    for what in ("reveal", "phone", "navigate"):
        answer = scene.phone.post(f"/assignments/{uid}/{what}")
        assert answer.headers["Refresh"] == "60; url=/today"


def test_about_when_the_door_opens_is_said_from_areas_with_the_day_unless_it_is_today(
    scene, moment
):
    scene.accepted()
    assert "Opens about Tue 9 Mar 07:25." in scene.phone.get("/today").text
    moment.at = PICKUP - timedelta(hours=3)
    scene.take_the_phone()
    assert "Opens about 07:25." in scene.phone.get("/today").text


def test_the_minute_of_the_pickup_is_shown_once_the_door_is_open_and_not_before(scene, moment):
    scene.accepted()
    before = scene.phone.get("/today").text
    assert "09:25–09:55" in before
    assert "09:40" not in before
    moment.at = PICKUP
    scene.take_the_phone()
    assert "09:40" in scene.phone.get("/today").text


def test_the_family_is_called_by_a_look_of_its_own(scene, moment):
    uid = scene.accepted()
    assert scene.phone.post(f"/assignments/{uid}/phone").status_code == 404
    moment.at = PICKUP
    scene.take_the_phone()
    shown = scene.phone.post(f"/assignments/{uid}/reveal").text
    assert "(604) ••• ••17" in shown
    assert PHONE not in shown
    for headers in ({}, {"HX-Request": "true"}):
        answer = scene.phone.post(f"/assignments/{uid}/phone", headers=headers)
        assert f'href="tel:{PHONE}"' in answer.text
        assert "no-store" in answer.headers["Cache-Control"]
    with scene.database.transaction(reads_only=True) as session:
        calls = select(AuditEvent.outcome).where(AuditEvent.action == Action.CALL_FAMILY.value)
        assert session.scalars(calls).all() == ["refused", "done", "done"]


def test_a_map_app_is_offered_where_the_group_lets_it_and_after_a_warning(scene, moment):
    uid = scene.accepted()
    moment.at = PICKUP
    scene.take_the_phone()
    assert "Way in a map app" not in scene.phone.get("/today").text
    assert scene.phone.post(f"/assignments/{uid}/navigate").status_code == 404
    scene.let_navigate()
    closed = scene.phone.get("/today").text
    assert "Way in a map app" in closed
    assert "geo:" not in closed
    for headers in ({}, {"HX-Request": "true"}):
        answer = scene.phone.post(f"/assignments/{uid}/navigate", headers=headers)
        page = answer.text
        assert page.index("The app you open learns this place") < page.index('href="geo:0,0?q=')
        assert "no-store" in answer.headers["Cache-Control"]


def test_a_ride_that_was_taken_back_is_shown_until_the_driver_says_it_knows(scene, client_of):
    uid = scene.accepted()
    assert "Not yours any more" not in scene.phone.get("/today").text
    scene.desk.post(f"/assignments/{uid}/release")
    page = scene.phone.get("/today").text
    assert "Not yours any more" in page
    assert f'action="/offers/{uid}/seen"' in page
    with scene.database.transaction() as session:
        other = a_driver(session, scene.world.group, name="Yusuf").user
    assert client_of(other).post(f"/offers/{uid}/seen").status_code == 404
    for _twice in range(2):
        answer = scene.phone.post(f"/offers/{uid}/seen")
        assert (answer.status_code, answer.location) == (303, "/today")
    assert "Not yours any more" not in scene.phone.get("/today").text


def test_a_ride_that_is_offered_again_is_not_called_taken_back(scene):
    uid = scene.accepted()
    scene.desk.post(f"/assignments/{uid}/release")
    data = {"driver": scene.world.driver.uid, "pickup_at": "09:40", "version": "1"}
    scene.desk.post(f"/rides/{scene.ride_uid}/assign", data=data)
    assert "Not yours any more" not in scene.phone.get("/today").text


def test_a_ride_of_a_day_gone_by_is_not_news_any_more(scene, moment):
    uid = scene.accepted()
    scene.desk.post(f"/assignments/{uid}/release")
    moment.at = PICKUP + timedelta(days=1)
    scene.take_the_phone()
    assert "Not yours any more" not in scene.phone.get("/today").text


def test_both_ways_of_a_waiting_driver_are_one_offer(scene):
    out, _back = scene.both_ways()
    scene.desk.post(f"/proposals/{out}/approve")
    page = scene.phone.get("/offers").text
    assert page.count("Look at it") == 1
    assert "You wait and bring them back." in page
    assert '<span class="dot">1<' in page


def test_what_is_given_back_of_two_ways_is_said_before(scene):
    out, _back = scene.both_ways()
    scene.desk.post(f"/proposals/{out}/approve")
    scene.phone.post(f"/offers/{scene.assignment().uid}/accept")
    assert scene.phone.get("/today").text.count("The other way goes back with it.") == 2


def test_a_language_that_few_speak_is_called_by_its_name(scene):
    scene.change_ride(language="prs")
    with scene.database.transaction() as session:
        session.get_one(Driver, scene.world.driver.id).languages = ["prs"]
    page = scene.phone.get(f"/offers/{scene.offered()}").text
    assert "Dari" in page
    assert "prs" not in page


def test_nobody_elses_phone_shows_it(scene, moment, client_of):
    uid = scene.accepted()
    with scene.database.transaction() as session:
        other = a_driver(session, scene.world.group, name="Yusuf").user
    moment.at = PICKUP
    phone = client_of(other)
    assert phone.post(f"/assignments/{uid}/reveal").status_code == 404
    assert phone.get(f"/offers/{uid}").status_code == 404
    assert phone.post(f"/offers/{uid}/decline").status_code == 404
    assert scene.assignment().state is AssignmentState.ACCEPTED


def test_a_ride_that_is_over_can_be_undone_from_the_day(scene, moment):
    uid = scene.accepted()
    moment.at = PICKUP
    scene.take_the_phone()
    for state in ("arrived", "onboard", "done"):
        scene.phone.post(f"/assignments/{uid}/report", data={"state": state})
    page = scene.phone.get("/today").text
    assert f"/assignments/{uid}/report" in page
    assert 'value="onboard"' in page
    moment.pass_by(hours=1)
    assert f"/assignments/{uid}/report" not in scene.phone.get("/today").text


def test_the_page_for_a_dead_spot_says_when_and_how_many_and_nothing_else(scene, moment):
    scene.accepted()
    assert "Nothing today." in scene.phone.get("/today/sheet").text
    moment.at = PICKUP
    scene.take_the_phone()
    answer = scene.phone.get("/today/sheet")
    assert answer.headers["Cache-Control"] == KEPT_BY_THE_PHONE
    assert "09:25–09:55" in answer.text
    assert 'href="tel:604-555-0100"' in answer.text
    family = scene.ride().family_id
    with scene.database.transaction(reads_only=True) as session:
        number = session.get_one(Family, family).number
    for hidden in (DOOR, "Carmen", PHONE, number, "Mill Hill", "Lakeview", "09:40", "csrf_token"):
        assert hidden not in answer.text


def test_the_page_for_a_dead_spot_takes_no_message_away(scene, moment):
    uid = scene.accepted()
    moment.at = PICKUP
    scene.take_the_phone()
    scene.phone.post(f"/assignments/{uid}/report", data={"state": "arrived"})
    assert "Saved." not in scene.phone.get("/today/sheet").text
    assert "Saved." in scene.phone.get("/today").text


def test_every_page_with_something_opened_forbids_to_keep_it(scene, moment):
    uid = scene.accepted()
    moment.at = PICKUP
    scene.take_the_phone()
    pages = ("/today", "/offers", "/availability", "/me")
    answers = [scene.phone.get(page) for page in pages]
    answers += [scene.phone.post(f"/assignments/{uid}/{what}") for what in ("reveal", "phone")]
    assert [one.status_code for one in answers] == [200] * 6
    assert {one.headers["Cache-Control"] for one in answers} == {"no-store"}


def test_a_coordinator_who_drives_nobody_has_no_phone_pages(scene):
    assert scene.desk.get("/today").status_code == 403


def test_an_offer_is_timed_from_areas_and_never_from_the_door(scene):
    roads = ByStreet(minutes=11)
    scene.phone.application.extensions[ROADS] = roads
    uid = scene.offered()
    roads.asked.clear()
    page = scene.phone.get(f"/offers/{uid}").text
    with scene.database.transaction(reads_only=True) as session:
        one = session.scalars(select(Assignment)).one()
        ends = [one.driver.start_place, one.ride.pickup_place, one.ride.dropoff_place]
        coarse = [place.coarse_point for place in ends]
        assert point_of(ends[1], vault_of(session)) not in coarse, "nothing was shown by this"
    assert roads.asked == [[*coarse, coarse[0]]]
    assert "about 45 min of your time" in page
    assert "15 min from your start" in page


@pytest.mark.parametrize("basis", Basis)
def test_the_minutes_of_an_offer_are_called_an_estimate_where_they_are_one(scene, basis):
    scene.phone.application.extensions[ROADS] = ByStreet(basis=basis)
    assert ("estimate" in scene.phone.get(f"/offers/{scene.offered()}").text) == basis.is_estimate
