"""Breaking the glass and reviewing it, in a browser without scripts."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from dispatch.glass.models import GlassBreak
from dispatch.people.models import User
from tests import build

REASON = "Carmen waits at the clinic and it closes"
FORM = {"need": "stranded", "reason": REASON}


@pytest.fixture
def desk(database, client_of, moment):
    """Rosa, Tom and a steward with their browsers, and a family that has withdrawn."""
    with database.transaction() as session:
        group = build.a_group(session)
        family = build.a_family(session, group, withdrawn_at=moment.at)
        people = {
            "rosa": build.a_coordinator(session, group),
            "tom": build.a_coordinator(session, group),
            "steward": build.a_steward(session),
        }
        users = {name: session.get_one(User, actor.user_id) for name, actor in people.items()}
    return {
        "family": f"/families/{family.uid}",
        "number": family.number,
        **{name: client_of(user) for name, user in users.items()},
    }


def opened(desk, database):
    """The address of what Rosa opened."""
    assert desk["rosa"].post(f"{desk['family']}/glass", data=FORM).status_code == 303
    with database.transaction(reads_only=True) as session:
        return f"/glass/{session.scalars(select(GlassBreak.uid)).one()}"


def test_a_closed_record_leads_to_the_glass_and_shows_no_seal(desk):
    text = desk["rosa"].get(desk["family"]).text
    assert "Closed: this family has withdrawn" in text
    assert f"{desk['family']}/glass" in text
    assert "reveal?part" not in text


def test_opening_lets_the_record_be_read_and_says_so(desk, database):
    opened(desk, database)
    assert "reveal?part=name" in desk["rosa"].get(desk["family"]).text
    assert "Carmen" in desk["rosa"].post(f"{desk['family']}/reveal?part=name").text
    assert desk["tom"].post(f"{desk['family']}/reveal?part=name").status_code == 404
    assert "In need" in desk["tom"].get(desk["family"]).text


def test_a_form_without_reason_comes_back_with_what_was_typed(desk):
    answer = desk["rosa"].post(f"{desk['family']}/glass", data={"reason": "because"})
    assert answer.status_code == 422
    assert "because" in answer.text
    assert "Choose what is the matter." in answer.text


def test_a_second_family_is_refused_while_one_is_open(desk, database):
    opened(desk, database)
    answer = desk["rosa"].post(f"{desk['family']}/glass", data=FORM)
    assert answer.status_code == 409


def test_the_others_see_it_on_their_next_page(desk, database):
    before = desk["tom"].get("/families").text
    opened(desk, database)
    for name in ("tom", "steward"):
        page = "/families" if name == "tom" else "/groups"
        assert "One alarm to look into" in desk[name].get(page).text
        assert (
            f"Closed family {desk['number']} was opened in need." in desk[name].get("/watch").text
        )
    assert "One alarm to look into" not in before
    assert "alarm to look into" not in desk["rosa"].get("/families").text


def test_the_reason_opens_to_a_colleague_and_not_to_a_steward(desk, database):
    address = opened(desk, database)
    assert REASON not in desk["tom"].get(address).text
    assert REASON in desk["tom"].post(f"{address}/reason").text
    assert "<html" not in desk["tom"].post(f"{address}/reason", headers={"HX-Request": "1"}).text
    assert desk["steward"].post(f"{address}/reason").status_code == 403
    assert desk["number"] in desk["steward"].get(address).text


def test_a_colleague_closes_it_and_reviews(desk, database):
    address = opened(desk, database)
    assert desk["tom"].post(f"{address}/review", data={"verdict": "needed"}).status_code == 409
    assert desk["tom"].post(f"{address}/end").status_code == 303
    assert desk["rosa"].post(f"{desk['family']}/reveal?part=name").status_code == 404
    assert desk["tom"].post(f"{address}/review").status_code == 422
    assert desk["tom"].post(f"{address}/review", data={"verdict": "needed"}).status_code == 303
    assert "It was needed" in desk["steward"].get("/glass").text


def test_who_opened_it_finds_no_review_to_give(desk, database, moment):
    address = opened(desk, database)
    moment.pass_by(minutes=29)
    desk["rosa"].get(address)
    moment.pass_by(minutes=1)
    assert "Somebody else reviews this." in desk["rosa"].get(address).text
    answer = desk["rosa"].post(f"{address}/review", data={"verdict": "needed"})
    assert answer.status_code == 404


def test_a_review_that_is_overdue_is_red_on_every_page(desk, database, client_of):
    opened(desk, database)
    with database.transaction() as session:
        broken = session.scalars(select(GlassBreak)).one()
        broken.starts_at -= timedelta(hours=73)
        broken.ends_at -= timedelta(hours=73)
        broken.review_by -= timedelta(hours=73)
    for name, page in (("tom", "/families"), ("steward", "/groups")):
        assert "not reviewed in time" in desk[name].get(page).text
    assert "Overdue since" in desk["tom"].get("/glass").text
