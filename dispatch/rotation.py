"""Changing keys while everything goes on: the master key, and the keys of families and people.

A new master key wraps every other key anew, some at a time. A new key of an owner seals from that
moment on; what the older one sealed is sealed again, and when no record needs it any more it goes.
Whatever is interrupted is taken up where it was left.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from dispatch.crypto import keyring
from dispatch.crypto.keyring import Unreadable
from dispatch.crypto.keystore import KeyStore
from dispatch.crypto.sealed import Sealed, SealedColumn, SealsColumns
from dispatch.crypto.vault import Vault, number_of
from dispatch.db.transactions import Database

_AT_ONCE = 200
Told = Callable[[int, int], None]
"""Hears how many of how many are done."""


@dataclass(frozen=True)
class Rotated:
    """What a rotation did."""

    version: int
    """Of the master key that wraps now."""
    keys: int
    """How many keys were wrapped anew."""


def rotate_master_key(
    path: Path, store: KeyStore, told: Told = lambda _done, _all: None
) -> Rotated:
    """Make a new master key and wrap every key with it; one that was interrupted is carried on.

    Raises
        BadKeyring: the file of the master keys cannot be written.
    """
    newest = keyring.load(path).newest
    if all(version == newest for version in store.count_by_version()):
        newest = keyring.add_version(path)
    total = sum(n for version, n in store.count_by_version().items() if version != newest)
    done = 0
    while some := store.wrap_again():
        done += some
        told(done, max(total, done))
    return Rotated(newest, done)


def retire_master_keys(path: Path, store: KeyStore) -> set[int]:
    """Forget the master keys that wrap nothing any more; which ones.

    Backups of the key store from before the rotation open no more afterwards.
    """
    with store.nobody_adds() as counts:
        ring = keyring.load(path)
        unused = {
            version for version in ring.keys if version < ring.newest and version not in counts
        }
        if unused:
            keyring.remove_versions(path, unused)
    return unused


def rotate_owners(database: Database, told: Told = lambda _done, _all: None) -> int:
    """Give every family and person a fresh key and seal everything again; how many records."""
    store = database.vault.keys
    stale = [owner for owner in store.all_owners() if len(store.numbers_of(owner)) == 1]
    for start in range(0, len(stale), _AT_ONCE):
        store.renew(*stale[start : start + _AT_ONCE])
    sealed = 0
    steps = [(model, start) for model in sealed_models() for start in _starts(database, model)]
    for done, (model, start) in enumerate(steps, 1):
        with database.transaction() as session:
            sealed += _seal_again(session, database.vault, model, start)
        told(done, len(steps))
    _drop_unused(database)
    return sealed


def sealed_models() -> list[type[SealsColumns]]:
    """The models that have sealed columns."""
    return sorted(SealsColumns.__subclasses__(), key=lambda model: model.__tablename__)


def sealed_columns(model: type[SealsColumns]) -> list[str]:
    """The names of the sealed columns of `model`."""
    return [one.key for one in inspect(model).columns if isinstance(one.type, SealedColumn)]


def _starts(database: Database, model: type[SealsColumns]) -> list[int]:
    """The ids before which the portions of a table begin."""
    with database.transaction(reads_only=True) as session:
        ids = session.scalars(select(model.id).order_by(model.id)).all()
    return [ids[place] - 1 for place in range(0, len(ids), _AT_ONCE)]


def _portion(session: Session, model: type[SealsColumns], start: int) -> Iterator[SealsColumns]:
    chosen = select(model).where(model.id > start).order_by(model.id).limit(_AT_ONCE)
    yield from session.scalars(chosen.with_for_update())


def _seal_again(session: Session, vault: Vault, model: type[SealsColumns], start: int) -> int:
    sealed = 0
    for row, column, record in _records(_portion(session, model, start), model):
        owner = row.key_owner
        try:
            if number_of(record) < vault.keys.sealing_key(owner)[0]:
                row.seal(column, row.unseal(column, vault), vault)
                sealed += 1
        except Unreadable:  # erased a moment ago: there is nothing left to seal
            continue
    return sealed


def _records(
    rows: Iterator[SealsColumns], model: type[SealsColumns]
) -> Iterator[tuple[SealsColumns, str, Sealed]]:
    for row in rows:
        for column in sealed_columns(model):
            record = getattr(row, column)
            if record is not None:
                yield row, column, record


def _drop_unused(database: Database) -> None:
    """Forget the keys that no record names any more, while nobody writes."""
    store = database.vault.keys
    needed: dict[UUID, int] = {}
    with database.transaction() as session:
        if session.get_bind().dialect.name == "postgresql":
            names = ", ".join(model.__tablename__ for model in sealed_models())
            session.execute(text(f"LOCK TABLE {names} IN SHARE MODE"))
        else:
            session.connection()
        for model in sealed_models():
            for row, _column, record in _records(iter(session.scalars(select(model))), model):
                number = number_of(record)
                needed[row.key_owner] = min(needed.get(row.key_owner, number), number)
        newest = {owner: max(store.numbers_of(owner)) for owner in store.all_owners()}
        store.drop_older({owner: needed.get(owner, number) for owner, number in newest.items()})
