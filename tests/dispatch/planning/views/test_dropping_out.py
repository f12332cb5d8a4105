"""The page that takes a driver out of a day."""

from datetime import timedelta

from sqlalchemy import select

from dispatch.planning.models import AssignmentState, MatchRun
from tests.build import DAY


def address(scene, day=DAY):
    return f"/drivers/{scene.world.driver.uid}/drop-out?day={day}"


def test_the_board_leads_to_it_and_it_says_what_goes_back(scene):
    scene.accepted()
    board = scene.desk.get(scene.on_the_board()).text
    assert address(scene) in board
    page = scene.desk.get(address(scene)).text
    assert "Marta cannot come" in page
    assert "This ride goes back" in page
    assert scene.world.ride.family.number in page


def test_it_is_done_and_the_board_tells_so(scene):
    scene.accepted()
    answer = scene.desk.post(address(scene), data={"day": str(DAY)})
    assert (answer.status_code, answer.location) == (303, f"/board?day={DAY}")
    page = scene.desk.get(answer.location).text
    assert "Marta does not drive on" in page
    assert "One ride looks for another driver." in page
    assert scene.assignment().state is AssignmentState.RELEASED
    with scene.database.session() as session:
        assert session.scalars(select(MatchRun).where(MatchRun.is_repair)).one().service_on == DAY


def test_with_no_ride_nothing_goes_back(scene):
    page = scene.desk.get(address(scene, DAY + timedelta(days=1))).text
    assert "No ride of that day goes back." in page
    answer = scene.desk.post(address(scene, DAY + timedelta(days=1)), follow_redirects=True)
    assert "Marta does not drive on" in answer.text
    assert "look" not in answer.text.partition("Marta does not drive on")[2].partition("<")[0]


def test_a_day_that_is_over_is_refused_on_the_board(scene):
    answer = scene.desk.post(address(scene, DAY - timedelta(days=3)), follow_redirects=True)
    assert "This day is over." in answer.text


def test_another_group_does_not_have_it(scene):
    assert scene.elsewhere.get(address(scene)).status_code == 404
    assert scene.elsewhere.post(address(scene)).status_code == 404
