"""The pages for when something went wrong."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from dispatch.db.transactions import Database
from dispatch.people.models import Group, Membership, Role, User
from tests.build import a_driver, a_group, a_user
from tests.conftest import Moment

Come = Callable[[User], FlaskClient]


@pytest.fixture
def group(database: Database) -> Group:
    with database.transaction() as session:
        return a_group(session)


@pytest.fixture
def helena(database: Database) -> User:
    """A steward."""
    with database.transaction() as session:
        return a_user(session, name="Helena", is_steward=True)


@pytest.fixture
def rosa(database: Database, group: Group) -> User:
    """A coordinator."""
    with database.transaction() as session:
        user = a_user(session, name="Rosa")
        session.add(Membership(user=user, group_id=group.id, role=Role.COORDINATOR))
    return user


@pytest.fixture
def marta(database: Database, group: Group) -> User:
    """A driver."""
    with database.transaction() as session:
        return a_driver(session, session.get_one(Group, group.id), name="Marta").user


def _motion(page: str) -> str:
    return page.partition("/motions/")[2][:36]


def test_while_the_service_is_paused_its_pages_say_so(
    client_of: Come, helena: User, rosa: User, marta: User
):
    steward, before = client_of(helena), client_of(rosa)
    assert steward.post("/freeze").location == "/signin"
    assert before.get("/board").location.startswith("/signin?")
    for user, page in ((rosa, "/board"), (marta, "/today")):
        answer = client_of(user).get(page)
        assert answer.status_code == 503
        assert "paused" in answer.text
    assert "paused" in client_of(helena).get("/groups").text


def test_one_asks_for_the_end_and_another_gives_it(
    client_of: Come, helena: User, rosa: User, moment: Moment
):
    client_of(helena).post("/freeze")
    steward, coordinator = client_of(helena), client_of(rosa)
    assert steward.post("/freeze/end").location == "/freeze"
    own = steward.get("/freeze").text
    assert "Somebody else has to say yes" in own
    assert "/motions/" not in own
    uid = _motion(coordinator.get("/freeze").text)
    assert steward.post(f"/motions/{uid}/second").status_code == 404
    assert coordinator.get("/board").status_code == 503
    assert coordinator.post(f"/motions/{uid}/second").status_code == 303
    assert coordinator.get("/board").status_code == 200


def test_pausing_asks_again_who_it_is(client_of: Come, helena: User, moment: Moment):
    steward = client_of(helena)
    moment.pass_by(minutes=15)
    assert steward.post("/freeze").location.startswith("/confirm?")
    assert "Pause the service now" in steward.get("/freeze").text


def test_a_link_that_two_agreed_on_is_shown_to_one_of_them(
    client_of: Come, helena: User, rosa: User, marta: User, group: Group
):
    coordinator, steward = client_of(rosa), client_of(helena)
    page, member = f"/groups/{group.uid}/accounts", f"/groups/{group.uid}/members/{marta.uid}"
    assert coordinator.post(f"{member}/renewed").status_code == 422
    assert coordinator.post(f"{member}/renewal").location == page
    uid = _motion(steward.get("/watch").text)
    assert steward.post(f"/motions/{uid}/second").status_code == 303
    assert "Show the new link" in coordinator.get(page).text
    shown = coordinator.post(f"{member}/renewed")
    assert "/invite/" in shown.text
    assert coordinator.post(f"{member}/renewed").status_code == 422


def test_who_locked_the_own_account_is_let_in_by_a_coordinator(
    client_of: Come, rosa: User, marta: User, group: Group
):
    client_of(marta).post("/me/lock")
    coordinator = client_of(rosa)
    assert "Locked by themselves" in coordinator.get(f"/groups/{group.uid}/accounts").text
    coordinator.post(f"/groups/{group.uid}/members/{marta.uid}/unlock")
    assert client_of(marta).get("/today").status_code == 200


def test_the_accounts_of_another_group_are_not_there(
    client_of: Come, rosa: User, database: Database
):
    with database.transaction() as session:
        other = a_group(session)
    assert client_of(rosa).get(f"/groups/{other.uid}/accounts").status_code == 404
