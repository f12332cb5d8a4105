"""Open ways back on the phone."""

import pytest

from dispatch.people.facts import Claims
from dispatch.people.models import Group
from tests.build import a_driver
from tests.dispatch.claims.conftest import Stranded

DOOR = "48 Larch Row"


class Phones:
    """Two drivers and the desk, over a committed world."""

    def __init__(self, database, client_of, now) -> None:
        self.database = database
        with database.transaction() as session:
            world = Stranded(session, now)
            other = a_driver(session, world.group)
            users = (world.driver.user, other.user)
            self.group_id, self.uid = world.group.id, world.back.uid
            self.number = world.ride.family.number
        self.marta, self.yusuf = (client_of(user) for user in users)

    def let(self, claims: Claims) -> None:
        with self.database.transaction() as session:
            session.get_one(Group, self.group_id).claims = claims


@pytest.fixture
def phones(database, client_of, moment):
    return Phones(database, client_of, moment.at)


def test_a_way_back_is_shown_by_areas_and_never_by_a_door(phones):
    assert f"/open/{phones.uid}" in phones.marta.get("/offers").text
    page = phones.marta.get(f"/open/{phones.uid}").text
    assert "I can do this one" in page
    assert "Mill Hill" in page
    for secret in (DOOR, "Carmen", phones.number):
        assert secret not in page


def test_a_hand_goes_up_and_stays_up(phones):
    address = f"/open/{phones.uid}"
    answer = phones.marta.post(f"{address}/claim", follow_redirects=True)
    assert "The desk knows that you can, and will ask you" in answer.text
    assert "I can do this one" not in phones.marta.get(address).text
    assert "The desk knows that you can." in phones.marta.get("/offers").text


def test_the_first_of_two_has_it_and_the_other_reads_so_kindly(phones):
    phones.let(Claims.TAKE)
    first = phones.marta.post(f"/open/{phones.uid}/claim")
    assert first.location == "/today"
    for answer in (
        phones.yusuf.post(f"/open/{phones.uid}/claim", follow_redirects=True),
        phones.yusuf.get(f"/open/{phones.uid}"),
    ):
        assert "Somebody else took this ride. Thank you for answering." in answer.text
    assert f"/open/{phones.uid}" not in phones.yusuf.get("/offers").text


def test_where_the_group_does_not_let_them_there_is_nothing_to_see(phones):
    phones.let(Claims.NONE)
    assert f"/open/{phones.uid}" not in phones.marta.get("/offers").text
    assert "I can do this one" not in phones.marta.get(f"/open/{phones.uid}").text
