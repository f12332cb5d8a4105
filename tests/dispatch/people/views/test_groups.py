"""The steward's pages."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dispatch.audit import service as audit
from dispatch.audit.models import AuditEvent
from dispatch.db.transactions import Database
from dispatch.people.models import Group, Membership, Role, User, UserState
from tests.build import a_driver, a_family, a_group, a_home, a_user

ClientOf = Callable[[User], FlaskClient]
SETTINGS = {
    "name": "Alder Bay Rides",
    "time_zone": "America/Vancouver",
    "language": "en",
    "desk_phone": "604-555-0100",
    "grant_before_minutes": "120",
    "grant_after_minutes": "60",
    "most_seats": "6",
    "board_minutes": "5",
    "alight_minutes": "3",
    "flexible_minutes": "30",
    "even_load_seconds": "300",
    "ride_days": "30",
    "family_days": "90",
    "message_days": "14",
    "quiet_from_hour": "21",
    "quiet_until_hour": "7",
}
ANNA = {"name": "Anna", "email": "anna@example.org", "role": "coordinator", "language": "en"}


@pytest.fixture
def steward(database: Database, client_of: ClientOf) -> FlaskClient:
    """A steward's browser."""
    with database.transaction() as session:
        user = a_user(session, name="Stella", is_steward=True)
    return client_of(user)


@pytest.fixture
def group(database: Database) -> Group:
    with database.transaction() as session:
        return a_group(session, name="Alder Bay Rides")


def _link(page: str) -> str:
    return re.search(r'id="f-link"[^>]*value="http://localhost(/invite/[^"]+)"', page).group(1)


def _member(database: Database, group: Group, role: Role, **values: object) -> User:
    with database.transaction() as session:
        user = a_user(session, **values)
        session.add(Membership(user=user, group_id=group.id, role=role))
    return user


def test_a_steward_says_where_a_group_drives(
    steward: FlaskClient, group: Group, database: Database
):
    page = steward.get(f"/groups/{group.uid}").text
    assert "Alder Bay Rides" in re.search(r"data-map='([^']+)'", page)[1]
    version = re.search(r'name="version" value="(\w+)"', page)[1]
    sent = {**SETTINGS, "version": version, "latitude": "49.5", "longitude": "-122.5"}
    assert steward.post(f"/groups/{group.uid}", data=sent).status_code == 303
    with database.transaction(reads_only=True) as session:
        stored = session.get_one(Group, group.id)
        assert (stored.latitude, stored.longitude) == (49.5, -122.5)
    assert 'value="49.5"' in steward.get(f"/groups/{group.uid}").text


def test_a_steward_makes_a_group_and_is_led_to_it(steward: FlaskClient):
    answer = steward.post("/groups", data=SETTINGS)
    assert answer.status_code == 303
    page = steward.get(answer.location).text
    assert "<h1>Alder Bay Rides</h1>" in page
    assert "Nobody yet" in page
    assert "Alder Bay Rides" in steward.get("/groups").text


def test_what_was_typed_for_a_group_stays_when_it_cannot_be(
    steward: FlaskClient, database: Database
):
    wrong = {**SETTINGS, "most_seats": "99", "time_zone": "Mars/Olympus"}
    answer = steward.post("/groups", data=wrong)
    assert answer.status_code == 422
    assert 'value="99"' in answer.text
    assert "Write a whole number from 1 to 20." in answer.text
    with database.transaction(reads_only=True) as session:
        assert session.scalar(select(func.count(Group.id))) == 0


def test_the_settings_are_named_in_the_language_of_who_looks(
    client_of: ClientOf, group: Group, database: Database
):
    with database.transaction() as session:
        users = {one: a_user(session, is_steward=True, language=one) for one in ("en", "es")}
    pages = {one: client_of(user).get(f"/groups/{group.uid}").text for one, user in users.items()}
    for page in (pages, {one: client_of(users[one]).get("/groups/new").text for one in users}):
        assert "Minutes before the pickup" in page["en"]
        assert "Minutes before the pickup" not in page["es"]


def test_a_steward_says_when_drivers_are_reminded(steward: FlaskClient, group: Group):
    def checked() -> set[str]:
        page = steward.get(f"/groups/{group.uid}").text
        return set(re.findall(r'name="(reminds_[a-z_]+)" value="1" checked', page))

    assert checked() == {"reminds_day", "reminds_same_day"}
    page = steward.get(f"/groups/{group.uid}").text
    version = re.search(r'name="version" value="(\w+)"', page)[1]
    sent = {**SETTINGS, "version": version, "reminds_week": "1"}
    assert steward.post(f"/groups/{group.uid}", data=sent).status_code == 303
    assert checked() == {"reminds_week"}


def test_settings_are_changed_on_the_groups_page(steward: FlaskClient, group: Group):
    address = f"/groups/{group.uid}"
    version = re.search(r'name="version" value="(\w+)"', steward.get(address).text).group(1)
    changed = {**SETTINGS, "grant_before_minutes": "90", "version": version}
    assert steward.post(address, data=changed).status_code == 303
    assert 'name="grant_before_minutes" type="text" value="90"' in steward.get(address).text
    late = {**SETTINGS, "name": "Mine", "version": version}
    answer = steward.post(address, data=late)
    assert answer.status_code == 409
    assert "Somebody else changed these settings" in answer.text
    assert "<h1>Alder Bay Rides</h1>" in steward.get(address).text


def test_an_invitation_link_is_shown_once_and_works(steward: FlaskClient, group: Group, app):
    page = steward.post(f"/groups/{group.uid}/members", data=ANNA)
    assert page.status_code == 200
    assert page.headers["Cache-Control"] == "no-store"
    link = _link(page.text)
    assert "<svg" in page.text
    assert "data-copy" in page.text
    assert "Anna" in app.test_client().get(link).text
    after = steward.get(f"/groups/{group.uid}").text
    assert link not in after
    assert "Invited until" in after


def test_the_same_form_twice_is_answered_with_a_sentence(steward: FlaskClient, group: Group):
    steward.post(f"/groups/{group.uid}/members", data=ANNA)
    answer = steward.post(f"/groups/{group.uid}/members", data=ANNA)
    assert answer.status_code == 422
    assert "Somebody with this e-mail is already here" in answer.text
    assert 'value="anna@example.org"' in answer.text


def test_somebody_with_an_account_is_added_without_a_link(
    steward: FlaskClient, group: Group, database: Database
):
    with database.transaction() as session:
        a_user(session, name="Anna Ahlers", email="anna@example.org")
    answer = steward.post(f"/groups/{group.uid}/members", data=ANNA)
    assert (answer.status_code, answer.location) == (303, f"/groups/{group.uid}")
    assert "Anna Ahlers" in steward.get(answer.location).text


def test_a_new_link_ends_the_old_one_and_a_withdrawn_one_is_over(
    steward: FlaskClient, group: Group, app, database: Database
):
    first = _link(steward.post(f"/groups/{group.uid}/members", data=ANNA).text)
    with database.transaction(reads_only=True) as session:
        anna = session.scalars(select(User).where(User.state == UserState.INVITED)).one()
    address = f"/groups/{group.uid}/members/{anna.uid}"
    second = _link(steward.post(f"{address}/link").text)
    visitor = app.test_client()
    assert (visitor.get(first).status_code, visitor.get(second).status_code) == (410, 200)
    assert steward.post(f"{address}/withdraw").status_code == 303
    assert visitor.get(second).status_code == 410
    assert "Link is over" in steward.get(f"/groups/{group.uid}").text


def test_a_suspended_coordinator_is_out_at_the_next_click(
    steward: FlaskClient,
    group: Group,
    database: Database,
    client_of: ClientOf,
    password_hash: str,
):
    signs_in = {"name": "Anna", "password_hash": password_hash}
    anna = _member(database, group, Role.COORDINATOR, **signs_in)
    client = client_of(anna)
    assert client.get("/me").status_code == 200
    address = f"/groups/{group.uid}/members/{anna.uid}"
    steward.post(f"{address}/suspend")
    assert client.get("/me").status_code == 302
    page = steward.get(f"/groups/{group.uid}").text
    assert "Suspended" in page
    assert f'action="{address}/restore"' in page
    steward.post(f"{address}/restore")
    assert client.get("/me").status_code == 302
    assert client_of(anna).get("/me").status_code == 200


def test_a_steward_has_no_button_to_suspend_the_own_account(
    database: Database, group: Group, client_of: ClientOf
):
    own = _member(database, group, Role.COORDINATOR, name="Stella", is_steward=True)
    client = client_of(own)
    address = f"/groups/{group.uid}/members/{own.uid}/suspend"
    assert address not in client.get(f"/groups/{group.uid}").text
    assert client.post(address).status_code == 422


def test_no_page_of_a_steward_holds_an_address(
    steward: FlaskClient, group: Group, database: Database
):
    with database.transaction() as session:
        here = session.get_one(Group, group.id)
        driver = a_driver(session, here, name="Marta")
        family = a_family(session, here)
        a_home(session, here, family.uid, line="48 Larch Row")
    for address in ("/groups", f"/groups/{group.uid}", "/me"):
        page = steward.get(address).text
        assert "Larch" not in page
        assert "Quay" not in page
        assert "Carmen" not in page
    assert "Marta" in steward.get(f"/groups/{group.uid}").text
    assert driver.number not in steward.get("/groups").text


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.DRIVER])
@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("GET", "/groups"),
        ("GET", "/groups/new"),
        ("POST", "/groups"),
        ("GET", "/groups/{group}"),
        ("POST", "/groups/{group}"),
        ("GET", "/groups/{group}/members/new"),
        ("POST", "/groups/{group}/members"),
        ("POST", "/groups/{group}/members/{user}/link"),
        ("POST", "/groups/{group}/members/{user}/withdraw"),
        ("POST", "/groups/{group}/members/{user}/suspend"),
        ("POST", "/groups/{group}/members/{user}/restore"),
    ],
)
def test_who_is_no_steward_does_not_have_these_pages_and_the_try_is_noted(
    database: Database, group: Group, client_of: ClientOf, role: Role, method: str, address: str
):
    user = _member(database, group, role, name="Anna")
    client = client_of(user)
    address = address.format(group=group.uid, user=user.uid)
    assert client.open(address, method=method, data={**SETTINGS, **ANNA}).status_code == 403
    with database.transaction(reads_only=True) as session:
        noted = session.scalars(select(AuditEvent)).one()
        assert (noted.outcome, noted.actor_uid) == (audit.REFUSED, user.uid)
        assert noted.object_uid == (group.uid if str(group.uid) in address else None)
        assert session.scalar(select(func.count(Group.id))) == 1


def test_a_group_or_person_that_is_not_there_is_not_found(
    steward: FlaskClient, group: Group, database: Database
):
    stranger = _member(database, group, Role.DRIVER, name="Anna")
    with database.transaction() as session:
        elsewhere = a_group(session)
    assert steward.get(f"/groups/{uuid4()}").status_code == 404
    assert steward.get("/groups/1").status_code == 404
    for address in (
        f"/groups/{group.uid}/members/{uuid4()}/suspend",
        f"/groups/{elsewhere.uid}/members/{stranger.uid}/suspend",
    ):
        assert steward.post(address).status_code == 404
    with database.transaction(reads_only=True) as session:
        assert session.get_one(User, stranger.id).state is UserState.ACTIVE


def test_looser_limits_lead_to_where_a_second_person_says_yes(
    database: Database, steward: FlaskClient, group: Group
):
    address = f"/groups/{group.uid}/limits"
    assert 'value="10"' in steward.get(address).text
    form = {
        "driver_families_hour": "9",
        "driver_families_day": "26",
        "desk_families_hour": "30",
        "desk_families_day": "100",
        "usual_percent": "150",
    }
    answer = steward.post(address, data=form)
    assert answer.headers["Location"] == "/watch"
    assert "a driver within 24 hours: 26" in steward.get("/watch").text
    with database.transaction(reads_only=True) as session:
        stored = session.get_one(Group, group.id)
        assert (stored.driver_families_hour, stored.driver_families_day) == (9, 25)
    steward.post(address, data=form)
    assert "It waits for a second person." in steward.get("/watch").text
    assert steward.post(address, data={**form, "usual_percent": "0"}).status_code == 422
