"""What the matcher proposes: a coordinator says yes, or no."""

from dispatch.planning.models import AssignmentState, ProposalState
from dispatch.rides.models import RideState


def test_an_approval_says_who_is_asked_and_shows_the_ride(scene):
    answer = scene.desk.post(f"/proposals/{scene.proposal_uid}/approve", follow_redirects=True)
    assert f"ride={scene.ride_uid}" in answer.request.full_path
    assert "Approved. Marta is asked now." in answer.text
    assert scene.assignment().state is AssignmentState.OFFERED


def test_a_second_approval_is_told_who_was_first(scene):
    scene.offered()
    answer = scene.desk.post(f"/proposals/{scene.proposal_uid}/approve")
    assert answer.status_code == 409
    assert "Rosa approved this" in answer.text


def test_a_no_leaves_the_ride_open(scene):
    answer = scene.desk.post(f"/proposals/{scene.proposal_uid}/decline")
    assert answer.status_code == 303
    assert scene.proposal().state is ProposalState.DECLINED
    assert scene.ride().state is RideState.OPEN


def test_several_at_once_are_counted(scene):
    answer = scene.desk.post(
        "/proposals/approve",
        data={"proposal": [scene.proposal_uid, scene.proposal_uid]},
        follow_redirects=True,
    )
    assert "One ride approved, its driver is asked now." in answer.text


def test_of_several_what_cannot_be_says_why(scene):
    scene.offered()
    answer = scene.desk.post(
        "/proposals/approve", data={"proposal": scene.proposal_uid}, follow_redirects=True
    )
    assert f"{scene.world.ride.family.number} was not approved: Rosa approved this" in answer.text


def test_none_chosen_is_said(scene):
    for data in ({}, {"proposal": "7"}):
        answer = scene.desk.post("/proposals/approve", data=data)
        assert answer.status_code == 422
        assert "Choose at least one proposal." in answer.text


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
