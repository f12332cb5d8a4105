"""Whoever has the database in hand cannot change the log unnoticed: rows, and its end."""

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

from dispatch.audit import service as audit
from dispatch.audit import verifying
from dispatch.audit.verifying import Verdict
from dispatch.db.transactions import Database, anchors_of
from dispatch.policy import Action
from dispatch.policy.actor import SYSTEM
from tests.conftest import NOW
from tests.prove import installation
from tests.prove.figure import Figure, Row, Workplace, control

ROW = Row(
    what="Tampering with rows of the log (edit, delete, swap, insert, cut the tail) by somebody "
    "who can write in the database",
    must="all found up to the newest anchor",
    quick=4,
    full=200,
    fewest=lambda size: size * 5,
)
_ROWS = 240
_NOTED = 200
"""So many rows are there, and up to so many the anchors reach."""
_COLUMNS = (
    "at",
    "actor_uid",
    "role",
    "action",
    "object_uid",
    "family_uid",
    "outcome",
    "seal",
    "uid",
)
Tamper = Callable[[sqlite3.Connection, random.Random], bool]


def prove(at: Workplace) -> Figure:
    """Tamper `at.size` times in each of five ways, each time with the whole log put back before."""
    settings, database = installation.make(at.folder)
    _fill(database)
    file, whole = settings.data_dir / "dispatch.db", at.folder / "whole.db"
    _copy(file, whole)
    chance = random.Random(20_270_310)  # noqa: S311 the same every time
    control(_verdict(database).is_whole, "a log that nobody touched")
    missed = newer = tried = controls = 0
    for number in range(at.size):
        for tamper in (_edit, _delete, _swap, _insert, _cut_tail):
            _copy(whole, file)
            with closing(sqlite3.connect(file, isolation_level=None)) as connection:
                beyond = tamper(connection, chance)
            tried += 1
            found = not _verdict(database).is_whole
            newer += beyond
            missed += not found and not beyond
            controls += found
        at.told(number / at.size)
    control(controls >= tried - newer - missed, "changes that the chain notices")
    _without_key(database, file, whole)
    return Figure(
        looked_at=tried,
        unit="manipulations",
        measured=f"{missed} missed; {newer} cuts were of rows newer than the newest anchor",
        holds=missed == 0,
        controls=controls + 1,
    )


def _fill(database: Database) -> None:
    for number in range(_ROWS):
        with database.transaction() as session:
            at = NOW + timedelta(minutes=number)
            action = Action.REVEAL_FAMILY if number % 3 else Action.IMPORT
            audit.record(session, SYSTEM, action, None, now=at, family_uid=uuid4())
        if number + 1 == _NOTED:
            with database.transaction(reads_only=True) as session:
                verifying.anchor(session, anchors_of(session), now=NOW, at_once=True)


def _verdict(database: Database) -> Verdict:
    with database.transaction(reads_only=True) as session:
        return verifying.check(session, anchors_of(session))


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as here, closing(sqlite3.connect(target)) as there:
        here.backup(there)


def _guards_off(connection: sqlite3.Connection) -> None:
    connection.execute("DROP TRIGGER audit_event_append_only")
    connection.execute("DROP TRIGGER audit_event_append_only_delete")


def _edit(connection: sqlite3.Connection, chance: random.Random) -> bool:
    _guards_off(connection)
    column, place = chance.choice(_COLUMNS), chance.randint(1, _ROWS)
    donor = chance.choice(list(_different(connection, column, place)))
    connection.execute(
        f"UPDATE audit_event SET {column} = ? WHERE position = ?",  # noqa: S608 -- ours
        (donor, place),
    )
    return False


def _different(connection: sqlite3.Connection, column: str, place: int) -> Iterator[object]:
    """Values for a column that its row does not have."""
    known = connection.execute(
        f"SELECT {column} FROM audit_event WHERE position = ?",  # noqa: S608 -- ours
        (place,),
    ).fetchone()[0]
    if column == "at":
        yield "2027-01-01 00:00:00.000000"
    elif column == "seal":
        yield bytes(32)
    elif column.endswith("uid"):
        yield uuid4().hex
    else:
        yield "refused" if known != "refused" else "done"


def _delete(connection: sqlite3.Connection, chance: random.Random) -> bool:
    _guards_off(connection)
    place = chance.randint(1, _ROWS - 1)
    connection.execute("DELETE FROM audit_event WHERE position = ?", (place,))
    if chance.random() < 0.5:  # and the others move up
        connection.execute(
            "UPDATE audit_event SET position = -position + 1 WHERE position > ?", (place,)
        )
        connection.execute("UPDATE audit_event SET position = -position WHERE position < 0")
    return False


def _swap(connection: sqlite3.Connection, chance: random.Random) -> bool:
    _guards_off(connection)
    one, other = chance.sample(range(1, _ROWS + 1), 2)
    for before, after in ((one, -1), (other, one), (-1, other)):
        connection.execute(
            "UPDATE audit_event SET position = ? WHERE position = ?", (after, before)
        )
    return False


def _insert(connection: sqlite3.Connection, chance: random.Random) -> bool:
    _guards_off(connection)
    place = chance.randint(1, _ROWS)
    connection.execute(
        "UPDATE audit_event SET position = -position - 1 WHERE position > ?", (place,)
    )
    connection.execute("UPDATE audit_event SET position = -position WHERE position < 0")
    columns = "at, actor_uid, role, action, object_kind, object_uid, family_uid, outcome, seal"
    connection.execute(
        f"INSERT INTO audit_event (position, uid, {columns})"  # noqa: S608 -- ours
        f" SELECT ?, ?, {columns} FROM audit_event WHERE position = ?",
        (place + 1, uuid4().hex, place),
    )
    return False


def _cut_tail(connection: sqlite3.Connection, chance: random.Random) -> bool:
    _guards_off(connection)
    last = chance.randint(0, _ROWS - 1)
    connection.execute("DELETE FROM audit_event WHERE position > ?", (last,))
    return last >= _NOTED


def _without_key(database: Database, file: Path, whole: Path) -> None:
    """Without the anchors a cut tail is not noticed: it is they that find it."""
    _copy(whole, file)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        _guards_off(connection)
        connection.execute("DELETE FROM audit_event WHERE position > 10")
    with database.transaction(reads_only=True) as session:
        control(verifying.verify(session) is None, "a cut tail that the chain alone overlooks")
    control(_verdict(database).missing_from == _NOTED, "the same, seen by the anchors")
