"""Everything that hangs on a row: found by what refers to it, so that no table is forgotten.

Whatever refers to a row that goes, goes too. Only a note of who did something, and a few links
between rows that may stand alone, are emptied instead.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Column, ForeignKey, MetaData, Table, Uuid, delete, select, update
from sqlalchemy.orm import Session

Rows = Mapping[str, set[int]]
"""Ids by table."""

AUTHORS = "user_account"
"""A nullable reference to this table says who did something; what was done outlives the person."""
GOES_WITH_PERSON = frozenset({"message.user_id"})
"""Nullable references to a person that are not about who did it: a message to nobody is none."""
NAMES_FOR_GOOD = frozenset({"audit_event", "erasure"})
"""Tables that name a row by its uid and keep doing so when it is gone: the uid is a code then."""
STANDS_ALONE = frozenset({"ride.outbound_id", "assignment.proposal_id", "incident.ride_id"})
"""Other nullable references whose row means something without them."""
Key = TypeVar("Key", int, UUID)
_AT_ONCE = 500


def is_emptied(column: Column, key: ForeignKey) -> bool:
    """Whether a reference is emptied when its row goes, instead of taking its own row along."""
    name = f"{column.table.name}.{column.name}"
    if not column.nullable or name in GOES_WITH_PERSON:
        return False
    return name in STANDS_ALONE or key.column.table.name == AUTHORS


def hanging_on(session: Session, metadata: MetaData, roots: Rows) -> dict[str, set[int]]:
    """The rows of `roots`, and all that have to go with them."""
    found: dict[str, set[int]] = defaultdict(set)
    fresh = {table: set(ids) for table, ids in roots.items() if ids}
    while fresh:
        for table, ids in fresh.items():
            found[table] |= ids
        after: dict[str, set[int]] = defaultdict(set)
        for table, column, key in _references(metadata):
            wanted = fresh.get(key.column.table.name)
            if wanted and not is_emptied(column, key):
                after[table.name] |= set(_ids(session, table, column, wanted))
        uids = _uids(session, metadata, fresh)
        for table, column in _names(metadata):
            after[table.name] |= set(_ids(session, table, column, uids))
        fresh = {table: ids - found[table] for table, ids in after.items() if ids - found[table]}
    return {table: ids for table, ids in found.items() if ids}


def remove(session: Session, metadata: MetaData, rows: Rows) -> dict[str, int]:
    """Delete `rows`, which `hanging_on` found; how many went, by table."""
    for table, column, key in _references(metadata):
        gone = rows.get(key.column.table.name)
        if gone and is_emptied(column, key):
            for some in _portions(gone):
                session.execute(update(table).where(column.in_(some)).values({column.name: None}))
    removed = {}
    for table in reversed(metadata.sorted_tables):
        for some in _portions(rows.get(table.name, ())):
            done = session.execute(delete(table).where(table.c.id.in_(some)))
            removed[table.name] = removed.get(table.name, 0) + done.rowcount
    session.expire_all()
    return removed


def _references(metadata: MetaData) -> Iterator[tuple[Table, Column, ForeignKey]]:
    for table in metadata.sorted_tables:
        for column in table.columns:
            for key in column.foreign_keys:
                yield table, column, key


def _names(metadata: MetaData) -> Iterator[tuple[Table, Column]]:
    """The columns that name a row of another table by its uid."""
    for table in metadata.sorted_tables:
        if table.name not in NAMES_FOR_GOOD:
            for column in table.columns:
                if isinstance(column.type, Uuid) and column.name != "uid":
                    yield table, column


def _uids(session: Session, metadata: MetaData, rows: Rows) -> set[UUID]:
    return {
        uid
        for name, ids in rows.items()
        for some in _portions(ids)
        for uid in session.scalars(
            select(metadata.tables[name].c.uid).where(metadata.tables[name].c.id.in_(some))
        )
    }


def _ids(session: Session, table: Table, column: Column, wanted: Iterable[Key]) -> Iterator[int]:
    for some in _portions(wanted):
        yield from session.scalars(select(table.c.id).where(column.in_(some)))


def _portions(ids: Iterable[Key]) -> Iterator[list[Key]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]
