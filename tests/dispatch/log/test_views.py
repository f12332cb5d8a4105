"""The page of the log."""

import pytest

from dispatch.people.models import User
from tests import build


@pytest.fixture
def desk(database, client_of):
    """Browsers of a coordinator and a steward, and the family whose address was read."""
    with database.transaction() as session:
        group = build.a_group(session)
        family = build.a_family(session, group)
        rosa = session.get_one(User, build.a_coordinator(session, group).user_id)
        steward = session.get_one(User, build.a_steward(session).user_id)
    browsers = {"rosa": client_of(rosa), "steward": client_of(steward)}
    browsers["rosa"].post(f"/families/{family.uid}/reveal?part=address")
    return {**browsers, "family": family}


def test_the_page_shows_the_look_and_no_value(desk):
    for name in ("rosa", "steward"):
        text = desk[name].get("/log").text
        assert "read an address" in text
        assert desk["family"].number in text
        assert "Larch Row" not in text
        assert "Carmen" not in text
    assert (
        "Larch Row" in desk["rosa"].post(f"/families/{desk['family'].uid}/reveal?part=address").text
    )


def test_the_page_of_another_family_says_that_nobody_looked(desk):
    unknown = "00000000-0000-4000-8000-000000000000"
    assert "Nobody looked." in desk["rosa"].get(f"/log?family={unknown}").text


def test_older_entries_are_a_link_away(desk, monkeypatch):
    monkeypatch.setattr("dispatch.log.queries.PAGE", 1)
    desk["rosa"].post(f"/families/{desk['family'].uid}/reveal?part=name")
    first = desk["rosa"].get("/log").text
    assert "Older entries" in first
    assert "To the newest" in desk["rosa"].get("/log?before=2").text


def test_the_record_of_a_family_leads_to_its_log(desk):
    text = desk["rosa"].get(f"/families/{desk['family'].uid}").text
    assert f"/log?family={desk['family'].uid}" in text
