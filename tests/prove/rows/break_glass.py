"""Break-glass: told within a minute, closed to the second, one family, and reviewed in time."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.db.transactions import Database
from dispatch.errors import Conflict, Forbidden, NotFound
from dispatch.families import service as families
from dispatch.families.facts import Part
from dispatch.families.models import Family
from dispatch.glass import queries, rules, service
from dispatch.glass.models import GlassBreak, Need, Verdict
from dispatch.people import alarms
from dispatch.policy import Actor
from tests import build
from tests.conftest import NOW
from tests.prove import installation
from tests.prove.figure import Figure, Row, Workplace, control

ROW = Row(
    what="A closed family opened in need, over random days: when the others are told, when it "
    "closes, whether a second family opens, whether a late review is flagged",
    must="told < 60 s, closed at 30 min ± 1 s, 0 second families, every overdue one flagged",
    quick=6,
    full=300,
)
REASON = "Somebody waits at the clinic and it closes"
SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Desk:
    """Who opens, who else has to know, and what is closed."""

    rosa: Actor
    others: list[Actor]
    strangers: list[Actor]
    families: list[UUID]


@dataclass
class Found:
    """What went wrong, and how much was looked at."""

    wrong: list[str]
    looked_at: int = 0

    def expect(self, holds: bool, what: str) -> None:
        """Count a look, and note what does not hold."""
        self.looked_at += 1
        if not holds:
            self.wrong.append(what)


def prove(at: Workplace) -> Figure:
    """Play `at.size` days: open, read at random moments, close early or not, review or forget."""
    _settings, database = installation.make(at.folder)
    chance = random.Random(20_270_309)  # noqa: S311 the same days every time
    controls = _controls(database)
    found, slowest = Found([]), timedelta(0)
    with database.transaction() as session:
        desk = _desk(session)
    for number in range(at.size):
        slowest = max(slowest, _a_day(database, desk, chance, NOW + timedelta(days=number), found))
        at.told(number / at.size)
    database.engine.dispose()
    database.vault.keys.close()
    told = "".join(f"; {one}" for one in found.wrong[:3])
    return Figure(
        looked_at=found.looked_at,
        unit="looks",
        measured=f"told after {slowest.total_seconds():.0f} s, in the same transaction; "
        f"{len(found.wrong)} exceptions{told}",
        holds=not found.wrong and slowest < timedelta(minutes=1),
        controls=controls,
    )


def _desk(session: Session) -> Desk:
    group = build.a_group(session)
    rosa, tom = build.a_coordinator(session, group), build.a_coordinator(session, group)
    closed = [build.a_family(session, group, withdrawn_at=NOW).uid for _one in range(4)]
    elsewhere = build.a_coordinator(session, build.a_group(session))
    driver = build.driver_actor(build.a_driver(session, group))
    return Desk(rosa, [tom, build.a_steward(session)], [tom, elsewhere, driver], closed)


def _a_day(
    database: Database, desk: Desk, chance: random.Random, morning: datetime, found: Found
) -> timedelta:
    """Open one family at a random moment; how long until everybody else could see it."""
    at = morning + timedelta(seconds=chance.randrange(6 * 3600))
    chosen, *others = chance.sample(desk.families, len(desk.families))
    uid = _open(database, desk.rosa, chosen, at)
    late = _told_after(database, desk, uid, at, found)
    ends = at + rules.OPEN_FOR
    if chance.random() < 0.4:
        ends = at + timedelta(seconds=chance.randrange(1, 1800))
    _look_around(database, desk, chance, (chosen, others), (at, ends), found)
    if ends < at + rules.OPEN_FOR:
        with database.transaction() as session:
            who = chance.choice([desk.rosa, desk.others[0]])
            service.end(session, who, queries.get_break(session, who, uid), now=ends)
    for moment, opens in ((ends, False), (ends + SECOND, False)):
        found.expect(_reads(database, desk.rosa, chosen, moment) is opens, f"open at {moment}")
    _review(database, desk, chance, uid, found)
    return late


def _look_around(
    database: Database,
    desk: Desk,
    chance: random.Random,
    doors: tuple[UUID, list[UUID]],
    span: tuple[datetime, datetime],
    found: Found,
) -> None:
    """Read while it is open: the one family opens to Rosa, nothing else does to anybody."""
    (chosen, others), (at, ends) = doors, span
    inside = [at, ends - SECOND]
    inside += [at + (ends - at) * chance.random() for _look in range(2)]
    for moment in sorted(inside):
        found.expect(_reads(database, desk.rosa, chosen, moment), f"closed at {moment}")
        second = chance.choice(others)
        found.expect(not _reads(database, desk.rosa, second, moment), "a second family read")
        found.expect(not _opens(database, desk.rosa, second, moment), "a second family opened")
        stranger = chance.choice(desk.strangers)
        found.expect(not _reads(database, stranger, chosen, moment), "open to somebody else")


def _review(database: Database, desk: Desk, chance: random.Random, uid: UUID, found: Found) -> None:
    """Nobody but another person reviews; what is late is counted as late, to the second."""
    tom, steward = desk.others
    with database.transaction() as session:
        broken = queries.get_break(session, tom, uid)
        due = broken.starts_at + rules.REVIEW_WITHIN
        for who in (tom, steward):
            before = queries.count_overdue(session, who, now=due - SECOND)
            found.expect(queries.count_overdue(session, who, now=due) > before, "late, not said")
    try:
        with database.transaction() as session:
            own = queries.get_break(session, desk.rosa, uid)
            service.review(session, desk.rosa, own, Verdict.NEEDED, now=due)
        found.expect(False, "reviewed by who did it")
    except NotFound:
        found.expect(True, "")
    with database.transaction() as session:
        who = chance.choice([tom, steward])
        again = queries.get_break(session, who, uid)
        service.review(session, who, again, chance.choice(list(Verdict)), now=due)
        found.expect(queries.count_overdue(session, who, now=due) == 0, "reviewed, and still late")


def _told_after(database: Database, desk: Desk, uid: UUID, at: datetime, found: Found) -> timedelta:
    """How long after `at` the last of the others can see it on a page."""
    latest = timedelta(0)
    with database.transaction() as session:
        for who in desk.others:
            mine = [one for one in alarms.open_alarms(session, who) if one.once.endswith(str(uid))]
            found.expect(len(mine) == 1, "somebody was not told")
            latest = max([latest, *(one.made_at - at for one in mine)])
    return latest


def _open(database: Database, actor: Actor, family: UUID, now: datetime) -> UUID:
    with database.transaction() as session:
        found = session.scalars(select(Family).where(Family.uid == family)).one()
        return service.break_glass(
            session, actor, found, need=Need.STRANDED, reason=REASON, now=now
        ).uid


def _opens(database: Database, actor: Actor, family: UUID, now: datetime) -> bool:
    try:
        _open(database, actor, family, now)
    except Conflict:
        return False
    return True


def _reads(database: Database, actor: Actor, family: UUID, now: datetime) -> bool:
    """Whether the family's name opens to the actor."""
    with database.session() as session:
        found = session.scalars(select(Family).where(Family.uid == family)).one()
        try:
            opened = families.reveal(session, actor, found, parts={Part.NAME}, now=now)
        except (Forbidden, NotFound):
            return False
        return opened.name == "Carmen"


def _controls(database: Database) -> int:
    """Plant a door that stays open, one for everybody, an untold one; how many were found."""
    with database.transaction() as session:
        desk = _desk(session)
    chosen, at = desk.families[0], NOW - timedelta(days=30)
    uid = _open(database, desk.rosa, chosen, at)
    closes = at + rules.OPEN_FOR
    control(_reads(database, desk.rosa, chosen, closes - SECOND), "an open door that is read")
    with patch.object(GlassBreak, "is_live", lambda *_: True):
        control(_reads(database, desk.rosa, chosen, closes), "a door that stays open")
    with patch.object(Family, "is_closed", property(lambda _family: False)):
        control(_reads(database, desk.others[0], chosen, at), "a door for everybody")
    untold = Found([])
    with patch.object(alarms, "open_alarms", lambda *_: []):
        _told_after(database, desk, uid, at, untold)
    control(len(untold.wrong) == len(desk.others), "somebody who was not told")
    with database.transaction() as session:
        broken = queries.get_break(session, desk.others[0], uid)
        service.review(session, desk.others[0], broken, Verdict.NEEDED, now=closes)
    return 3
