"""The page about what is kept, and what a family's record says of it."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch.erasing.models import LegalHold
from dispatch.erasing.service import running
from dispatch.families.models import Family
from dispatch.people.models import Membership, Role, UserState
from tests import build
from tests.conftest import NOW


@pytest.fixture
def family(database) -> Family:
    with database.transaction() as session:
        group = build.a_group(session)
        user = build.a_user(session)
        session.add(Membership(user=user, group=group, role=Role.COORDINATOR))
        family = build.a_family(session, group, made_at=NOW)
        family.coordinator = user
    return family


@pytest.fixture
def desk(family, client_of) -> FlaskClient:
    return client_of(family.coordinator)


def test_the_record_says_when_a_family_is_erased(desk: FlaskClient, family: Family):
    page = desk.get(f"/families/{family.uid}/kept").text
    assert "Erased on Monday 7 June" in page
    assert "<html" in page
    part = desk.get(f"/families/{family.uid}/kept", headers={"HX-Request": "true"}).text
    assert "<html" not in part


def test_a_family_past_its_day_is_red(desk: FlaskClient, family: Family, database, moment):
    with database.transaction() as session:
        session.get_one(Family, family.id).made_at = NOW - timedelta(days=100)
    assert "Was due on" in desk.get(f"/families/{family.uid}/kept").text
    page = desk.get("/retention").text
    assert "Was due on" in page
    assert family.number in page


def test_the_page_shows_the_table_and_the_last_runs(desk: FlaskClient, database):
    page = desk.get("/retention").text
    assert "Nothing was erased yet." in page
    assert "the last day it asked for a ride" in page
    running.run(database, now=NOW)
    assert "agree" in desk.get("/retention").text


def test_a_steward_sees_the_table_and_no_family(
    desk: FlaskClient, family: Family, database, client_of
):
    with database.transaction() as session:
        steward = build.a_user(session, is_steward=True)
        session.get_one(Family, family.id).withdrawn_at = NOW
    assert family.number in desk.get("/retention").text
    page = client_of(steward).get("/retention")
    assert page.status_code == 200
    assert family.number not in page.text


def test_a_hold_is_asked_for_and_ended(desk: FlaskClient, family: Family, database):
    form = {"reason": "A court asked for the record of this family.", "days": "30"}
    assert desk.post(f"/families/{family.uid}/hold", data=form).status_code == 303
    assert "another person has to agree" in desk.get(f"/families/{family.uid}/kept").text
    assert "Waits for a second person" in desk.get("/retention").text
    assert desk.post(f"/families/{family.uid}/hold/end").status_code == 303
    assert desk.post(f"/families/{family.uid}/hold/end").status_code == 303
    with database.transaction(reads_only=True) as session:
        assert session.scalars(select(LegalHold)).one().ended_at == NOW


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"reason": "short", "days": "30"}, "Give a reason of at least 20 characters."),
        ({"reason": "x" * 20, "days": "91"}, "A hold lasts from 1 to 90 days."),
        ({"reason": "x" * 20, "days": "many"}, "A hold lasts from 1 to 90 days."),
    ],
)
def test_a_form_that_cannot_be_comes_back_with_what_was_typed(
    desk: FlaskClient, family: Family, form: dict, said: str
):
    answer = desk.post(f"/families/{family.uid}/hold", data=form)
    assert answer.status_code == 422
    assert said in answer.text
    assert form["reason"] in answer.text


def test_a_steward_asks_for_an_account_to_be_erased(family: Family, database, client_of):
    with database.transaction() as session:
        steward = build.a_user(session, is_steward=True)
        user = session.get_one(type(steward), family.coordinator.id)
        user.state = UserState.SUSPENDED
        group = user.memberships[0].group.uid
    browser = client_of(steward)
    answer = browser.post(f"/groups/{group}/members/{user.uid}/erase")
    assert answer.status_code == 303
    assert "once another person agrees" in browser.get(f"/groups/{group}").text
