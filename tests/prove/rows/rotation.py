"""Keys are changed while people go on working."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient

from dispatch import clock, rotation
from dispatch.app import create_app
from dispatch.crypto import keyring
from dispatch.crypto.keyring import Unreadable
from dispatch.db.transactions import Database
from dispatch.families.models import Family
from dispatch.people import sessions
from dispatch.people.models import Group, User
from tests import build
from tests.prove import installation
from tests.prove.figure import Figure, Row, Workplace, control
from tests.security import world

ROW = Row(
    what="Changing the master key and every family's key under load, while families are looked at "
    "and entered",
    must="0 failed requests; seconds for 10,000 keys are told",
    quick=200,
    full=10_000,
    fewest=lambda size: 20 if size < 10_000 else 1_000,
)


def prove(at: Workplace) -> Figure:
    """Rotate `at.size` keys, again and again while three people work; count what they missed."""
    settings, database = installation.make(at.folder)
    made = world.make(database, clock.now())
    for _number in range(at.size // 500 + 1):
        database.vault.keys.renew(*(uuid4() for _one in range(min(500, at.size))))
    app = create_app(settings, database=database, enqueue=lambda _uid: None)
    desk = Desk(app, database, made)
    desk.answers.clear()  # of the first pages, which load their templates
    path, store = settings.master_key_file, database.vault.keys
    wrapped, seconds, records, retired = 0, 0.0, 0, set()
    with desk.working(3):
        while len(desk.answers) < ROW.fewest(at.size):
            began = time.monotonic()
            wrapped += rotation.rotate_master_key(store).keys
            seconds += time.monotonic() - began
            records += rotation.rotate_owners(database, grace=2)
            rotation.rotate_master_key(store)
            retired |= rotation.retire_master_keys(store)
            at.told(min(1.0, len(desk.answers) / ROW.fewest(at.size)))
    failed = [answer for answer in desk.answers if answer >= 400]
    return Figure(
        looked_at=len(desk.answers),
        unit="requests",
        measured=f"{len(failed)} failed; {seconds * 10_000 / wrapped:.1f} s for 10,000 keys, "
        f"{records} records sealed again",
        holds=not failed and bool(retired) and records > 0 and wrapped >= at.size,
        controls=_controls(path, database),
    )


class Desk:
    """Coordinators at work. A class because the browsers share what they were answered."""

    def __init__(self, app: Flask, database: Database, made: world.World) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        self.answers: list[int] = []
        self._app, self._database, self._made = app, database, made
        self._stop = threading.Event()
        self._turn(self._browser())

    @contextmanager
    def working(self, people: int) -> Iterator[None]:
        """So many people at work inside the block."""
        threads = [threading.Thread(target=self._work) for _one in range(people)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def _work(self) -> None:
        browser = self._browser()
        while not self._stop.is_set():
            try:
                self._turn(browser)
            except Exception:
                self.answers.append(500)  # whatever it was, somebody could not work
        self._database.vault.keys.close()

    def _browser(self) -> FlaskClient:
        with self._database.transaction() as session:
            user = session.get_one(User, self._made.ours.coordinator.id)
            token = sessions.begin(session, user, now=clock.now())
        browser = self._app.test_client()
        browser.set_cookie(world.COOKIE, token)
        return browser

    def _turn(self, browser: FlaskClient) -> None:
        """Look at a family, and enter another one whose seals have to open afterwards."""
        uid = self._made.ours.things["family"].uid
        self.answers.append(browser.get(f"/families/{uid}").status_code)
        with self._database.transaction() as session:
            fresh = build.a_family(session, session.get_one(Group, self._made.ours.group.id)).id
        with self._database.transaction(reads_only=True) as session:
            family = session.get_one(Family, fresh)
            opens = family.unseal("sealed_name", self._database.vault) == "Carmen"
        self.answers.append(200 if opens else 500)


def _controls(path: Path, database: Database) -> int:
    """A key that a rotation forgets has to be noticed as a failure."""
    owner = uuid4()
    database.vault.keys.sealing_key(owner)
    newest = keyring.load(path).newest
    keyring.add_version(path)
    database.vault.keys.sealing_key(uuid4())
    keyring.remove_versions(path, {newest})
    try:
        keyring.KeyFile(path).unwrap(newest.to_bytes(2, "big") + bytes(60), owner.bytes)
    except Unreadable:
        found = True
    else:
        found = False
    control(found, "a master key that was forgotten too early")
    return 1
