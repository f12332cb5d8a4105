"""What the matcher proposes: a coordinator says yes, or no."""

import pytest
from sqlalchemy import select

from dispatch.drivers.models import DayOff, Driver
from dispatch.people.models import Group
from dispatch.planning.models import AssignmentState, Proposal, ProposalState
from dispatch.rides.models import Ride, RideState
from tests.build import DAY, a_driver
from tests.dispatch.planning.views.scene import Scene


def test_an_approval_says_who_is_asked_and_shows_the_ride(scene):
    answer = scene.desk.post(f"/proposals/{scene.proposal_uid}/approve", follow_redirects=True)
    assert f"ride={scene.ride_uid}" in answer.request.full_path
    assert "Approved. Marta is asked now." in answer.text
    assert scene.assignment().state is AssignmentState.OFFERED


def test_a_second_approval_is_told_who_was_first(scene):
    scene.offered()
    answer = scene.desk.post(f"/proposals/{scene.proposal_uid}/approve", follow_redirects=True)
    assert "Rosa approved this" in answer.text


def changed(scene):
    scene.change_ride(version=2)


def busy(scene):
    with scene.database.transaction() as session:
        driver = session.get_one(Driver, scene.world.driver.id)
        driver.days_off = [DayOff(first_on=DAY, last_on=DAY)]


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (Scene.offered, "Rosa approved this"),
        (changed, "This ride was changed after the matcher saw it."),
        (busy, "The driver does not offer enough time then"),
    ],
)
def test_a_refused_approval_is_back_on_the_board_with_its_reason(scene, spoil, sentence, headers):
    spoil(scene)
    given = scene.assignment()
    answer = scene.desk.post(f"/proposals/{scene.proposal_uid}/approve", headers=headers)
    assert (answer.status_code, answer.location) == (303, scene.on_the_board())
    assert sentence in scene.desk.get(answer.location).text
    assert (scene.assignment() and scene.assignment().id) == (given and given.id)


def test_the_reason_of_a_refusal_is_in_the_language_of_whoever_asked(scene):
    scene.offered()
    scene.desk.post("/language", data={"language": "es"})
    answer = scene.desk.post(f"/proposals/{scene.proposal_uid}/approve", follow_redirects=True)
    assert "Rosa lo aprobó" in answer.text


def test_a_proposal_that_a_newer_plan_replaced_gives_the_ride_to_nobody_else(scene):
    with scene.database.transaction() as session:
        scene.world.session = session
        session.get_one(Proposal, scene.world.proposal.id).state = ProposalState.SUPERSEDED
        session.flush()
        yusuf = a_driver(session, session.get_one(Group, scene.world.group.id), name="Yusuf")
        scene.world.propose(session.get_one(Ride, scene.world.ride.id), yusuf)
    for address in (f"/proposals/{scene.proposal_uid}/approve", "/proposals/approve"):
        data = {"proposal": scene.proposal_uid}
        answer = scene.desk.post(address, data=data, follow_redirects=True)
        assert "A newer plan has taken the place of this proposal." in answer.text
    assert scene.assignment() is None


def test_a_second_no_is_told_that_there_was_one(scene):
    scene.desk.post(f"/proposals/{scene.proposal_uid}/decline")
    answer = scene.desk.post(f"/proposals/{scene.proposal_uid}/decline")
    assert (answer.status_code, answer.location) == (303, scene.on_the_board())
    assert "This proposal was declined before." in scene.desk.get(answer.location).text


def test_a_no_leaves_the_ride_open(scene):
    answer = scene.desk.post(f"/proposals/{scene.proposal_uid}/decline")
    assert answer.status_code == 303
    assert scene.proposal().state is ProposalState.DECLINED
    assert scene.ride().state is RideState.OPEN


def test_an_approval_is_undone_from_the_toast_that_tells_of_it(scene):
    page = scene.desk.post(f"/proposals/{scene.proposal_uid}/approve", follow_redirects=True).text
    address = f"/assignments/undo?assignment={scene.assignment().uid}"
    assert f'action="{address}"' in page
    answer = scene.desk.post(address)
    assert (answer.status_code, answer.location) == (303, scene.on_the_board())
    assert "Undone. Nobody is asked." in scene.desk.get(answer.location).text
    assert scene.proposal().state is ProposalState.LIVE


def test_several_approvals_are_undone_together(scene):
    data = {"proposal": scene.proposal_uid}
    page = scene.desk.post("/proposals/approve", data=data, follow_redirects=True).text
    assert f'action="/assignments/undo?assignment={scene.assignment().uid}"' in page


def test_what_cannot_be_undone_says_why(scene):
    uid = scene.accepted()
    answer = scene.desk.post(f"/assignments/undo?assignment={uid}", follow_redirects=True)
    assert "The driver has answered already. Nothing was undone." in answer.text
    assert scene.assignment().state is AssignmentState.ACCEPTED


@pytest.mark.parametrize("asked", ["", "?assignment=7"])
def test_nothing_to_undo_is_not_found(scene, asked):
    assert scene.desk.post(f"/assignments/undo{asked}").status_code == 404


def test_a_no_is_undone_too(scene):
    page = scene.desk.post(f"/proposals/{scene.proposal_uid}/decline", follow_redirects=True).text
    address = f"/proposals/{scene.proposal_uid}/undecline"
    assert f'action="{address}"' in page
    assert "It waits for a decision again." in scene.desk.post(address, follow_redirects=True).text
    assert scene.proposal().state is ProposalState.LIVE
    again = scene.desk.post(address, follow_redirects=True)
    assert "This ride was changed meanwhile." in again.text


def test_several_at_once_are_counted(scene):
    answer = scene.desk.post(
        "/proposals/approve",
        data={"proposal": [scene.proposal_uid, scene.proposal_uid]},
        follow_redirects=True,
    )
    assert "One ride approved, its driver is asked now." in answer.text


@pytest.mark.parametrize("which", [0, 1])
def test_one_action_on_the_record_of_either_way_covers_both(scene, which):
    uids = scene.both_ways()
    with scene.database.session() as session:
        found = session.scalars(select(Proposal).where(Proposal.uid == uids[which])).one()
        record = f"/rides/{found.ride.uid}"
    page = scene.desk.get(record).text
    assert page.count("Approve both ways") == 1
    assert "For both ways" in scene.desk.get(f"{record}/assign").text
    answer = scene.desk.post(f"/proposals/{uids[which]}/approve", follow_redirects=True)
    assert "Approved for both ways. Marta is asked now." in answer.text
    assert "Take back both ways" in scene.desk.get(record).text


def test_of_several_what_cannot_be_says_why(scene):
    scene.offered()
    answer = scene.desk.post(
        "/proposals/approve", data={"proposal": scene.proposal_uid}, follow_redirects=True
    )
    assert f"{scene.world.ride.family.number} was not approved: Rosa approved this" in answer.text


def test_none_chosen_is_said(scene):
    board = f"/board?day={DAY}&state=proposed"
    for data in ({}, {"proposal": "7"}):
        headers = {"Referer": f"http://localhost{board}"}
        answer = scene.desk.post("/proposals/approve", data=data, headers=headers)
        assert (answer.status_code, answer.location) == (303, board)
        assert "Choose at least one proposal." in scene.desk.get(board).text


@pytest.mark.parametrize("told", ["", "https://example.org/board", "http://localhost//example.org"])
def test_nobody_is_sent_away_from_these_pages(scene, told):
    headers = {"Referer": told} if told else {}
    answer = scene.desk.post("/runs", data={"day": "soon"}, headers=headers)
    assert answer.location == "/board"


def test_a_proposal_of_another_group_is_not_there(scene):
    for address in (
        f"/proposals/{scene.proposal_uid}/approve",
        f"/proposals/{scene.proposal_uid}/decline",
    ):
        assert scene.elsewhere.post(address).status_code == 404
    many = scene.elsewhere.post("/proposals/approve", data={"proposal": scene.proposal_uid})
    assert many.status_code == 404
    assert scene.proposal().state is ProposalState.LIVE


def test_a_driver_approves_nothing(scene):
    assert scene.phone.post(f"/proposals/{scene.proposal_uid}/approve").status_code == 403
