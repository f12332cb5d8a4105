"""What happens without anybody asking: the queue, the timetable, and the worker that runs both.

The queue only carries ids; the rows say what is to be done (see `planning.service.runs`). A job
that a crash lost is found again by `rescue`, which every worker runs.
"""

import threading
from collections.abc import Callable
from urllib.parse import urlsplit
from uuid import UUID

import structlog
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.consumer import Consumer

from dispatch import clock
from dispatch.claims import service as claims
from dispatch.config import Settings
from dispatch.crypto import memory
from dispatch.db.transactions import Database
from dispatch.housekeeping import Housekeeping
from dispatch.mailing import mailings_of
from dispatch.people import freezing
from dispatch.places import roads
from dispatch.planning import worker
from dispatch.planning.service import expiring, overdue, reminding, runs, taking_up

log = structlog.get_logger()
RESCUE_EVERY = 5.0
"""Seconds."""


class Jobs:
    """The queue of one installation. A class because it holds the connection to it."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self._settings = settings
        self._database = database
        self._engine = roads.ByRoad(settings)
        self.queue = _queue(settings.queue_url)
        self._match = self.queue.task()(self._carry_out)

    def enqueue(self, uid: UUID) -> None:
        """Ask a worker to take up the run `uid`. If the queue is away, `rescue` finds it later."""
        try:
            self._match(str(uid))
        except Exception:  # the run is committed: whatever the queue's driver raises, go on
            log.exception("the queue did not take a job", run=str(uid))

    def carry_out(self, uid: UUID) -> None:
        """Carry the run `uid` out here and now."""
        self._carry_out(str(uid))

    def _carry_out(self, uid: str) -> None:
        if self._is_frozen():
            return
        worker.carry_out(
            self._database,
            UUID(uid),
            seconds=self._settings.match_seconds,
            engine=self._engine,
        )

    def _is_frozen(self) -> bool:
        """Whether the service is paused: nothing is proposed then, and no run is taken up."""
        with self._database.transaction(reads_only=True) as session:
            return freezing.is_frozen(session)

    def rescue(self) -> None:
        """Give runs that lost their worker, or never had one, a new job."""
        with self._database.transaction() as session:
            found = runs.forsaken(session, now=clock.now())
        for uid in found:
            self.enqueue(uid)

    def expire_offers(self) -> None:
        """End offers that nobody answered in time; nothing is offered while all is paused."""
        if self._is_frozen():
            return
        with self._database.transaction() as session:
            expiring.expire(session, enqueue=self.enqueue, now=clock.now())

    def remind(self) -> None:
        """Let drivers be reminded of what they accepted; nobody is while all is paused."""
        if self._is_frozen():
            return
        with self._database.transaction() as session:
            reminding.remind(session, now=clock.now())

    def watch(self) -> None:
        """Let the desk know of what is overdue; nobody is alarmed while all is paused."""
        if self._is_frozen():
            return
        with self._database.transaction() as session:
            overdue.watch(session, now=clock.now())
            claims.settle(session, now=clock.now())

    def take_up_ready(self) -> None:
        """Look for a driver for whoever said to be ready; not while all is paused."""
        if self._is_frozen():
            return
        with self._database.transaction() as session:
            taking_up.take_up_ready(session, enqueue=self.enqueue, now=clock.now())

    def work(self) -> None:
        """Carry out jobs until the process is told to stop. The solver is made ready first."""
        memory.keep_to_itself()
        worker.warm_up()
        stop = threading.Event()
        threading.Thread(target=self._timetable, args=(stop,), daemon=True).start()
        housekeeping = Housekeeping(self._database)
        housekeeper = threading.Thread(target=housekeeping.go_on, args=(stop,), daemon=True)
        housekeeper.start()
        for mailing in mailings_of(self._settings, self._database):
            threading.Thread(target=mailing.go_on, args=(stop,), daemon=True).start()
        consumer = Consumer(self.queue, workers=1, initial_delay=0.05, max_delay=0.5)
        try:
            consumer.run()
        finally:
            stop.set()
            housekeeper.join(timeout=10)
            housekeeping.note_end_of_log(at_once=True)

    def _duties(self) -> tuple[Callable[[], None], ...]:
        """What is done at each beat of the timetable."""
        return self.rescue, self.expire_offers, self.remind, self.watch, self.take_up_ready

    def _timetable(self, stop: threading.Event) -> None:
        while not stop.wait(RESCUE_EVERY):
            for duty in self._duties():
                try:
                    duty()
                except Exception:  # the database may be away for a moment: at the next beat again
                    log.exception("a duty failed", duty=duty.__name__)


def _queue(url: str) -> Huey:
    kind = urlsplit(url).scheme
    if kind in ("redis", "rediss"):
        return RedisHuey("dispatch", url=url)
    if kind.startswith("postgres"):
        return PostgresHuey("dispatch", dsn=url)
    return SqliteHuey("dispatch", filename=url.removeprefix("sqlite:///"), fsync=True)
