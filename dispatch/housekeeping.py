"""What a worker does beside the jobs: it erases what is due, and looks after clock and log."""

import threading
from datetime import datetime, timedelta

import structlog

from dispatch import clock
from dispatch.audit import verifying
from dispatch.db.transactions import Database, anchors_of
from dispatch.erasing.models import RetentionReport
from dispatch.erasing.service import running
from dispatch.people import freezing
from dispatch.people import service as people
from dispatch.people.service import clock_jumps

log = structlog.get_logger()
BEAT = 5.0
"""Seconds between two looks at the clock."""
VERIFY_EVERY = timedelta(hours=24)


class Housekeeping:
    """The timetable of one worker. A class because it remembers when it looked at the whole log,
    and what the clock showed then."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._verified_at: datetime | None = None
        self._started_at: datetime | None = None
        """When the machine started, as the clock has it: it moves only if the clock jumps."""

    def go_on(self, stop: threading.Event) -> None:
        """Do what is due, at the start and then at each beat, until `stop`."""
        while True:
            for duty in (self.watch_clock, self.verify, self.note_end_of_log, self.erase):
                try:
                    duty()
                except Exception:  # a store may be away for a moment: try again at the next beat
                    log.exception("housekeeping failed", duty=duty.__name__)
            if stop.wait(BEAT):
                return

    def watch_clock(self) -> bool:
        """Pause the service if the clock jumped while we ran, or is behind the log when we begin;
        whether it did."""
        now = clock.now()
        started_at = now - clock.uptime()
        jumped = self._jumped(started_at, now)
        if abs(jumped) <= clock_jumps.MOST:
            self._started_at = self._started_at or started_at
            return False
        with self._database.transaction() as session:
            clock_jumps.hold(session, jumped, now=now)
        self._started_at = started_at
        log.error("the clock jumped", minutes=round(jumped.total_seconds() / 60))
        return True

    def _jumped(self, started_at: datetime, now: datetime) -> timedelta:
        if self._started_at is not None:
            return started_at - self._started_at
        with self._database.transaction(reads_only=True) as session:
            return -clock_jumps.behind_log(session, now=now)

    def verify(self) -> bool | None:
        """Look at the whole log, at the start and every day; whether it is whole, None between.

        If it is not, the stewards are told.
        """
        now = clock.now()
        if self._verified_at is not None and now - self._verified_at < VERIFY_EVERY:
            return None
        with self._database.transaction(reads_only=True) as session:
            verdict = verifying.check(session, anchors_of(session))
        self._verified_at = now
        if not verdict.is_whole:
            log.error("the log is not whole", verdict=verdict.say())
            with self._database.transaction() as session:
                people.tell_tampering(session, verdict, now=now)
        return verdict.is_whole

    def note_end_of_log(self, *, at_once: bool = False) -> bool:
        """Note outside how long the log is, if it is time; `at_once` before the worker ends."""
        with self._database.transaction(reads_only=True) as session:
            return verifying.anchor(session, anchors_of(session), now=clock.now(), at_once=at_once)

    def erase(self) -> RetentionReport | None:
        """Erase what is due, once a day; the report, None if it is not time or all is paused."""
        now = clock.now()
        with self._database.transaction(reads_only=True) as session:
            if freezing.is_frozen(session) or not running.is_time(session, now=now):
                return None
        report = running.run(self._database, now=now)
        log.info("erased what was due", overdue=report.overdue, agrees=report.agrees)
        return report
