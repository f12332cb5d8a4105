"""The key store: wrapped keys and blind indexes in an SQLite file of their own.

It is apart from the database also on PostgreSQL, because erasing a family means destroying its
key, and a key that sits in the database's backups is not destroyed. A full sync follows every
write: a row sealed under a key that a crash took back could never be opened again.
"""

import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from dispatch.crypto.keyring import Keyring, Unreadable

_KEY = 32
_INDEX_OWNER = UUID(int=0)
"""The key of the blind indexes is kept like an owner's, under the nil uid."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS owner_key (
    owner BLOB PRIMARY KEY, wrapped BLOB NOT NULL, made_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blind_index (
    kind TEXT NOT NULL, scope BLOB NOT NULL, digest BLOB NOT NULL, owner BLOB NOT NULL,
    PRIMARY KEY (kind, scope, digest, owner)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS blind_index_owner ON blind_index (owner, kind);
"""


class KeyStore:
    """Wrapped keys by owner, and digests that find an owner by something it told us.

    A class because it holds one connection per thread; safe to share between threads.
    """

    def __init__(self, path: Path, keyring: Keyring) -> None:
        self._path = path
        self._keyring = keyring
        self._local = threading.local()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._writing() as connection:
            connection.executescript(_SCHEMA)
        path.chmod(0o600)

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            connection = sqlite3.connect(self._path, isolation_level=None, timeout=10)
            for setting in (
                "journal_mode=DELETE",
                "synchronous=FULL",
                "secure_delete=ON",
                "trusted_schema=OFF",
            ):
                connection.execute(f"PRAGMA {setting}")
            self._local.connection = connection
        return self._local.connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        connection = self._connection()
        try:
            yield connection
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """End this thread's connection."""
        if hasattr(self._local, "connection"):
            self._local.connection.close()
            del self._local.connection

    def key(self, owner: UUID) -> bytes:
        """The key of `owner`.

        Raises
            Unreadable: it never had one, or it was destroyed.
        """
        found = self._connection().execute(
            "SELECT wrapped FROM owner_key WHERE owner = ?", (owner.bytes,)
        )
        row = found.fetchone()
        if row is None:
            raise Unreadable("this owner has no key")
        return self._keyring.unwrap(row[0], owner.bytes)

    def key_or_new(self, owner: UUID) -> bytes:
        """The key of `owner`, made now if there is none. On disk before it returns."""
        fresh = self._keyring.wrap(secrets.token_bytes(_KEY), owner.bytes)
        with self._writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO owner_key (owner, wrapped) VALUES (?, ?)",
                (owner.bytes, fresh),
            )
        return self.key(owner)

    def destroy(self, owner: UUID) -> None:
        """Forget the key and the index entries of `owner`: what they sealed never opens again."""
        with self._writing() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DELETE FROM owner_key WHERE owner = ?", (owner.bytes,))
            connection.execute("DELETE FROM blind_index WHERE owner = ?", (owner.bytes,))
            connection.execute("COMMIT")

    def index_key(self) -> bytes:
        """The key that blind-index digests are made with."""
        return self.key_or_new(_INDEX_OWNER)

    def put_digest(self, kind: str, scope: UUID, digest: bytes, owner: UUID) -> None:
        """Let `digest` find `owner` from now on, in place of what found it before."""
        with self._writing() as connection:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(
                "DELETE FROM blind_index WHERE owner = ? AND kind = ?", (owner.bytes, kind)
            )
            connection.execute(
                "INSERT INTO blind_index VALUES (?, ?, ?, ?)",
                (kind, scope.bytes, digest, owner.bytes),
            )
            connection.execute("COMMIT")

    def drop_digest(self, kind: str, owner: UUID) -> None:
        """Let nothing of `kind` find `owner` any more."""
        with self._writing() as connection:
            connection.execute(
                "DELETE FROM blind_index WHERE owner = ? AND kind = ?", (owner.bytes, kind)
            )

    def owners(self, kind: str, scope: UUID, digest: bytes) -> list[UUID]:
        """Whom `digest` finds in `scope`."""
        found = self._connection().execute(
            "SELECT owner FROM blind_index WHERE kind = ? AND scope = ? AND digest = ?",
            (kind, scope.bytes, digest),
        )
        return [UUID(bytes=row[0]) for row in found]
