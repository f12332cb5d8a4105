"""The board's pages: what a coordinator sees of a day, a week, and on paper."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from dispatch.people.models import Group
from dispatch.planning.models import MatchRun, Proposal, ProposalState, RunState
from dispatch.rides.models import Leg, Ride, RideState
from tests.build import DAY, a_driver, a_ride
from tests.dispatch.planning.views.scene import Scene

ADDRESS = f"/board?day={DAY}"
SECRETS = ("48 Larch Row", "5 Quay St", "Carmen", "604-555-0117")


@pytest.fixture
def scene(database, client_of, now):
    return Scene(database, client_of, now)


def test_a_day_shows_what_waits_for_a_yes_and_picks_it(scene):
    page = scene.desk.get(ADDRESS).text
    assert f"/proposals/{scene.proposal_uid}/approve" in page
    assert scene.world.ride.family.number in page
    assert "Marta" in page
    assert 'aria-current="true"' in page


@pytest.mark.parametrize("is_estimate", [True, False])
def test_estimated_times_are_marked_in_the_list_and_on_the_card(scene, is_estimate):
    with scene.database.transaction() as session:
        proposal = session.scalars(select(Proposal)).one()
        proposal.is_estimate = is_estimate
    page = scene.desk.get(ADDRESS).text
    assert ("estimated times" in page) == is_estimate
    picked = page[page.index('id="pick"') :]
    assert (" · estimate" in picked) == is_estimate


@pytest.mark.parametrize("is_estimate", [True, False])
def test_estimated_times_are_marked_on_paper(scene, is_estimate):
    with scene.database.transaction() as session:
        session.scalars(select(Proposal)).one().is_estimate = is_estimate
    page = scene.desk.get(f"/board/print?day={DAY}").text
    assert ("they are estimates" in page) == is_estimate


def test_both_ways_of_a_waiting_driver_are_approved_by_one_button(scene):
    first, second = scene.both_ways()
    page = scene.desk.get(ADDRESS).text
    assert page.count("Approve both ways") == 1
    assert page.count("decided with the way there") == 1
    assert f"/proposals/{first}/approve" in page
    assert f"/proposals/{second}/approve" not in page
    assert f'name="proposal" value="{second}"' not in page


def test_a_way_back_of_its_own_is_approved_by_itself(scene):
    first, second = scene.both_ways()
    with scene.database.transaction() as session:
        gone = session.scalars(select(Proposal).where(Proposal.uid == first)).one()
        gone.state = ProposalState.SUPERSEDED
    page = scene.desk.get(ADDRESS).text
    assert "both ways" not in page
    assert f"/proposals/{second}/approve" in page


def test_returns_without_a_driver_alarm_in_the_words_of_their_state(scene):
    states = [RideState.OPEN, RideState.OFFERED, RideState.WILL_CALL, RideState.OPEN]
    with scene.database.transaction() as session:
        group = session.get_one(Group, scene.world.group.id)
        for state in states:
            out = a_ride(session, group, state=RideState.DONE)
            session.flush()
            a_ride(session, group, family=out.family, leg=Leg.RETURN, outbound=out, state=state)
    page = scene.desk.get(ADDRESS).text
    assert "4 returns without a driver" in page
    assert page.count("and nobody has the way back.</span>") == 3
    assert page.count("They will say when they are ready") == 1
    assert page.count("has not answered yet") == 1
    assert "<summary>1 more</summary>" in page


@pytest.mark.parametrize("address", [ADDRESS, f"/board/week?day={DAY}", f"/board/print?day={DAY}"])
def test_no_page_of_the_board_knows_a_door_or_a_name(scene, address):
    answer = scene.desk.get(address)
    assert answer.status_code == 200
    assert [one for one in SECRETS if one in answer.text] == []


def test_the_rides_of_another_group_are_not_on_the_board(scene):
    for address in (ADDRESS, f"/board/print?day={DAY}"):
        page = scene.elsewhere.get(address).text
        assert scene.world.ride.family.number not in page
        assert str(scene.ride_uid) not in page


def test_a_ride_of_another_group_cannot_be_picked(scene):
    address = f"{ADDRESS}&ride={scene.ride_uid}"
    page = scene.elsewhere.get(address, headers={"HX-Target": "pick"}).text
    assert scene.world.ride.family.number not in page


def test_a_day_that_is_none_is_today(scene):
    page = scene.desk.get("/board?day=someday").text
    assert "/board?day=2027-03-07" in page
    assert "/board?day=2027-03-09" in page


def test_one_state_shows_only_its_rides(scene):
    line = f'<li class="ride is-proposed" data-ride="{scene.ride_uid}"'
    assert line in scene.desk.get(f"{ADDRESS}&state=proposed").text
    assert line not in scene.desk.get(f"{ADDRESS}&state=done").text


def test_a_picked_ride_comes_as_a_piece_of_the_page(scene):
    answer = scene.desk.get(f"{ADDRESS}&ride={scene.ride_uid}", headers={"HX-Target": "pick"})
    assert "<html" not in answer.text
    assert scene.world.ride.family.number in answer.text


def test_a_week_counts_its_days(scene):
    page = scene.desk.get("/board/week?day=2027-03-08").text
    assert all(f"day=2027-03-{day:02d}" in page for day in range(8, 15))
    for week in ("2027-03-01", "2027-03-15"):
        assert f'href="/board/week?day={week}"' in page


def test_a_week_says_of_each_day_who_is_free_and_what_plan_there_is(scene):
    def days() -> list[str]:
        page = scene.desk.get("/board/week?day=2027-03-08").text
        return re.findall(r'<tr><th scope="row">.*?</tr>', page, flags=re.DOTALL)

    monday, tuesday = days()[:2]
    assert re.search(r'data-label="Drivers free">\s*1<', tuesday)
    assert "Not matched yet" in monday
    for result, words in (
        ({"rides": 2, "served": 1, "proven": True}, "Proven best"),
        ({"rides": 2, "served": 1, "proven": False, "gap": 0.01}, "Best found"),
    ):
        with scene.database.transaction() as session:
            (run,) = session.scalars(select(MatchRun).where(MatchRun.service_on == DAY))
            run.result, run.ended_at = result, run.asked_at
        assert words in days()[1]
        assert "1 of 2" in days()[1]


def test_the_day_on_paper_leaves_out_what_was_cancelled(scene):
    number = scene.world.ride.family.number
    assert number in scene.desk.get(f"/board/print?day={DAY}").text
    form = {"version": scene.ride().version, "reason": "family"}
    scene.desk.post(f"/rides/{scene.ride_uid}/cancel", data=form)
    assert number not in scene.desk.get(f"/board/print?day={DAY}&type=large").text


def test_a_driver_has_no_board(scene):
    assert scene.phone.get(ADDRESS).status_code == 403


def test_an_open_board_that_asks_again_is_told_when_nothing_is_new(scene):
    page = scene.desk.get(ADDRESS).text
    mark = re.search(r'"If-None-Match": "\\"(\w+)', page).group(1)
    asked = {"If-None-Match": f'"{mark}"'}
    same = scene.desk.get(ADDRESS, headers=asked)
    assert (same.status_code, same.data) == (304, b"")
    scene.desk.post(f"/proposals/{scene.proposal_uid}/approve")
    changed = scene.desk.get(ADDRESS, headers=asked)
    assert changed.status_code == 200
    assert 'id="main"' in changed.text


def a_repair(scene, *, is_done=True):
    """The day's latest run, a repair that gives the proposed ride to somebody else."""
    with scene.database.transaction() as session:
        scene.world.session = session
        scene.world.group = group = session.get_one(Group, scene.world.group.id)
        proposal = session.get_one(Proposal, scene.world.proposal.id)
        proposal.state = ProposalState.SUPERSEDED
        proposal.run.ended_at = scene.world.now
        session.flush()
        yusuf = a_driver(session, group, name="Yusuf")
        made = scene.world.propose(session.get_one(Ride, scene.world.ride.id), yusuf)
        made.run.is_repair, made.run.ended_at = True, scene.world.now + timedelta(minutes=1)
        made.run.state = RunState.DONE if is_done else RunState.FAILED
        made.run.result = {"served": 1, "rides": 1, "proven": True}


def changes_on(page):
    return page.partition('id="changes"')[2].partition("</section>")[0]


def test_what_a_repair_changed_is_shown_ride_by_ride(scene):
    a_repair(scene)
    told = changes_on(scene.desk.get(f"/board?day={DAY}").text)
    assert scene.world.ride.family.number in told
    assert told.index("Marta") < told.index("Yusuf")


def test_other_runs_and_a_repair_that_failed_show_no_changes(scene):
    assert not changes_on(scene.desk.get(f"/board?day={DAY}").text)
    a_repair(scene, is_done=False)
    assert not changes_on(scene.desk.get(f"/board?day={DAY}").text)


def test_a_plan_with_an_open_ride_can_be_repaired(scene):
    button = 'name="repair"'
    assert button not in scene.desk.get(f"/board?day={DAY}").text
    with scene.database.transaction() as session:
        a_ride(session, session.get_one(Group, scene.world.group.id))
    assert button in scene.desk.get(f"/board?day={DAY}").text
    asked = [({}, False), ({"repair": "1"}, True), ({"repair": "1", "week": "1"}, False)]
    for data, is_repair in asked:
        with scene.database.transaction() as session:
            session.execute(update(MatchRun).values(state=RunState.DONE))
        scene.desk.post("/runs", data={"day": str(DAY), **data})
        with scene.database.session() as session:
            newest = select(MatchRun).where(MatchRun.state == RunState.QUEUED)
            assert {one.is_repair for one in session.scalars(newest)} == {is_repair}
