"""The page of the link, and what a calendar gets."""

import re

from icalendar import Calendar

from tests.dispatch.planning.views.scene import Scene


def link_of(scene):
    page = scene.phone.post("/feed").text
    return re.search(r'value="(http[^"]+\.ics)"', page)[1]


def test_the_link_is_shown_once_and_a_calendar_reads_it_without_an_account(scene, app):
    assert "Make a link" in scene.phone.get("/feed").text
    link = link_of(scene)
    assert link not in scene.phone.get("/feed").text
    scene.accepted()
    answer = app.test_client().get(link)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert answer.headers["Cache-Control"] == "no-store"
    assert len(Calendar.from_ical(answer.data).walk("VEVENT")) == 1


def test_it_holds_no_name_no_place_and_no_planned_minute(scene, app):
    scene.accepted()
    made = app.test_client().get(link_of(scene)).text
    ride = scene.world.ride
    planned = scene.assignment().pickup_at.strftime("%H%M%S")
    for word in ("Marta", "Carmen", ride.family.number, "Lakeview", "Clinic", planned, "Larch"):
        assert word not in made


def test_an_ended_link_is_not_found(scene, app):
    link = link_of(scene)
    answer = scene.phone.post("/feed/end", follow_redirects=True)
    assert "The link shows nothing any more." in answer.text
    assert app.test_client().get(link).status_code == 404


def test_the_driver_comes_to_it_from_the_own_times(scene):
    assert 'href="/feed"' in scene.phone.get("/availability").text


def test_a_coordinator_has_no_such_page(scene: Scene):
    assert scene.desk.get("/feed").status_code == 403
