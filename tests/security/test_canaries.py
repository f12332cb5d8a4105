"""What families and drivers trusted to the service is found in no file, log or page in clear.

The values are planted through the real forms. Each detector first finds a leak that was planted.
"""

import logging
import sqlite3
from contextlib import closing

import pytest
import structlog
from flask import Flask

from dispatch.config import Settings
from dispatch.db.transactions import Database
from dispatch.people import sessions
from dispatch.people.models import User
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from tests.conftest import Moment
from tests.security import addresses
from tests.security.canaries import DRIVER, FAMILY, found_in, found_in_files, spellings
from tests.security.planting import EVERYTHING, FAMILY_FORM, REVEALED, Planted, plant


@pytest.fixture
def planted(app: Flask, database: Database, settings: Settings, moment: Moment) -> Planted:
    """An installation with canaries."""
    return plant(app, database, settings, moment.at)


def test_the_canaries_reached_the_database(planted: Planted):
    desk = planted.browser("coordinator")
    for part, kinds in REVEALED.items():
        page = desk.post(f"/families/{planted.family.uid}/reveal?part={part}").data
        wanted = [FAMILY[kind] for kind in kinds]
        if part == "phone":
            page = page.replace(b" ", b"-")
        assert found_in(page, wanted) == wanted, part


def test_no_file_of_the_installation_holds_a_canary(planted: Planted):
    folder = planted.settings.data_dir.parent
    names = {path.name for path in folder.rglob("*")}
    assert {"dispatch.db", "dispatch.db-wal", "keys.db", "queue.db"} <= names
    assert found_in_files(folder, EVERYTHING) == []


@pytest.mark.parametrize("canary", EVERYTHING)
def test_a_planted_file_is_found_in_every_spelling(tmp_path, canary: str):
    for spelling in spellings(canary):
        (tmp_path / "leak").write_bytes(b"\0before" + spelling + b"after\xff")
        assert (("leak", canary)) in found_in_files(tmp_path, [canary])


def test_a_value_written_in_clear_to_the_database_is_found(planted: Planted):
    file = planted.settings.data_dir / "dispatch.db"
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE driver SET car = ?", (FAMILY["line"],))
        connection.commit()
        found = found_in_files(planted.settings.data_dir.parent, EVERYTHING)
    assert ("data/dispatch.db-wal", FAMILY["line"]) in found


def test_nothing_that_is_logged_holds_a_canary(
    request: pytest.FixtureRequest, capfd: pytest.CaptureFixture[str], caplog
):
    caplog.set_level(logging.DEBUG)
    planted = request.getfixturevalue("planted")
    planted.app.testing = False
    planted.app.config["PROPAGATE_EXCEPTIONS"] = False
    planted.app.view_functions["families.enter"] = _breaks
    answer = planted.browser("coordinator").post("/families/new", data=FAMILY_FORM)
    assert answer.status_code == 500
    said = capfd.readouterr()
    logged = (said.out + said.err + caplog.text).encode()
    assert b"request failed" in logged
    assert found_in(logged, EVERYTHING) == []


@needs(Action.CHANGE_FAMILY)
def _breaks() -> str:
    raise LookupError(FAMILY["name"])


def test_a_canary_in_the_log_is_found(capfd: pytest.CaptureFixture[str]):
    structlog.get_logger().warning("leak", name=FAMILY["name"])
    assert found_in(capfd.readouterr().out.encode(), EVERYTHING) == [FAMILY["name"]]


def leaks(planted: Planted, principal: str, values: list[str]) -> list[tuple[str, str]]:
    """Every page that `principal` can only look at, with the canaries on it."""
    browser = planted.browser(principal)
    found = []
    for rule in addresses.of(planted.app, "GET"):
        address = addresses.fill(rule, planted.world.ours)
        answer = browser.get(address)
        seen = answer.data + str(answer.headers).encode()
        found += [(address, value) for value in found_in(seen, values)]
    for day in ("/board?day=2027-03-09", "/board/print?day=2027-03-09", "/drivers", "/families"):
        found += [(day, value) for value in found_in(browser.get(day).data, values)]
    return found


SEALED_FROM_ALL = [*FAMILY.values(), DRIVER["line"], DRIVER["latitude"], DRIVER["longitude"]]
"""What no page shows to anybody who only looks: it opens on demand, one seal at a time."""


@pytest.mark.parametrize(
    "principal",
    [
        "anonymous",
        "driver",
        "other driver",
        "driver elsewhere",
        "coordinator",
        "coordinator elsewhere",
        "steward",
        "suspended",
    ],
)
def test_no_page_shows_a_canary_to_who_only_looks(planted: Planted, principal: str):
    assert leaks(planted, principal, SEALED_FROM_ALL) == []


@pytest.mark.parametrize("principal", ["other driver", "driver elsewhere", "coordinator elsewhere"])
def test_no_page_shows_a_driver_to_strangers(planted: Planted, principal: str):
    assert leaks(planted, principal, list(DRIVER.values())) == []


def test_a_canary_on_a_page_is_found(planted: Planted):
    found = leaks(planted, "coordinator", [DRIVER["name"]])
    assert ("/drivers", DRIVER["name"]) in found


@pytest.mark.parametrize("principal", ["driver", "other driver", "driver elsewhere", "steward"])
def test_asking_without_an_open_grant_opens_nothing(planted: Planted, principal: str):
    browser = planted.browser(principal)
    held = planted.world.ours.things["assignment"].uid
    asked = [
        browser.post(f"/assignments/{held}/reveal"),
        browser.post(f"/requests/{planted.world.ours.things['request'].uid}/note"),
        *(browser.post(f"/families/{planted.family.uid}/reveal?part={part}") for part in REVEALED),
    ]
    assert {answer.status_code for answer in asked} <= {403, 404}
    assert [found_in(answer.data, EVERYTHING) for answer in asked] == [[]] * len(asked)


def test_with_the_grant_open_the_driver_reads_what_is_needed(planted: Planted, moment: Moment):
    moment.at = moment.at.replace(day=9, hour=17, minute=0)
    # A night has passed: everybody signs in anew.
    with planted.app.extensions["dispatch.database"].transaction() as session:
        user = session.get_one(User, planted.world.ours.driver.user_id)
        planted.world.tokens["driver"] = sessions.begin(session, user, now=moment.at)
    held = planted.world.ours.things["assignment"].uid
    page = planted.browser("driver").post(f"/assignments/{held}/reveal").data
    wanted = [FAMILY["name"], FAMILY["line"], FAMILY["request note"]]
    assert found_in(page, wanted) == wanted
