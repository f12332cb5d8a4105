"""One run over the whole table: daily, safe to repeat, and taken up again where a crash left it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch import retention
from dispatch.audit import service as audit
from dispatch.audit.models import AuditEvent
from dispatch.db.base import Base
from dispatch.db.transactions import Database, anchors_of
from dispatch.erasing import closure, queries
from dispatch.erasing.models import PastRide, RetentionReport, Whose
from dispatch.erasing.service import owners
from dispatch.erasing.service.sweeps import Ids, Sweep, sweeps
from dispatch.rides.models import Ride

EVERY = timedelta(hours=24)
_AT_ONCE = 200
Told = Callable[[str], None]


def _keep_silent(_line: str) -> None:
    """Nobody listens."""


@dataclass
class _Tally:
    """What happened to the rows of each table, by line of the table of what is kept."""

    due: Counter[str] = field(default_factory=Counter)
    gone: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    made: Counter[str] = field(default_factory=Counter)
    agrees: bool = True

    def add(self, term: str, removed: dict[str, int]) -> None:
        for table, number in removed.items():
            self.gone[term][table] += number

    def add_owner(self, whose: Whose, removed: dict[str, int]) -> None:
        """A family or an account: its rides are counted before they go."""
        self.due[whose.value] += 1
        self.add(whose.value, removed)
        self.made[PastRide.__tablename__] += removed.get(Ride.__tablename__, 0)

    def counts(self) -> dict[str, object]:
        """As a report keeps it."""
        gone = {term: {t: n for t, n in rows.items() if n} for term, rows in self.gone.items()}
        return {"due": dict(self.due), "erased": gone, "made": dict(+self.made)}


def is_time(session: Session, *, now: datetime) -> bool:
    """Whether the last run that erased is a day ago."""
    last = select(func.max(RetentionReport.began_at)).where(~RetentionReport.is_rehearsal)
    began = session.scalar(last)
    return began is None or now - began >= EVERY


def run(database: Database, *, now: datetime, told: Told = _keep_silent) -> RetentionReport:
    """Erase everything whose time is over, and store the report; each step is a transaction."""
    tally = _Tally()
    _finish(database, tally, now=now)
    for due in _due_owners(database, now):
        tally.add_owner(due.whose, owners.erase(database, due, now=now).rows)
    for sweep in sweeps():
        with database.transaction(reads_only=True) as session:
            ids = sweep.due(session, now)
        tally.due[sweep.term] += len(ids)
        for start in range(0, len(ids), _AT_ONCE):
            _take(database, sweep, ids[start : start + _AT_ONCE], tally)
        told(f"{sweep.term}: {len(ids)} due")
    with database.transaction() as session:
        gone = audit.let_go(session, before=now - retention.span_of("log"), now=now)
        tally.due["log"] += gone
        tally.add("log", {AuditEvent.__tablename__: gone})
    owners.empty_write_ahead_log(database)
    return _store(database, tally, now, is_rehearsal=False)


def rehearse(database: Database, *, now: datetime) -> RetentionReport:
    """Count what a run would erase now, and erase nothing. The report is not stored."""
    tally, claimed = _Tally(), defaultdict(set)
    with database.transaction(reads_only=True) as session:
        for due in [
            *queries.due_families(session, now=now),
            *queries.due_accounts(session, now=now),
        ]:
            tally.add_owner(due.whose, _claim(owners.rows_of(session, due), claimed))
        for sweep in sweeps():
            ids = [one for one in sweep.due(session, now) if one not in claimed[sweep.table]]
            tally.due[sweep.term] += len(ids)
            if sweep.makes:
                tally.made[sweep.makes] += len(ids)
            hanging = closure.hanging_on(session, Base.metadata, {sweep.table: set(ids)})
            tally.add(sweep.term, _claim(hanging, claimed))
        old = (
            select(func.count())
            .select_from(AuditEvent)
            .where(AuditEvent.at < now - retention.span_of("log"))
        )
        gone = session.scalar(old) or 0
        tally.due["log"] += gone
        tally.add("log", {AuditEvent.__tablename__: gone})
    return _report(tally, now, overdue=0, is_rehearsal=True)


def _claim(rows: closure.Rows, claimed: dict[str, set[int]]) -> dict[str, int]:
    """How many of `rows` no earlier step takes; from now on this one does."""
    fresh = {table: ids - claimed[table] for table, ids in rows.items()}
    for table, ids in fresh.items():
        claimed[table] |= ids
    return {table: len(ids) for table, ids in fresh.items() if ids}


def _finish(database: Database, tally: _Tally, *, now: datetime) -> None:
    with database.transaction(reads_only=True) as session:
        begun, anchors = queries.unfinished(session), anchors_of(session)
    for erasure in begun:
        tally.add_owner(erasure.whose, owners.carry_on(database, erasure, anchors, now=now).rows)


def _due_owners(database: Database, now: datetime) -> list[queries.Due]:
    with database.transaction(reads_only=True) as session:
        return [*queries.due_families(session, now=now), *queries.due_accounts(session, now=now)]


def _take(database: Database, sweep: Sweep, ids: Ids, tally: _Tally) -> None:
    """One portion of a sweep: counted before and after, so that the report agrees to the row."""
    metadata = Base.metadata
    with database.transaction() as session:
        rows = closure.hanging_on(session, metadata, {sweep.table: set(ids)})
        tables = {*rows, *([sweep.makes] if sweep.makes else [])}
        before = _sizes(session, tables)
        made = Counter({sweep.makes: sweep.before(session, ids)} if sweep.before else {})
        removed = closure.remove(session, metadata, rows)
        after = _sizes(session, tables)
        for table in tables:
            expected = before[table] - removed.get(table, 0) + made[table]
            tally.agrees &= after[table] == expected
        tally.made.update(made)
        tally.add(sweep.term, removed)


def _sizes(session: Session, tables: Iterable[str]) -> dict[str, int]:
    known = Base.metadata.tables
    return {
        name: session.scalar(select(func.count()).select_from(known[name])) or 0 for name in tables
    }


def _store(
    database: Database, tally: _Tally, now: datetime, *, is_rehearsal: bool
) -> RetentionReport:
    with database.transaction() as session:
        report = _report(
            tally, now, overdue=len(queries.overdue(session, now=now)), is_rehearsal=is_rehearsal
        )
        session.add(report)
        session.flush()
    return report


def _report(tally: _Tally, now: datetime, *, overdue: int, is_rehearsal: bool) -> RetentionReport:
    return RetentionReport(
        began_at=now,
        ended_at=now,
        is_rehearsal=is_rehearsal,
        counts=tally.counts(),
        agrees=tally.agrees,
        overdue=overdue,
    )
