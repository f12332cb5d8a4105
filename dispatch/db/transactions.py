"""The only place that commits: one transaction per request, job step or command.

Services flush and never commit. Success commits, an exception rolls back. What must wait until
the commit is certain (waking a worker) is handed to `after_commit`.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event, text
from sqlalchemy.orm import Session, SessionTransaction, sessionmaker

from dispatch.crypto.anchors import Anchors
from dispatch.crypto.vault import Vault

ANCHORS = "anchors"
"""Under what a session carries the anchors of its installation."""
_VAULT = "vault"
_KEPT = "kept"
_AFTER = "after commit"


class Database:
    """An engine with its vault: where sessions come from."""

    def __init__(
        self, engine: Engine, vault: Vault, known: Mapping[str, object] | None = None
    ) -> None:
        """`known` is what every session carries as `session.info`, besides the vault."""
        self.engine = engine
        self.vault = vault
        info = {**(known or {}), _VAULT: vault}
        self._make = sessionmaker(engine, expire_on_commit=False, info=info)

    def session(self, *, reads_only: bool = False) -> Session:
        """A new session. One that only reads does not wait for writers (SQLite)."""
        session = self._make()
        if reads_only and self.engine.dialect.name == "sqlite":
            session.connection(execution_options={"sqlite_begin": "DEFERRED"})
        return session

    @contextmanager
    def transaction(self, *, reads_only: bool = False) -> Iterator[Session]:
        """A session whose work is committed at the end of the block, or not at all."""
        session = self.session(reads_only=reads_only)
        try:
            yield session
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()


def commit(session: Session) -> None:
    """Make what was done so far permanent: at the end of a request, and before a reveal."""
    session.commit()


def let_go(session: Session) -> None:
    """End the transaction before anything was changed in it, so that nobody waits for it while
    something slow happens, such as hashing a password. The session begins anew at its next use.
    """
    session.rollback()


def take_turns(session: Session, subject: bytes) -> None:
    """Let nobody else pass here with the same `subject` until this transaction ends.

    For "look, then add" where no constraint can refuse the second. SQLite lets one writer in at
    a time anyhow; PostgreSQL needs the lock.
    """
    if session.get_bind().dialect.name != "postgresql":
        session.connection()
        return
    number = int.from_bytes(hashlib.sha256(subject).digest()[:8], "big", signed=True)
    session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def vault_of(session: Session) -> Vault:
    """The vault that belongs to the session's database."""
    return session.info[_VAULT]


def anchors_of(session: Session) -> Anchors:
    """The anchors that belong to the session's database."""
    return session.info[ANCHORS]


def after_commit(session: Session, call: Callable[[], object]) -> None:
    """Run `call` once, when what the session holds is committed; never if it is rolled back."""
    keep(session, _AFTER, call)


def keep(session: Session, name: str, thing: object) -> None:
    """Hold `thing` until the transaction commits; a rollback loses it, one to a savepoint too."""
    session.connection()  # a transaction that has not begun is not rolled back either
    kept = session.info.setdefault(_KEPT, {}).setdefault(name, [])
    kept.append((session.get_nested_transaction(), thing))


def take_kept(session: Session, name: str) -> list[Any]:
    """Everything that is held under `name`, in order; it is held no more."""
    return [thing for _savepoint, thing in session.info.get(_KEPT, {}).pop(name, [])]


@event.listens_for(Session, "after_commit")
def _run_waiting(session: Session) -> None:
    if session.in_nested_transaction():  # only a savepoint was released
        return
    for call in take_kept(session, _AFTER):
        call()


@event.listens_for(Session, "after_rollback")
def _lose_kept(session: Session) -> None:
    undone = session.get_nested_transaction()
    if undone is None:
        session.info.pop(_KEPT, None)
        return
    for kept in session.info.get(_KEPT, {}).values():
        kept[:] = [(since, thing) for since, thing in kept if not _is_inside(since, undone)]


def _is_inside(since: SessionTransaction | None, savepoint: SessionTransaction) -> bool:
    """Whether `since` is `savepoint` or one that was set after it."""
    while since is not None and since is not savepoint:
        since = since.parent
    return since is savepoint
