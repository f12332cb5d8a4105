"""What another site sends is refused, whatever it leaves out; and no address leads away."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dispatch.app import create_app
from dispatch.config import Settings
from dispatch.db.transactions import Database
from dispatch.people.models import User, UserState
from dispatch.web.origin import own_path, public_url
from tests.build import a_user
from tests.conftest import Moment

PROFILE = {"name": "Mallory", "phone": "", "language": "en"}


@pytest.fixture
def app(settings: Settings, database: Database) -> Flask:
    """The application as it is served: with form tokens."""
    return create_app(settings, database=database)


@pytest.fixture
def victim(database: Database) -> User:
    with database.transaction() as session:
        return a_user(session, name="Rosa", language="es")


@pytest.fixture
def client(client_of: Callable[[User], FlaskClient], victim: User) -> FlaskClient:
    return client_of(victim)


def _token(client: FlaskClient) -> str:
    return re.search(r'name="csrf_token" value="([^"]+)"', client.get("/me").text).group(1)


def _is_untouched(database: Database, victim: User) -> bool:
    with database.transaction(reads_only=True) as session:
        user = session.get_one(User, victim.id)
        same = [
            getattr(user, name) == getattr(victim, name) for name in ("sealed_name", "language")
        ]
        return all(same) and user.state is UserState.ACTIVE


def test_our_own_form_is_taken(client: FlaskClient, database: Database, victim: User):
    own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    token = _token(client)
    answer = client.post("/me", data={**PROFILE, "csrf_token": token}, headers=own)
    assert answer.status_code == 303
    assert not _is_untouched(database, victim)


FORGERIES = {
    "no token": ({}, {}),
    "a made-up token": ({"csrf_token": "made up"}, {}),
    "another origin": ({"csrf_token": "TRUE"}, {"Origin": "https://evil.example"}),
    "an opaque origin": ({"csrf_token": "TRUE"}, {"Origin": "null"}),
    "another scheme": ({"csrf_token": "TRUE"}, {"Origin": "https://localhost"}),
    "another port": ({"csrf_token": "TRUE"}, {"Origin": "http://localhost:8000"}),
    "cross-site": ({"csrf_token": "TRUE"}, {"Sec-Fetch-Site": "cross-site"}),
    "same-site": ({"csrf_token": "TRUE"}, {"Sec-Fetch-Site": "same-site"}),
}


@pytest.mark.parametrize("address", ["/me", "/me/password", "/me/signout", "/signout", "/group"])
@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_form_changes_nothing(
    client: FlaskClient, database: Database, victim: User, address: str, forgery: str
):
    told, headers = FORGERIES[forgery]
    told = {name: _token(client) if value == "TRUE" else value for name, value in told.items()}
    answer = client.post(address, data={**PROFILE, **told}, headers=headers)
    assert answer.status_code == 400
    assert "This page was open too long" in answer.text
    assert _is_untouched(database, victim)
    assert client.get("/me").status_code == 200


def test_the_token_of_one_browser_is_worth_nothing_in_another(
    client: FlaskClient, client_of: Callable[[User], FlaskClient], database: Database, victim: User
):
    with database.transaction() as session:
        mallory = a_user(session)
    stolen = _token(client_of(mallory))
    _token(client)
    assert client.post("/me", data={**PROFILE, "csrf_token": stolen}).status_code == 400
    assert _is_untouched(database, victim)


def test_a_token_dies_with_its_session(client: FlaskClient, victim: User):
    before = _token(client)
    client.post("/signout", data={"csrf_token": before})
    assert client.post("/language", data={"csrf_token": before}).status_code == 400


def _sent(settings: Settings, database: Database, *numbers: int) -> int:
    """A form made under the first secret and sent under the last; what comes of it."""
    made, sent = (
        create_app(replace(settings, forms_secret=one), database=database).test_client()
        for one in numbers
    )
    page = made.get("/signin").text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page).group(1)
    sent.set_cookie("forms", made.get_cookie("forms").value)
    return sent.post("/language", data={"language": "en", "csrf_token": token}).status_code


@pytest.mark.parametrize(
    ("made", "sent", "status"),
    [(0, 0, 303), (0, 1, 303), (1, 2, 303), (0, 2, 400), (1, 3, 400), (1, 0, 400)],
)
def test_a_form_goes_on_under_the_next_secret_and_not_under_the_one_after(
    settings: Settings, database: Database, moment: Moment, made: int, sent: int, status: int
):
    assert _sent(settings, database, made, sent) == status


@pytest.mark.parametrize("address", ["/signout", "/language", "/group", "/me/signout"])
def test_no_link_changes_anything(client: FlaskClient, address: str):
    assert client.get(address).status_code == 405
    assert client.get("/me").status_code == 200


def test_behind_a_proxy_that_speaks_https_our_own_forms_are_taken(
    settings: Settings, database: Database, moment: Moment
):
    app = create_app(
        Settings(**{**vars(settings), "base_url": "https://rides.example"}), database=database
    )
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()

    def post(origin: str) -> int:
        headers = {"Host": "rides.example", "Origin": origin}
        return client.post("/language", data={"language": "en"}, headers=headers).status_code

    assert post("https://rides.example") == 303
    assert post("https://evil.example") == 400
    with app.test_request_context("/", headers={"Host": "rides.example"}):
        assert public_url("/invite/x") == "https://rides.example/invite/x"


@pytest.mark.parametrize(
    "text",
    ["/me", "/signin?next=%2Fme", "/groups/7c0d5a1e-3f5e-4f0e-8a39-1f0c6f6f7a11", "/me#about"],
)
def test_an_address_of_a_page_here_is_followed(app: Flask, text: str):
    with app.test_request_context("/"):
        assert own_path(text) == text


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "me",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/me\\..\\x",
        "https://evil.example/me",
        "javascript:alert(1)",
        "http:me",
        "/signout",
        "/nowhere",
        "/me\x7f",
        "/groups/not-a-uid",
    ],
)
def test_every_other_address_leads_to_the_start(app: Flask, text: str | None):
    with app.test_request_context("/"):
        assert own_path(text) == "/"
        assert own_path(text, "/me") == "/me"
