"""Every kind of answer tells the browser the same: nothing from elsewhere, nothing kept."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from flask import Flask
from werkzeug.test import TestResponse

from dispatch import clock
from dispatch.app import MOST_BYTES, create_app
from dispatch.people import service
from dispatch.policy import Action
from dispatch.policy.actor import SYSTEM
from dispatch.policy.endpoints import needs
from dispatch.web.headers import HEADERS, KEPT_BY_THE_PHONE
from tests.conftest import NOW
from tests.prove import installation
from tests.prove.figure import Figure, Row, Workplace, control
from tests.security import addresses, world
from tests.security.world import World

ROW = Row(
    what="every class of response x security header; every Set-Cookie",
    must="100 %",
    quick=1,
    full=3,
    fewest=lambda size: 100 * size,
)
WHO = ("coordinator", "anonymous", "driver")
STATUSES = {200, 204, 302, 303, 304, 400, 403, 404, 405, 410, 413, 422, 500, 503}
"""Kinds of answers that have to come up, or the figure says too little."""
_OF_THE_SHEET = {"/today/sheet": KEPT_BY_THE_PHONE}
"""The one page that a driver's phone may keep."""
SAFE_HOST = "https://rides.example.org"


def prove(at: Workplace) -> Figure:
    """Ask for every address as `at.size` kinds of people, and provoke every kind of failure."""
    settings, database = installation.make(at.folder)
    at.leaving.callback(database.engine.dispose)
    shown = clock.now
    clock.now = lambda: NOW
    at.leaving.callback(setattr, clock, "now", shown)
    made = world.make(database, NOW)
    secure = replace(settings, base_url=SAFE_HOST, testing=False)
    app = create_app(secure, database=database, enqueue=lambda _uid: None)
    app.config["WTF_CSRF_ENABLED"] = False

    @app.get("/planted")
    @needs(Action.SIGN_OUT)
    def _broken() -> str:
        raise RuntimeError("planted")

    controls = _check_the_detectors(app)
    seen: Counter[int] = Counter()
    cookies, wrong = 0, []
    for who in WHO[: at.size]:
        for what, answer in _answers(app, made, who):
            seen[answer.status_code] += 1
            cookies += len(answer.headers.getlist("Set-Cookie"))
            wrong += [f"{what}: {one}" for one in faults(answer)]
        made.put_back()
        at.told(seen.total() / (120 * at.size))
    with database.transaction() as session:
        service.freeze(session, SYSTEM, now=NOW)
        token = world.sessions.begin(session, made.ours.coordinator, now=NOW)
    answer = _browser(app, token).get("/board", base_url=SAFE_HOST)
    seen[answer.status_code] += 1
    wrong += [f"frozen: {one}" for one in faults(answer)]
    missing = STATUSES - set(seen)
    checked = seen.total() * (len(HEADERS) + 2) + cookies
    return Figure(
        looked_at=seen.total(),
        unit=f"answers of {len(seen)} statuses, {checked:,} headers and cookies",
        measured=f"{len(wrong)} missing or wrong"
        + "".join(f"; {one}" for one in sorted(set(wrong))[:5])
        + (f"; never seen: {sorted(missing)}" if missing else ""),
        holds=not wrong and not missing,
        controls=controls,
    )


def faults(answer: TestResponse) -> list[str]:
    """What one answer lacks."""
    told = answer.headers
    lacks = [name for name, value in HEADERS.items() if told.get(name) != value]
    if "max-age=31536000" not in told.get("Strict-Transport-Security", ""):
        lacks.append("Strict-Transport-Security")
    kept = told.get("Cache-Control", "")
    is_file = answer.request.path.startswith(("/static/", "/map.pmtiles"))
    if not is_file and kept not in ("no-store", _OF_THE_SHEET.get(answer.request.path)):
        lacks.append(f"Cache-Control {kept!r}")
    return lacks + [
        f"cookie {name}"
        for name, *rest in (cookie.split("; ") for cookie in told.getlist("Set-Cookie"))
        if not _is_guarded(name, rest)
    ]


def _is_guarded(name: str, attributes: list[str]) -> bool:
    has = {one.lower() for one in attributes}
    return (
        name.startswith("__Host-")
        and {"secure", "httponly", "path=/"} <= has
        and bool(has & {"samesite=lax", "samesite=strict"})
        and not any(one.startswith("domain") for one in has)
    )


def _browser(app: Flask, token: str | None):
    client = app.test_client()
    if token is not None:
        client.set_cookie("__Host-dispatch", token, domain="rides.example.org", secure=True)
    return client


def _answers(app: Flask, made: World, who: str) -> Iterator[tuple[str, TestResponse]]:
    """Every address that is opened, every one that is posted to, and what fails on purpose."""

    def ask(address: str, method: str = "GET", **more: object) -> tuple[str, TestResponse]:
        client = _browser(app, made.tokens.get(who))
        base = more.pop("base_url", SAFE_HOST)
        answer = client.open(address, method=method, base_url=base, buffered=True, **more)
        return f"{method} {address}", answer

    for method in ("GET", "POST"):
        for rule in addresses.of(app, method):
            yield ask(addresses.fill(rule, made.ours), method)
            if method == "POST":
                made.put_back()
    style = re.search(r"/static/css/base\.css\?v=\w+", ask("/lock")[1].text)[0]
    tag = ask(style)[1].headers["ETag"]
    yield ask(style)
    yield ask(style, headers={"If-None-Match": tag})
    yield ask("/static/nothing.css")
    yield ask("/nowhere")
    yield ask("/planted")
    yield ask("/signin", "DELETE")
    yield ask("/signin", base_url="https://evil.example")
    yield ask("/signin", "POST", headers={"Origin": "https://evil.example"})
    yield ask("/signin", "POST", data={"email": "x" * (MOST_BYTES + 1)})
    stranger = app.test_client().get(
        "/board", base_url=SAFE_HOST, headers={"HX-Request": "true"}, buffered=True
    )
    yield "a fragment for nobody", stranger
    yield ask("/invite/used-before")


def _check_the_detectors(app: Flask) -> int:
    """An answer without a header, and a cookie without a guard, are noticed."""
    answer = app.test_client().get("/signin", base_url=SAFE_HOST)
    control(faults(answer) == [], "an answer that is as it should be")
    found = 1
    for name in (*HEADERS, "Strict-Transport-Security", "Cache-Control"):
        spoiled = app.test_client().get("/signin", base_url=SAFE_HOST)
        del spoiled.headers[name]
        control(faults(spoiled) != [], f"an answer without {name}")
        found += 1
    whole = "__Host-x=1; Secure; HttpOnly; Path=/; SameSite=Lax"
    control(not _lacks(answer, whole), "a cookie that is as it should be")
    for lost in ("__Host-", "; Secure", "; HttpOnly", "; Path=/", "; SameSite=Lax"):
        control(_lacks(answer, whole.replace(lost, "")), f"a cookie without {lost}")
        found += 1
    return found


def _lacks(answer: TestResponse, cookie: str) -> bool:
    answer.headers.setlist("Set-Cookie", [cookie])
    return bool(faults(answer))
