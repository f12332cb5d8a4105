"""Whether the log is whole: row by row, and against what was noted down outside the database."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dispatch.audit.models import AuditEvent
from dispatch.audit.service import beginning_of, chain_key, end_of, seal_of
from dispatch.crypto.anchors import Anchor, Anchors, Kind

ANCHOR_EVERY = timedelta(minutes=10)
ANCHOR_ROWS = 100
"""The end of the log is noted outside after so long or so many rows, whichever is first: a log
that lost its tail is noticed up to there."""
_ROWS = AuditEvent.__table__
_AT_ONCE = 2000


@dataclass(frozen=True)
class Verdict:
    """What a look at the whole log found."""

    rows: int
    """How many rows are there."""
    broken_at: int | None
    """The position of the first row that does not follow from the one before."""
    anchors: int
    """How many anchors were compared."""
    missing_from: int | None
    """The position of the first anchor that the log does not bear out: rows behind it are gone."""
    untrue: int
    """Lines among the anchors that prove nothing."""

    @property
    def is_whole(self) -> bool:
        """Whether nothing was changed, removed or put in between."""
        return self.broken_at is None and self.missing_from is None and not self.untrue

    def say(self) -> str:
        """The verdict in a sentence, for the terminal."""
        if self.broken_at is not None:
            return f"The log is broken at row {self.broken_at}."
        if self.missing_from is not None:
            return f"Rows of the log are gone: it once had a row {self.missing_from} that it lacks."
        if self.untrue:
            return f"{self.untrue} lines of the anchors were not written by this installation."
        return f"The log is whole: {self.rows} rows, {self.anchors} anchors."


def verify(session: Session) -> int | None:
    """The position of the first row that does not follow from the one before; None if all do."""
    key = chain_key(session)
    expected, seal = beginning_of(session)
    expected += 1
    rows = session.execute(select(_ROWS).order_by(_ROWS.c.position))
    for row in rows.yield_per(_AT_ONCE):
        if row.position != expected or not hmac.compare_digest(row.seal, seal_of(key, seal, row)):
            return expected
        seal, expected = row.seal, expected + 1
    return None


def check(session: Session, anchors: Anchors) -> Verdict:
    """Verify the chain, and every anchor that the log should still bear out."""
    first = beginning_of(session)[0]
    compared = [one for one in _standing(anchors.read()) if one.position > first]
    missing = [one.position for one in compared if not _is_borne_out(session, one)]
    return Verdict(
        rows=session.scalar(select(func.count()).select_from(_ROWS)) or 0,
        broken_at=verify(session),
        anchors=len(compared),
        missing_from=min(missing, default=None),
        untrue=anchors.untrue(),
    )


def anchor(session: Session, anchors: Anchors, *, now: datetime, at_once: bool = False) -> bool:
    """Note the end of the log outside if it is time, or at once if it grew; whether it was noted.

    Only rows that are committed may be noted: ask in a transaction that did nothing else.
    """
    position, seal = end_of(session)
    last = anchors.newest_of_log()
    grown = position - (last.position if last else 0)
    is_time = at_once or last is None or now - last.at >= ANCHOR_EVERY or grown >= ANCHOR_ROWS
    if grown <= 0 or not is_time:
        return False
    anchors.add(Anchor(Kind.LOG, now, position, seal))
    return True


def _standing(lines: list[Anchor]) -> list[Anchor]:
    """The anchors that count: a database that was put back is as long as it was then."""
    standing: list[Anchor] = []
    for one in lines:
        if one.kind is Kind.RESTORED:
            standing = [known for known in standing if known.position <= one.position]
        standing.append(one)
    return standing


def _is_borne_out(session: Session, one: Anchor) -> bool:
    seal = session.scalar(select(AuditEvent.seal).where(AuditEvent.position == one.position))
    return seal is not None and hmac.compare_digest(seal, one.mark)
