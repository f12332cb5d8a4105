"""What every kind of answer tells the browser."""

import gc
import warnings
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dispatch.app import MOST_BYTES, create_app
from dispatch.config import Settings
from dispatch.db.transactions import Database
from dispatch.web.headers import HEADERS, KEPT_BY_THE_PHONE
from tests.conftest import Moment

Ask = Callable[[FlaskClient], TestResponse]
ANSWERS: dict[str, tuple[int, Ask]] = {
    "page": (200, lambda client: client.get("/signin")),
    "redirect": (302, lambda client: client.get("/me")),
    "fragment": (204, lambda client: client.get("/me", headers={"HX-Request": "1"})),
    "health": (200, lambda client: client.get("/health")),
    "refused form": (422, lambda client: client.post("/signin", data={"email": "x"})),
    "not found": (404, lambda client: client.get("/nowhere")),
    "wrong method": (405, lambda client: client.delete("/signin")),
    "too large": (413, lambda client: client.post("/signin", data={"x": "y" * (MOST_BYTES + 1)})),
    "foreign host": (400, lambda client: client.get("/", headers={"Host": "evil.example"})),
    "foreign origin": (
        400,
        lambda client: client.post("/signin", headers={"Origin": "https://evil.example"}),
    ),
    "broken": (500, lambda client: client.get("/health?broken")),
    "static": (200, lambda client: client.get("/static/css/tokens.css", buffered=True)),
    "static not found": (404, lambda client: client.get("/static/nowhere.css")),
    "json": (404, lambda client: client.get("/nowhere", headers={"Accept": "application/json"})),
    "options": (200, lambda client: client.options("/signin")),
    "head": (200, lambda client: client.head("/signin")),
}


@pytest.fixture
def client(app: Flask, moment: Moment, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A browser of an app in which something can break as it would in earnest."""
    app.config["TESTING"] = False
    works = app.view_functions["health"]

    def health() -> object:
        from flask import request

        if "broken" in request.args:
            raise RuntimeError("48 Larch Row")
        return works()

    monkeypatch.setitem(app.view_functions, "health", health)
    return app.test_client()


@pytest.mark.parametrize("kind", ANSWERS)
def test_every_answer_carries_every_header(client: FlaskClient, kind: str):
    status, ask = ANSWERS[kind]
    answer = ask(client)
    assert answer.status_code == status
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("kind", [kind for kind in ANSWERS if not kind.startswith("static")])
def test_no_answer_is_kept(client: FlaskClient, kind: str):
    assert ANSWERS[kind][1](client).headers["Cache-Control"] == "no-store"


def test_only_a_static_file_with_its_digest_is_kept(client: FlaskClient):
    def kept(address: str) -> str:
        return client.get(address, buffered=True).headers.get("Cache-Control", "")

    assert kept("/static/css/tokens.css?v=123") == "public, max-age=31536000, immutable"
    assert "immutable" not in kept("/static/css/tokens.css")
    assert "immutable" not in kept("/static/nowhere.css?v=123")


@pytest.mark.parametrize(
    ("status", "is_kept"), [(200, True), (206, True), (304, True), (302, False), (404, False)]
)
def test_a_view_may_say_that_its_answer_never_changes(
    app: Flask, moment: Moment, status: int, is_kept: bool
):
    said = "private, max-age=60, immutable"
    app.view_functions["health"] = lambda: ("", status, {"Cache-Control": said})
    answer = app.test_client().get("/health")
    assert answer.headers["Cache-Control"] == (said if is_kept else "no-store")


@pytest.mark.parametrize(("status", "is_kept"), [(200, True), (302, False), (404, False)])
def test_a_view_may_say_that_a_phone_may_keep_its_page(
    app: Flask, moment: Moment, status: int, is_kept: bool
):
    app.view_functions["health"] = lambda: ("", status, {"Cache-Control": KEPT_BY_THE_PHONE})
    kept = app.test_client().get("/health").headers["Cache-Control"]
    assert kept == (KEPT_BY_THE_PHONE if is_kept else "no-store")


def test_only_the_worker_may_look_after_the_whole_site(client: FlaskClient):
    def allowed(address: str) -> str | None:
        return client.get(address, buffered=True).headers.get("Service-Worker-Allowed")

    assert allowed("/static/js/worker.js?v=1") == "/"
    assert allowed("/static/js/phone.js?v=1") is None


def test_nothing_of_the_inside_leaks_when_something_breaks(client: FlaskClient):
    page = client.get("/health?broken").text
    assert "Something broke on our side" in page
    for inside in ("Larch", "RuntimeError", "Traceback", "sqlalchemy", "/dispatch/"):
        assert inside not in page


def test_nothing_comes_from_elsewhere():
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    for loose in ("unsafe", "http:", "https:", "*"):
        assert loose not in policy


def _served(settings: Settings, database: Database, base_url: str) -> FlaskClient:
    values = {**vars(settings), "base_url": base_url}
    app = create_app(Settings(**values), database=database)
    app.config["WTF_CSRF_ENABLED"] = False
    return app.test_client()


def test_https_is_asked_for_and_cookies_are_bound_to_it(
    settings: Settings, database: Database, moment: Moment
):
    client = _served(settings, database, "https://rides.example")
    answer = client.get("/signin", base_url="https://rides.example")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    client.post("/language", data={"language": "en"}, base_url="https://rides.example")
    cookies = {cookie.key: cookie for cookie in client._cookies.values()}
    assert set(cookies) == {"__Host-forms"}
    made = cookies["__Host-forms"]
    assert (made.secure, made.http_only, made.same_site, made.path) == (True, True, "Strict", "/")


ONION = f"{'a2' * 28}.onion"


def test_the_main_address_names_the_second_one_and_both_are_answered(
    settings: Settings, database: Database
):
    second = replace(settings, base_url="https://rides.example.org", onion=ONION)
    client = create_app(second, database=database).test_client()

    def asked(host: str) -> TestResponse:
        return client.get("/signin", headers={"Host": host})

    assert asked("rides.example.org").headers["Onion-Location"] == f"http://{ONION}/signin"
    there = asked(ONION)
    assert there.status_code == 200
    assert "Onion-Location" not in there.headers
    assert asked("evil.example").status_code == 400


def test_without_https_nobody_is_sent_there(client: FlaskClient):
    assert "Strict-Transport-Security" not in client.get("/signin").headers


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "rides.example:99999"])
def test_a_foreign_host_name_is_refused(
    settings: Settings, database: Database, moment: Moment, host: str
):
    client = _served(settings, database, "https://rides.example")
    assert client.get("/signin", base_url="https://rides.example").status_code == 200
    answer = client.get("/signin", headers={"Host": host})
    assert answer.status_code == 400
    assert host not in answer.text


def test_a_file_that_the_browser_has_already_is_closed(client: FlaskClient):
    path = "/static/css/tokens.css"
    seen = client.get(path, buffered=True).headers["ETag"]
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        assert client.get(path, headers={"If-None-Match": seen}).status_code == 304
        gc.collect()
    assert [str(one.message) for one in told if one.category is ResourceWarning] == []


def test_text_becomes_code_nowhere():
    policy = HEADERS["Content-Security-Policy"]
    assert "require-trusted-types-for 'script'" in policy
    assert "trusted-types default map worker" in policy
