"""Changing keys while everything goes on: the master key, and the keys of families and people.

A new master key wraps every other key anew, some at a time. A new key of an owner seals from that
moment on; what the older one sealed is sealed again, and when no record needs it any more it goes.
Whatever is interrupted is taken up where it was left.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from dispatch.crypto.keyring import Unreadable
from dispatch.crypto.keystore import KeyStore
from dispatch.crypto.sealed import Sealed, SealedColumn, SealsColumns
from dispatch.crypto.vault import Vault, number_of
from dispatch.db.base import Base
from dispatch.db.transactions import Database

GRACE = 60.0
"""Seconds: longer than any request, so that nobody is still sealing with a key of before."""
_AT_ONCE = 200
_BREATH = 0.02
"""Seconds between two portions: whoever waits for the store comes in."""
Told = Callable[[int, int], None]
"""Hears how many of how many are done."""


@dataclass(frozen=True)
class Rotated:
    """What a rotation did."""

    version: int
    """Of the master key that wraps now."""
    keys: int
    """How many keys were wrapped anew."""


def rotate_master_key(store: KeyStore, told: Told = lambda _done, _all: None) -> Rotated:
    """Make a new master key and wrap every key with it; one that was interrupted is carried on.

    Raises
        BadKeyring: the file of the master keys cannot be written, or their server refuses.
    """
    newest = store.provider.newest
    if all(version == newest for version in store.count_by_version()):
        newest = store.provider.add_version()
    total = sum(n for version, n in store.count_by_version().items() if version != newest)
    done = 0
    while some := store.wrap_again():
        done += some
        told(done, max(total, done))
        time.sleep(_BREATH)
    return Rotated(newest, done)


def retire_master_keys(store: KeyStore) -> set[int]:
    """Forget the master keys that wrap nothing any more; which ones.

    Backups of the key store from before the rotation open no more afterwards.
    """
    with store.nobody_adds() as counts:
        return store.provider.forget_unused(set(counts))


def rotate_owners(
    database: Database, told: Told = lambda _done, _all: None, *, grace: float = GRACE
) -> int:
    """Give every family and person a fresh key and seal everything again; how many records.

    `grace` is how many seconds to wait for whoever was sealing with the older keys meanwhile.
    """
    store = database.vault.keys
    stale = [owner for owner, (oldest, newest) in store.numbers().items() if oldest == newest]
    for start in range(0, len(stale), _AT_ONCE):
        store.renew(*stale[start : start + _AT_ONCE])
        time.sleep(_BREATH)
    time.sleep(grace)
    sealed = 0
    steps = [(model, start) for model in sealed_models() for start in _starts(database, model)]
    for done, (model, start) in enumerate(steps, 1):
        with database.transaction() as session:
            sealed += _seal_again(session, database.vault, model, start)
        time.sleep(_BREATH)
        told(done, len(steps))
    _drop_unused(database)
    return sealed


def sealed_models() -> list[type[SealsColumns]]:
    """The models that have sealed columns."""
    mapped = [one.class_ for one in Base.registry.mappers if issubclass(one.class_, SealsColumns)]
    return sorted(mapped, key=lambda model: model.__tablename__)


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
    """Forget the keys that no record names any more."""
    store = database.vault.keys
    needed = {owner: newest for owner, (_oldest, newest) in store.numbers().items()}
    with database.transaction(reads_only=True) as session:
        for model in sealed_models():
            for row, _column, record in _records(iter(session.scalars(select(model))), model):
                number, owner = number_of(record), row.key_owner
                needed[owner] = min(needed.get(owner, number), number)
    owners = list(needed)
    for start in range(0, len(owners), _AT_ONCE):
        some = owners[start : start + _AT_ONCE]
        store.drop_older({owner: needed[owner] for owner in some})
        time.sleep(_BREATH)
