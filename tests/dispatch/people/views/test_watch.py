"""The page of what needs somebody's eyes."""

import pytest
from flask import Flask

from dispatch.audit.verifying import Verdict
from dispatch.db.transactions import Database
from dispatch.people import service
from dispatch.people.models import Alarm, Group, Motion
from tests.conftest import Moment
from tests.security import world
from tests.security.world import World


@pytest.fixture
def made(database: Database, moment: Moment) -> World:
    """A world with an alarm and a motion."""
    return world.make(database, moment.at)


def _kept(database: Database, made: World) -> tuple[Alarm, Motion, Group]:
    with database.transaction(reads_only=True) as session:
        things = made.ours.things
        return tuple(
            session.get_one(kind, things[name].id)
            for name, kind in (("alarm", Alarm), ("motion", Motion), ("group", Group))
        )


def test_every_desk_page_says_that_something_waits(app: Flask, made: World):
    page = made.browser(app, "coordinator").get("/families").text
    assert "One alarm to look into" in page
    assert "One thing waits for you as the second person" in page
    assert 'href="/watch"' in page


def test_a_driver_learns_nothing_of_it(app: Flask, made: World):
    browser = made.browser(app, "driver")
    assert browser.get("/watch").status_code == 403
    assert "/watch" not in browser.get("/today").text


def test_taking_an_alarm_clears_the_page(app: Flask, database: Database, made: World):
    browser = made.browser(app, "coordinator")
    answer = browser.post(f"/alarms/{made.ours.things['alarm'].uid}/take")
    assert answer.headers["Location"] == "/watch"
    assert "No alarms." in browser.get("/watch").text
    assert _kept(database, made)[0].taken_by_id == made.ours.coordinator.id


def test_a_second_person_says_yes(app: Flask, database: Database, made: World):
    browser = made.browser(app, "coordinator")
    browser.post(f"/motions/{made.ours.things['motion'].uid}/second")
    assert "Done: two persons wanted it." in browser.get("/watch").text
    assert _kept(database, made)[1].seconded_by_id == made.ours.coordinator.id


def test_a_second_person_says_no(app: Flask, database: Database, made: World):
    browser = made.browser(app, "coordinator")
    browser.post(f"/motions/{made.ours.things['motion'].uid}/end")
    _alarm, motion, _group = _kept(database, made)
    assert (motion.seconded_at, motion.ended_by_id) == (None, made.ours.coordinator.id)
    browser.post(f"/motions/{motion.uid}/second")
    assert "Nothing was changed." in browser.get("/watch").text
    assert _kept(database, made)[1].seconded_at is None


def test_an_alarm_that_somebody_else_took_says_so(app: Flask, database: Database, made: World):
    address = f"/alarms/{made.ours.things['alarm'].uid}/take"
    made.browser(app, "coordinator").post(address)
    steward = made.browser(app, "steward")
    steward.post(address)
    assert "Somebody has looked into this before." in steward.get("/watch").text


def test_a_steward_is_led_to_a_log_that_was_changed_and_the_desk_is_not(
    app: Flask, database: Database, made: World, moment: Moment
):
    broken = Verdict(rows=9, broken_at=7, anchors=1, missing_from=None, untrue=0)
    with database.transaction() as session:
        service.tell_tampering(session, broken, now=moment.at)
    steward, desk = made.browser(app, "steward"), made.browser(app, "coordinator")
    page = steward.get("/groups").text
    assert "The log of who saw what was changed from outside." in page
    assert "It was not you?" not in page
    page = steward.get("/watch").text
    assert "The log of who saw what was changed at row 7." in page
    assert "The whole service" in page
    assert "log of who saw what was changed" not in desk.get("/watch").text
