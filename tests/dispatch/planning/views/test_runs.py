"""Match runs: asked for, watched, stopped."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.planning.models import MatchRun, RunState
from dispatch.planning.service import runs
from dispatch.planning.views.blueprint import ENQUEUE
from tests.build import DAY

HTMX = {"HX-Request": "true"}
BOARD = f"/board?day={DAY}"


@pytest.fixture
def woken(app):
    """The runs for which a worker was woken."""
    woken = []
    app.extensions[ENQUEUE] = woken.append
    return woken


def queued(scene):
    with scene.database.session() as session:
        found = select(MatchRun).where(MatchRun.state != RunState.DONE).order_by(MatchRun.id)
        return list(session.scalars(found))


def test_a_run_is_asked_for_and_a_worker_woken(scene, woken):
    answer = scene.desk.post("/runs", data={"day": DAY})
    assert (answer.status_code, answer.location) == (303, BOARD)
    (run,) = queued(scene)
    assert (run.service_on, run.state) == (DAY, RunState.QUEUED)
    assert woken == [run.uid]


def test_a_week_is_seven_runs(scene, woken):
    answer = scene.desk.post("/runs", data={"day": DAY, "week": "1"})
    assert answer.location == f"/board/week?day={DAY}"
    assert [run.service_on for run in queued(scene)] == [DAY + timedelta(days=n) for n in range(7)]
    assert len(woken) == 7


@pytest.mark.parametrize("day", ["", "tomorrow", "9999-12-31", "0001-01-01"])
def test_without_a_day_nothing_runs(scene, woken, day):
    data = {"day": day, "week": "1"}
    answer = scene.desk.post("/runs", data=data, follow_redirects=True)
    assert answer.request.path == "/board"
    assert "Choose a day." in answer.text
    assert (queued(scene), woken) == ([], [])


def test_a_run_that_has_ended_is_not_stopped_afterwards(scene):
    run_id = scene.proposal().run_id
    with scene.database.session() as session:
        uid = session.get_one(MatchRun, run_id).uid
    assert scene.desk.post(f"/runs/{uid}/stop").status_code == 303
    with scene.database.session() as session:
        run = session.get_one(MatchRun, run_id)
    assert (run.state, run.stop_asked) == (RunState.DONE, False)


def test_a_run_that_waits_shows_its_card_and_asks_again(scene, woken):
    scene.desk.post("/runs", data={"day": DAY})
    answer = scene.desk.get(f"/runs/{woken[0]}", headers=HTMX)
    assert answer.status_code == 200
    assert f"/runs/{woken[0]}/stop" in answer.text
    assert "HX-Refresh" not in answer.headers


def test_a_run_that_ended_makes_the_page_anew(scene):
    uid = scene.proposal().run_id
    with scene.database.session() as session:
        uid = session.get_one(MatchRun, uid).uid
    answer = scene.desk.get(f"/runs/{uid}", headers=HTMX)
    assert answer.headers["HX-Refresh"] == "true"


def test_a_run_without_a_plan_ends_in_a_calm_sentence_on_the_board(scene, woken):
    scene.desk.post("/runs", data={"day": DAY})
    with scene.database.transaction() as session:
        run = session.scalars(select(MatchRun).where(MatchRun.uid == woken[0])).one()
        claimed = runs.claim(session, run.uid, now=scene.world.now)
        runs.fail(session, claimed, "no_plan", now=scene.world.now)
    answer = scene.desk.get(f"/runs/{woken[0]}", headers=HTMX)
    assert answer.headers["HX-Refresh"] == "true"
    page = scene.desk.get(BOARD).text
    assert "The matcher ended before it had a plan. Run it again." in page
    assert f"/runs/{woken[0]}/stop" not in page


def test_a_run_opened_as_a_page_is_the_board_of_its_day(scene, woken):
    scene.desk.post("/runs", data={"day": DAY})
    answer = scene.desk.get(f"/runs/{woken[0]}")
    assert (answer.status_code, answer.location) == (302, BOARD)


def test_a_run_is_stopped(scene, woken):
    scene.desk.post("/runs", data={"day": DAY})
    answer = scene.desk.post(f"/runs/{woken[0]}/stop")
    assert (answer.status_code, answer.location) == (303, BOARD)
    (run,) = queued(scene)
    assert (run.state, run.stop_asked) == (RunState.CANCELLED, True)


def test_a_run_of_another_group_is_not_there(scene, woken):
    scene.desk.post("/runs", data={"day": DAY})
    assert scene.elsewhere.get(f"/runs/{woken[0]}", headers=HTMX).status_code == 404
    assert scene.elsewhere.post(f"/runs/{woken[0]}/stop").status_code == 404
    assert not queued(scene)[0].stop_asked


def test_a_driver_starts_no_run(scene, woken):
    assert scene.phone.post("/runs", data={"day": DAY}).status_code == 403
    assert woken == []
