"""A copied cookie is worth nothing once its session ended, whatever ended it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select, update

from dispatch import clock
from dispatch.app import create_app
from dispatch.people import freezing, passwords, service, sessions
from dispatch.people.factors import codes
from dispatch.people.models import Group, Role, User, WebSession
from dispatch.policy.actor import SYSTEM
from tests import build
from tests.conftest import NOW, Moment
from tests.device import Device
from tests.doors import enrol
from tests.prove import installation
from tests.prove.figure import Figure, Row, Workplace, control

PAGES = ("/", "/me", "/today", "/offers", "/availability", "/enrol", "/confirm")
"""What a replayed cookie is tried on."""
OLD, NEW = "four plain words together", "five other words quite apart"
EMAIL = "marta{}@example.org"


@dataclass
class Stage:
    """One driver, signed in at two browsers: one is copied, in the other things happen."""

    kit: "Kit"
    user: User
    other: FlaskClient
    copied: str


class Kit:
    """An installation, and the clock on its wall."""

    def __init__(self, at: Workplace) -> None:
        self.settings, self.database = installation.make(at.folder)
        self.moment = Moment(NOW)
        shown = clock.now
        clock.now = lambda: self.moment.at
        at.leaving.callback(setattr, clock, "now", shown)
        at.leaving.callback(self.database.engine.dispose)
        self.app = create_app(self.settings, database=self.database, enqueue=lambda _uid: None)
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.hashed = passwords.hash_of(OLD)
        self.made = 0
        with self.database.transaction() as session:
            self.group, self.elsewhere = build.a_group(session), build.a_group(session)

    def stage(self) -> Stage:
        """A new driver, signed in twice."""
        self.made += 1
        email = EMAIL.format(self.made)
        with self.database.transaction() as session:
            user = build.a_user(session, email=email, password_hash=self.hashed)
            build.a_driver(session, session.get_one(Group, self.group.id), user=user)
            copied, other = (
                sessions.begin(session, user, now=self.moment.at) for _browser in range(2)
            )
        return Stage(self, user, self.browser(other), copied)

    def browser(self, token: str) -> FlaskClient:
        """A browser that holds `token`."""
        client = self.app.test_client()
        client.set_cookie("dispatch", token)
        return client

    def accepted(self, token: str) -> int:
        """On how many pages `token` still gets further than the door."""
        client = self.browser(token)
        answers = [client.get(page) for page in PAGES]
        return sum(not (one.location or "").startswith("/signin?") for one in answers)


def _signed_out(stage: Stage) -> None:
    stage.kit.browser(stage.copied).post("/signout")


def _everywhere(stage: Stage) -> None:
    stage.other.post("/me/signout")


def _on_the_devices_page(stage: Stage) -> None:
    with stage.kit.database.transaction() as session:
        hashed = sessions.hash_of(stage.copied)
        row = session.scalars(select(WebSession).where(WebSession.token_hash == hashed)).one()
    stage.other.post("/me/browsers", data={"browser": str(row.uid)})


def _new_password(stage: Stage) -> None:
    stage.other.post("/me/password", data={"old": OLD, "password": NEW, "again": NEW})


def _second_proof(stage: Stage) -> None:
    enrol(stage.other, Device())


def _new_role(stage: Stage) -> None:
    with stage.kit.database.transaction() as session:
        group = session.get_one(Group, stage.kit.elsewhere.id)
        service.invite(
            session, SYSTEM, group, Role.COORDINATOR, name="Marta",
            email=EMAIL.format(stage.kit.made), language="en", now=stage.kit.moment.at,
        )  # fmt: skip


def _suspended(stage: Stage) -> None:
    with stage.kit.database.transaction() as session:
        user = session.get_one(User, stage.user.id)
        service.suspend(session, build.a_steward(session), user, now=stage.kit.moment.at)


def _locked(stage: Stage) -> None:
    with stage.kit.database.transaction() as session:
        user = session.get_one(User, stage.user.id)
        code = codes.make(session, user, now=stage.kit.moment.at).lock_code
    stranger = stage.kit.app.test_client()
    stranger.post("/lock", data={"email": EMAIL.format(stage.kit.made), "code": code})


def _frozen(stage: Stage) -> None:
    with stage.kit.database.transaction() as session:
        service.freeze(session, SYSTEM, now=stage.kit.moment.at)
        freezing.find_freeze(session).ended_at = stage.kit.moment.at


def _idle(stage: Stage) -> None:
    stage.kit.moment.at += sessions.IDLE


def _absolute(stage: Stage) -> None:
    client, end = stage.kit.browser(stage.copied), stage.kit.moment.at + sessions.ABSOLUTE
    while stage.kit.moment.at < end - timedelta(minutes=20):
        stage.kit.moment.at += timedelta(minutes=20)
        client.get("/me")
    stage.kit.moment.at = end


EVENTS: dict[str, Callable[[Stage], None]] = {
    "signed out": _signed_out,
    "signed out everywhere": _everywhere,
    "ended on the devices page": _on_the_devices_page,
    "password changed": _new_password,
    "second proof changed": _second_proof,
    "role changed": _new_role,
    "suspended": _suspended,
    "locked": _locked,
    "frozen": _frozen,
    "idle for 30 minutes": _idle,
    "12 hours old": _absolute,
}
ROW = Row(
    what=f"old cookies after each of {len(EVENTS)} ending events",
    must="0 accepted",
    quick=1,
    full=10,
    fewest=lambda size: size * len(EVENTS) * len(PAGES),
)


def prove(at: Workplace) -> Figure:
    """Let each event happen `at.size` times, and replay the copied cookie on every page."""
    kit = Kit(at)
    accepted: dict[str, int] = {}
    replayed = controls = 0
    for number in range(at.size):
        for name, event in EVENTS.items():
            stage = kit.stage()
            control(kit.accepted(stage.copied) == len(PAGES), "a cookie that is still good")
            controls += 1
            event(stage)
            found = kit.accepted(stage.copied)
            replayed += len(PAGES)
            if found:
                accepted[name] = accepted.get(name, 0) + found
        at.told(number / at.size)
    stage = kit.stage()
    _signed_out(stage)
    with kit.database.transaction() as session:
        hashed = sessions.hash_of(stage.copied)
        undone = update(WebSession).where(WebSession.token_hash == hashed).values(ended_at=None)
        session.execute(undone)
    control(kit.accepted(stage.copied) == len(PAGES), "a session that was not ended after all")
    said = "".join(f"; {name}: {number}" for name, number in accepted.items())
    return Figure(
        looked_at=replayed,
        unit="replays",
        measured=f"{sum(accepted.values())} accepted{said}",
        holds=not accepted,
        controls=controls + 1,
    )
