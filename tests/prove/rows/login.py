"""Nobody learns at the door who has an account: neither from its words nor from its time.

Timed with a cheap setting of argon2, the same for an account's hash and for the one that is checked
where there is no account: what is measured is whether both ways do the same work, and the less the
hash itself takes, the better a difference beside it would show.
"""

import random
import re
import time
from datetime import timedelta

from argon2 import PasswordHasher
from flask.testing import FlaskClient

from dispatch import clock
from dispatch.app import create_app
from dispatch.people import passwords
from tests import build
from tests.conftest import NOW, Moment
from tests.prove import installation
from tests.prove.figure import Figure, Row, Workplace, control

TIMED_FROM = 500
"""Tries of each kind below which time is not judged: the quick part counts work instead."""
ROW = Row(
    what="log-in: known against unknown person, bodies and time",
    must="bodies equal, timing AUC 0.45 to 0.55",
    quick=20,
    full=1_000,
    fewest=lambda size: 2 * size,
)
_CHEAP = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)


class Door:
    """A door at which people knock, each from a network of their own, one a minute."""

    def __init__(self, at: Workplace) -> None:
        settings, database = installation.make(at.folder)
        self.moment = Moment(NOW)
        shown, hasher, nobodys, fits = (
            clock.now, passwords._HASHER, passwords._NOBODYS, passwords.fits,
        )  # fmt: skip
        at.leaving.callback(database.engine.dispose)
        at.leaving.callback(setattr, clock, "now", shown)
        at.leaving.callback(setattr, passwords, "_HASHER", hasher)
        at.leaving.callback(setattr, passwords, "_NOBODYS", nobodys)
        at.leaving.callback(setattr, passwords, "fits", fits)
        clock.now = lambda: self.moment.at
        passwords._HASHER, passwords._NOBODYS = _CHEAP, _CHEAP.hash("nobody's")
        self.hashings = 0
        passwords.fits = self._counted(fits)
        hashed = _CHEAP.hash("four plain words together")
        with database.transaction() as session:
            for number in range(at.size):
                email = f"known{number:05}@example.org"
                build.a_user(session, email=email, password_hash=hashed)
        app = create_app(settings, database=database, enqueue=lambda _uid: None)
        app.config["WTF_CSRF_ENABLED"] = False
        self.client: FlaskClient = app.test_client(use_cookies=False)
        self.knocked = 0

    def _counted(self, fits):
        def count(stored: str | None, typed: str) -> bool:
            self.hashings += 1
            return fits(stored, typed)

        return count

    def knock(self, email: str) -> tuple[float, int, bytes, int]:
        """Seconds, status, body without what differs anyhow, and hashings, of one wrong guess."""
        self.knocked += 1
        self.moment.at += timedelta(minutes=1)
        address = f"10.{self.knocked // 250 % 250}.{self.knocked % 250}.7"
        before = self.hashings
        started = time.perf_counter()
        answer = self.client.post(
            "/signin",
            data={"email": email, "password": "words that do not fit"},
            environ_overrides={"REMOTE_ADDR": address},
        )
        took = time.perf_counter() - started
        body = re.sub(rb'(csrf_token" value=")[^"]*', rb"\1", answer.data)
        body = body.replace(email.encode(), b"E-MAIL")
        return took, answer.status_code, body, self.hashings - before


def prove(at: Workplace) -> Figure:
    """Knock `at.size` times as somebody known and as somebody unknown, in a mixed order."""
    door = Door(at)
    controls = _check_the_detectors(at.size)
    order = [(kind, number) for kind in ("known", "other") for number in range(at.size)]
    random.Random(20_270_309).shuffle(order)  # noqa: S311 -- the same order every time
    for _warm in range(20):
        door.knock("warm0@example.org")
    times: dict[str, list[float]] = {"known": [], "other": []}
    answers: set[tuple[int, bytes, int]] = set()
    for done, (kind, number) in enumerate(order):
        took, status, body, hashings = door.knock(f"{kind}{number:05}@example.org")
        times[kind].append(took)
        answers.add((status, body, hashings))
        at.told(done / len(order))
    same = len(answers) == 1
    share = auc(times["known"], times["other"])
    is_timed = at.size >= TIMED_FROM
    said = f"AUC {share:.3f}" if is_timed else "the same work"
    return Figure(
        looked_at=len(order),
        unit="tries",
        measured=f"{'bodies equal' if same else f'{len(answers)} different answers'}, {said}",
        holds=same and (not is_timed or 0.45 <= share <= 0.55),
        controls=controls,
    )


def auc(some: list[float], others: list[float]) -> float:
    """How well a time tells the two apart: 0.5 is not at all, 0 and 1 are always."""
    ranked = sorted([(value, 1) for value in some] + [(value, 0) for value in others])
    ranks = sum(rank for rank, (_value, is_some) in enumerate(ranked, 1) if is_some)
    return (ranks - len(some) * (len(some) + 1) / 2) / (len(some) * len(others))


def _check_the_detectors(size: int) -> int:
    """A difference of a tenth between the two kinds is noticed."""
    chance = random.Random(7)  # noqa: S311 -- the same times every time
    some = [chance.gauss(10, 1) for _try in range(max(size, 200))]
    slower = [value + 1 for value in (chance.gauss(10, 1) for _try in some)]
    alike = [chance.gauss(10, 1) for _try in some]
    control(not 0.45 <= auc(some, slower) <= 0.55, "a door that is a tenth slower for strangers")
    control(0.4 <= auc(some, alike) <= 0.6, "times that tell nothing")
    return 2
