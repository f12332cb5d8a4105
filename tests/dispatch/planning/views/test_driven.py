"""The driver's own rides with how far they were, and the desk's sheet."""

from datetime import timedelta

import pytest

from tests.build import DAY
from tests.dispatch.planning.service.world import PICKUP

STEPS = ("arrived", "onboard", "done")


@pytest.fixture
def address(scene, moment) -> str:
    """Where a ride that was just driven is corrected."""
    uid = scene.accepted()
    moment.at = PICKUP + timedelta(minutes=20)
    scene.take_the_phone()
    scene.take_the_desk()
    for state in STEPS:
        scene.phone.post(f"/assignments/{uid}/report", data={"state": state})
    return f"/assignments/{uid}/driven"


def test_a_ride_is_filled_in_marked_and_corrected(scene, address):
    page = scene.phone.get("/driven").text
    assert "estimate" in page
    assert address in page
    typed = {"distance": "12,5", "minutes": "31"}
    page = scene.phone.post(address, data=typed, follow_redirects=True).text
    assert "12.5 km · 31 min" in page
    assert "31 min · estimate" not in page
    assert scene.assignment().driven_metres == 12_500


@pytest.mark.parametrize(
    "typed", [{}, {"distance": "far", "minutes": "31"}, {"distance": "1", "minutes": "-1"}]
)
def test_what_is_no_number_comes_back_with_the_mend(scene, address, typed):
    answer = scene.phone.post(address, data=typed)
    assert answer.status_code == 422
    assert "at most 999" in answer.text
    assert scene.assignment().driven_metres is None


def test_after_two_weeks_there_is_no_form_and_no_change(scene, address, moment):
    moment.at = PICKUP + timedelta(days=15)
    scene.take_the_phone()
    assert address not in scene.phone.get("/driven").text
    answer = scene.phone.post(
        address, data={"distance": "1", "minutes": "1"}, follow_redirects=True
    )
    assert "for two weeks after a ride" in answer.text
    assert scene.assignment().driven_metres is None


def test_the_desk_takes_a_sheet_without_names(scene, address):
    assert "/driven/sheet" in scene.desk.get("/drivers").text
    answer = scene.desk.get(f"/driven/sheet?month={DAY:%Y-%m}")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    head, row = answer.text.strip().splitlines()
    assert row.startswith(f"{scene.world.driver.number},2027-03,1,")
    assert "Marta" not in answer.text
    empty = scene.desk.get("/driven/sheet?month=2026-01").text
    assert empty.strip() == head


def test_an_odd_month_is_this_one(scene, address):
    here = scene.desk.get("/driven/sheet").text
    assert scene.desk.get("/driven/sheet?month=soon").text == here


def test_a_driver_takes_no_sheet_and_the_desk_corrects_nothing(scene, address):
    assert scene.phone.get("/driven/sheet").status_code == 403
    assert "/driven/sheet" not in scene.phone.get("/drivers").text
    assert scene.desk.post(address, data={"distance": "1", "minutes": "1"}).status_code == 403
