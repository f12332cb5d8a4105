"""The page of a year in numbers."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from dispatch.people.models import Group, Membership, Role
from dispatch.rides.models import RideState
from tests import build
from tests.conftest import NOW


@pytest.fixture
def group(database) -> Group:
    with database.transaction() as session:
        group = build.a_group(session)
        family = build.a_family(session, group)
        for week in range(1, 8):
            at = NOW - timedelta(weeks=week)
            day = at.date()
            request = build.a_request(session, family, first_on=day, last_on=day)
            build.a_ride(
                session,
                group,
                family=family,
                request=request,
                service_on=day,
                state=RideState.DONE,
                window_starts_at=at,
                window_ends_at=at,
            )
    return group


@pytest.fixture
def desk(database, group: Group, client_of) -> FlaskClient:
    with database.transaction() as session:
        user = build.a_user(session)
        session.add(
            Membership(user=user, group=session.get_one(Group, group.id), role=Role.COORDINATOR)
        )
    return client_of(user)


def test_the_page_says_what_a_year_came_to(desk: FlaskClient, group: Group):
    page = desk.get(f"/groups/{group.uid}/numbers").text
    assert "Rides in numbers" in page
    assert "few" in page
    assert "Medical" in page
    assert f"/groups/{group.uid}/numbers" in desk.get("/board/week").text


@pytest.mark.parametrize("year", ["1999", "20260", "then", ""])
def test_another_year_is_empty_and_nonsense_is_this_one(desk: FlaskClient, group: Group, year: str):
    answer = desk.get(f"/groups/{group.uid}/numbers?year={year}")
    assert answer.status_code == 200
    assert ("No ride of this year is counted yet." in answer.text) == (year == "1999")
