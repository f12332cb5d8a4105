"""Erasing a family or an account, in both stores, so that a crash at any step converges.

Marked and committed, then noted outside and the key destroyed, then the rides counted, the rows
deleted and the receipt committed, then the write-ahead log emptied. Nothing opens from the second
step on, whatever becomes of the rest.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.audit import service as audit
from dispatch.crypto.anchors import Anchor, Anchors, Kind
from dispatch.crypto.keyring import Unreadable
from dispatch.crypto.keystore import mark_of
from dispatch.crypto.sealed import SealsColumns
from dispatch.db.base import Base
from dispatch.db.transactions import Database, anchors_of, vault_of
from dispatch.erasing import closure
from dispatch.erasing.models import Erasure, ErasureState, Whose
from dispatch.erasing.queries import Due
from dispatch.erasing.service import rides
from dispatch.families.models import Family, FamilyState
from dispatch.people.models import User, UserState
from dispatch.places import grants
from dispatch.places.models import Place
from dispatch.policy import Action
from dispatch.policy.actor import SYSTEM
from dispatch.rides.models import Ride

_SUBJECTS: dict[Whose, type[Family | User]] = {Whose.FAMILY: Family, Whose.ACCOUNT: User}


def erase(database: Database, due: Due, *, now: datetime) -> Erasure:
    """Erase whoever is `due`; the receipt. What was begun before is carried on."""
    with database.transaction() as session:
        erasure = _begun(session, due, now)
        anchors = anchors_of(session)
    return carry_on(database, erasure, anchors, now=now)


def carry_on(database: Database, erasure: Erasure, anchors: Anchors, *, now: datetime) -> Erasure:
    """Bring an erasure that was begun to its end."""
    keys = database.vault.keys
    if mark_of(erasure.owner_uid) not in anchors.marks():
        anchors.add(Anchor(Kind.DESTROYED, now, mark=mark_of(erasure.owner_uid)))
    keys.destroy(erasure.owner_uid)
    with database.transaction() as session:
        erasure = _ended(session, erasure, now)
    empty_write_ahead_log(database)
    return erasure


def rows_of(session: Session, erasure: Erasure | Due) -> dict[str, set[int]]:
    """Every row that goes with a family or an account."""
    subject = _SUBJECTS[erasure.whose]
    ids = session.scalars(select(subject.id).where(subject.uid == erasure.owner_uid))
    doors = session.scalars(select(Place.id).where(Place.owner_uid == erasure.owner_uid))
    roots = {subject.__tablename__: set(ids), Place.__tablename__: set(doors)}
    return closure.hanging_on(session, Base.metadata, roots)


def empty_write_ahead_log(database: Database) -> None:
    """Leave no deleted page in SQLite's write-ahead log; what others read stays until they end."""
    if database.engine.dialect.name != "sqlite":
        return
    with database.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _begun(session: Session, due: Due, now: datetime) -> Erasure:
    known = session.scalars(select(Erasure).where(Erasure.owner_uid == due.owner_uid)).one_or_none()
    if known is not None:
        return known
    subject = session.get_one(_SUBJECTS[due.whose], due.row_id)
    if isinstance(subject, Family):
        subject.state = FamilyState.LEFT
    else:
        subject.state = UserState.SUSPENDED
    grants.close_doors(session, due.owner_uid, now=now)
    erasure = Erasure(
        owner_uid=due.owner_uid,
        group_id=due.group_id,
        whose=due.whose,
        why=due.why,
        state=ErasureState.ERASING,
        due_at=due.due_at,
        begun_at=now,
    )
    session.add(erasure)
    session.flush()
    return erasure


def _ended(session: Session, begun: Erasure, now: datetime) -> Erasure:
    erasure = session.get_one(Erasure, begun.id)
    if erasure.state is ErasureState.ERASED:
        return erasure
    subject = _SUBJECTS[erasure.whose]
    row = session.scalars(select(subject).where(subject.uid == erasure.owner_uid)).one_or_none()
    erasure.checked = row is None or _opens_no_more(session, row)
    rows = rows_of(session, erasure)
    rides.count(session, rows.get(Ride.__tablename__, ()))
    erasure.rows = closure.remove(session, Base.metadata, rows)
    erasure.state, erasure.erased_at = ErasureState.ERASED, now
    session.flush()
    audit.record(session, SYSTEM, Action.ERASE, erasure, now=now, family_uid=_family_of(erasure))
    return erasure


def _family_of(erasure: Erasure) -> UUID | None:
    return erasure.owner_uid if erasure.whose is Whose.FAMILY else None


def _opens_no_more(session: Session, row: SealsColumns) -> bool:
    """Whether the name under the seal, as it still stands in the row, is out of reach for good."""
    try:
        row.unseal("sealed_name", vault_of(session))
    except Unreadable:
        return True
    return row.sealed_name is None
