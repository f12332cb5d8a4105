"""Letters under kill -9: whenever a worker dies, each arrives once, or never and is on the list."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import select
from structlog.testing import capture_logs

from dispatch import clock, mail_server, sms_gateway
from dispatch.app import open_database
from dispatch.config import Settings
from dispatch.db.transactions import Database
from dispatch.drivers.models import Driver
from dispatch.mailing import Mailing, mailings_of
from dispatch.notify import deliveries, queries
from dispatch.notify.deliveries import LEASE, Outcome
from dispatch.notify.mail import Mail
from dispatch.notify.models import Delivery, DeliveryState, Message
from dispatch.people.models import Group
from dispatch.policy import Actor
from tests import build
from tests.conftest import NOW
from tests.dispatch.notify.waiting import an_offer, with_phone
from tests.prove import children, installation
from tests.prove.children import Say
from tests.prove.figure import Figure, Row, Workplace, control
from tests.services.gateway import Gateway, listening
from tests.services.smtp import Server, running

ROW = Row(
    what="kill -9 of a worker that sends e-mails to drivers, and text messages where an e-mail is "
    "refused, at any moment",
    must="100 kills or more, some with PostgreSQL: each message received once, or not at all and "
    "then on the list of calls; 0 lost, 0 twice",
    quick=8,
    full=120,
)
_EACH = 10
"""Letters that wait for each worker."""
_LONGEST = 0.25
"""Seconds after the start of the work, or after the first letter, at which a kill comes."""
_PAUSE = LEASE + timedelta(minutes=1)
"""So much later, as the clock has it, the next worker begins."""
_BODY = '{"to": "{to}", "text": "{text}", "id": "{id}"}'
_LAST_WORDS = 0.3
"""Seconds in which the server has heard all that was said by who is dead."""


@dataclass(frozen=True)
class Post:
    """Who takes what leaves the house."""

    server: Server
    refusing: Server
    """A mail server that knows none of the addresses."""
    gateway: Gateway

    def received(self) -> Counter[str]:
        """How often each letter came, by its mark."""
        mails = [one.uid for one in (*self.server.taken, *self.refusing.taken)]
        return Counter([*mails, *(one.fields["id"] for one in self.gateway.taken)])

    def forget(self) -> None:
        """Begin anew."""
        for one in (self.server, self.refusing, self.gateway):
            one.taken.clear()

    def takes(self, settings: Settings, *, by_text: bool) -> Settings:
        """`settings` of an installation that sends e-mails; `by_text`: all of them are refused,
        and a text message goes in place of each."""
        server = self.refusing if by_text else self.server
        mail = mail_server.named(f"smtp://127.0.0.1:{server.port}", "rides@example.org", None)
        send = f"http://127.0.0.1:{self.gateway.port}/send"
        sms = sms_gateway.named(send, _BODY, "+1", None) if by_text else None
        return replace(settings, mail=mail, sms=sms)


@dataclass
class Scene:
    """An installation in which workers die."""

    settings: Settings
    post: Post
    desk: Actor
    group_id: int
    driver_id: int
    letters: int = 0
    workers: int = 0

    @property
    def now(self) -> datetime:
        """What the clock shows to the present worker."""
        return NOW + self.workers * _PAUSE

    @contextmanager
    def open(self) -> Iterator[Database]:
        """Connections of a process's own, closed with the block."""
        database = open_database(self.settings)
        yield database
        database.engine.dispose()
        database.vault.keys.close()


@dataclass(frozen=True)
class Verdict:
    """What came of all letters of a scene."""

    twice: int = 0
    lost: int = 0
    """Not received and nobody is told to call, or left as if it could be sent again."""
    called: int = 0
    """Not received, and on the list of calls."""
    doubted: int = 0
    """Received, and on the list of calls all the same."""

    def __add__(self, other: "Verdict") -> "Verdict":
        return Verdict(
            self.twice + other.twice,
            self.lost + other.lost,
            self.called + other.called,
            self.doubted + other.doubted,
        )


def prove(at: Workplace) -> Figure:
    """Kill a worker `at.size` times, and look what those who take messages and the list of calls
    have.

    The quick part does without PostgreSQL, and says so.
    """
    chance = random.Random(20_270_311)  # noqa: S311 the same every time
    with _taking() as post:
        controls = _controls(at.folder / "planted", post)
        makers = {"SQLite": lambda: None}
        if at.size > ROW.quick:
            makers["PostgreSQL"] = at.postgres().create
        scenes = {
            (place, by_text): _scene(at.folder / f"{place}{by_text}", post, url(), by_text=by_text)
            for by_text in (False, True)
            for place, url in makers.items()
        }
        killed: Counter[str] = Counter()
        for number in range(at.size):
            place, by_text = list(scenes)[number % len(scenes)]
            after, lines = chance.uniform(0, _LONGEST), 1 + number // len(scenes) % 2
            killed[place] += _kill(scenes[place, by_text], after, lines=lines)
            at.told(number / at.size)
        found = sum((_end(scene) for scene in scenes.values()), Verdict())
        texts = len(post.gateway.taken)
    control(found.called + found.doubted > 0, "a worker that died between claim and note")
    control(texts > 0, "what was refused as an e-mail goes as a text message")
    letters = sum(scene.letters for scene in scenes.values())
    return Figure(
        looked_at=killed.total(),
        unit="kills",
        measured=f"{found.lost} lost, {found.twice} twice of {letters:,} messages, {texts:,} of "
        f"them as texts; on the list of calls {found.called} that did not arrive and "
        f"{found.doubted} that did; "
        + ", ".join(f"{number} with {place}" for place, number in killed.items()),
        holds=found.twice + found.lost == 0,
        controls=controls + 2,
    )


@contextmanager
def _taking() -> Iterator[Post]:
    slow = partial(random.uniform, 0, 0.004)
    post = Post(
        Server(waits=slow), Server(waits=slow, answers={"RCPT": "550 nobody"}), Gateway(waits=slow)
    )
    with running(post.server), running(post.refusing), listening(post.gateway):
        yield post


def _scene(folder: Path, post: Post, url: str | None = None, *, by_text: bool = False) -> Scene:
    folder.mkdir(parents=True)
    settings, database = installation.make(folder, url)
    with database.transaction() as session:
        group = build.a_group(session)
        desk = build.a_coordinator(session, group)
        driver = with_phone(session, build.a_driver(session, group))
    database.engine.dispose()
    database.vault.keys.close()
    return Scene(post.takes(settings, by_text=by_text), post, desk, group.id, driver.id)


def _let_wait(scene: Scene, number: int) -> None:
    """So many more letters, each about a day of its own."""
    with scene.open() as database, database.transaction() as session:
        group = session.get_one(Group, scene.group_id)
        driver = session.get_one(Driver, scene.driver_id)
        family = build.a_family(session, group)
        for _letter in range(number):
            scene.letters += 1
            day = NOW + timedelta(days=2 + scene.letters)
            an_offer(session, group, driver, at=day, family=family)


def _kill(scene: Scene, after: float, *, lines: int) -> bool:
    """Let a worker send what waits and kill it; whether it was killed."""
    _let_wait(scene, _EACH)
    scene.workers += 1
    _words, was_killed = children.killed_after(after, partial(_send, scene), lines=lines)
    return was_killed


def _send(scene: Scene, say: Say) -> None:
    with capture_logs(), patch.object(clock, "now", lambda: scene.now), scene.open() as database:
        workers = mailings_of(scene.settings, database)
        say("")  # from here on it may die
        while any(worker.send_next() for worker in workers):
            say("sent")


def _end(scene: Scene) -> Verdict:
    """What came of everything, once last workers have sent what waits, in place of what was refused
    too, and have given up what those before them may have left."""
    for _worker in range(3):
        scene.workers += 1
        children.said_by(partial(_send, scene))
    return _judge(scene)


def _judge(scene: Scene) -> Verdict:
    time.sleep(_LAST_WORDS)
    received = scene.post.received()
    found = Verdict()
    with scene.open() as database, database.transaction(reads_only=True) as session:
        group = session.get_one(Group, scene.group_id)
        listed = queries.unreached(session, scene.desk, group, now=scene.now)
        to_call = {one.message.id for one in listed}
        for message_id in session.scalars(select(Message.id)):
            chosen = select(Delivery).where(Delivery.message_id == message_id)
            ways = [
                (one.state, received[str(one.letter_uid or one.uid)])
                for one in session.scalars(chosen)
            ]
            found += _judge_one(ways, is_listed=message_id in to_call)
    return found


def _judge_one(ways: list[tuple[DeliveryState, int]], *, is_listed: bool) -> Verdict:
    """What came of one message, by the state of each way and how often it came by it."""
    has_come = any(times for _state, times in ways)
    is_known = any(times for state, times in ways if state is DeliveryState.SENT)
    is_untrue = any(state is DeliveryState.SENT and not times for state, times in ways)
    may_go_again = any(
        state in (DeliveryState.WAITING, DeliveryState.SENDING) for state, _times in ways
    )
    return Verdict(
        twice=any(times > 1 for _state, times in ways),
        lost=is_untrue or may_go_again or not (is_known or is_listed),
        called=is_listed and not has_come,
        doubted=is_listed and has_come,
    )


# --- What is planted ------------------------------------------------------------------------------


class _Careless(Mailing):
    """A worker that sends first and claims afterwards."""

    def send_next(self) -> bool:
        with self._database.transaction() as session:
            chosen = select(Delivery.id).where(Delivery.state == DeliveryState.WAITING)
            found = session.scalars(chosen.order_by(Delivery.id)).first()
        if found is None:
            return False
        self._send(found, clock.now())
        return True


def _send_carelessly(scene: Scene, say: Say) -> None:
    with capture_logs(), scene.open() as database:
        mail = Mail(scene.settings.mail)
        _Careless(database, mail, scene.settings.base_url).send_next()
        say("sent")
        time.sleep(60)  # and is dead before it notes that


def _controls(folder: Path, post: Post) -> int:
    """One letter that comes twice, one that is lost, one that is said to be sent and is not, and
    one that came and would go out again: each has to be noticed."""
    scene = _scene(folder, post)
    _let_wait(scene, 1)
    for _worker in range(2):
        children.killed_after(0, partial(_send_carelessly, scene), lines=1)
    control(_judge(scene).twice == 1, "a worker that does not claim first sends twice")
    control(_judge(scene).lost == 1, "a letter that came and waits to be sent")
    for state in (DeliveryState.SENT, DeliveryState.WITHDRAWN):
        before = _judge(scene).lost
        _let_wait(scene, 1)
        with scene.open() as database, database.transaction() as session:
            claimed = session.scalars(select(Delivery.id).order_by(Delivery.id.desc())).first()
            one = session.get_one(Delivery, claimed)
            one.state, one.tries = DeliveryState.SENDING, 1
            deliveries.note(session, one.id, Outcome(state), now=NOW)
        control(
            _judge(scene).lost == before + 1, f"a letter that nobody has, noted as {state.value}"
        )
    post.forget()
    return 4
