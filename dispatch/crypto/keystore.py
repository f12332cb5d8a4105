"""The key store: wrapped keys and blind indexes in an SQLite file of their own.

It is apart from the database also on PostgreSQL, because erasing a family means destroying its
key, and a key that sits in the database's backups is not destroyed. A full sync follows every
write: a row sealed under a key that a crash took back could never be opened again.
"""

import hashlib
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dispatch.crypto.keyring import KeyProvider, Unreadable, version_of

_BITS = 256
_FIRST = 1
_INDEX_OWNER = UUID(int=0)
"""The key of the blind indexes is kept like an owner's, under the nil uid."""
_AT_ONCE, _LONGEST = 500, 1.0
"""Keys that are wrapped anew in one transaction, and the seconds after which it ends anyway."""
_PRAGMAS = ("journal_mode=DELETE", "synchronous=FULL", "secure_delete=ON", "trusted_schema=OFF")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS sealing_key (
    owner BLOB NOT NULL, number INTEGER NOT NULL, wrapped BLOB NOT NULL,
    made_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP, PRIMARY KEY (owner, number)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS destroyed (
    mark BLOB PRIMARY KEY, at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS blind_index (
    kind TEXT NOT NULL, scope BLOB NOT NULL, digest BLOB NOT NULL, owner BLOB NOT NULL,
    PRIMARY KEY (kind, scope, digest, owner)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS blind_index_owner ON blind_index (owner, kind);
"""
_OLDER = "SELECT owner, number, wrapped FROM sealing_key WHERE substr(wrapped, 1, 2) <> ? LIMIT ?"
_REWRAP = "UPDATE sealing_key SET wrapped = ? WHERE owner = ? AND number = ?"
_ONE_KEY_EACH = """
BEGIN IMMEDIATE;
INSERT OR IGNORE INTO sealing_key (owner, number, wrapped, made_at)
    SELECT owner, 1, wrapped, made_at FROM owner_key;
DROP TABLE owner_key;
COMMIT;
"""
"""From the time when an owner had one key for good."""
_HAS_OLD_TABLE = "SELECT 1 FROM sqlite_master WHERE name='owner_key'"


def mark_of(owner: UUID) -> bytes:
    """What is remembered of a destroyed key's owner: it finds the owner again and tells nothing."""
    return hashlib.sha256(b"destroyed" + owner.bytes).digest()[:16]


class KeyStore:
    """Wrapped keys by owner, and digests that find an owner by something it told us.

    A class because it holds a connection per thread; safe to share between threads.
    """

    def __init__(self, path: Path, keys: KeyProvider) -> None:
        self.path = path
        self.provider = keys
        self._local = threading.local()
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not path.exists():
            path.touch(mode=0o600)
        connection = self._connection()
        connection.executescript(_SCHEMA)
        if connection.execute(_HAS_OLD_TABLE).fetchone():
            connection.executescript(_ONE_KEY_EACH)

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._local, "connection"):
            # A store that is gone is not made anew: what it sealed would never open again.
            place = f"{self.path.as_uri()}?mode=rw"
            connection = sqlite3.connect(place, uri=True, isolation_level=None, timeout=10)
            for setting in _PRAGMAS:
                connection.execute(f"PRAGMA {setting}")
            self._local.connection = connection
        return self._local.connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction; others wait, and what fails leaves nothing."""
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """End this thread's connection, and those of whoever holds the master key."""
        self.provider.close()
        if hasattr(self._local, "connection"):
            self._local.connection.close()
            del self._local.connection

    def copy_to(self, target: Path) -> None:
        """A consistent copy of the whole store in `target`, while others go on working."""
        with closing(sqlite3.connect(target)) as copy:
            self._connection().backup(copy)
        target.chmod(0o600)

    def key(self, owner: UUID, number: int | None = None) -> bytes:
        """The key of `owner`: of that number, or the newest.

        Raises
            Unreadable: it never had one, or it was destroyed.
        """
        found = self._find(owner, number)
        if found is None:
            raise Unreadable("this owner has no key")
        return self.provider.unwrap(found[1], _bound_to(owner, found[0]))

    def sealing_key(self, owner: UUID) -> tuple[int, bytes]:
        """Number and key that seal for `owner`, made if there is none; then on disk for good.

        Raises
            Unreadable: the owner was erased; nothing is sealed for it any more.
        """
        found = self._find(owner, None)
        if found is None:
            with self._writing() as connection:
                self._add(connection, owner, _FIRST)
            found = self._find(owner, None)
            if found is None:
                raise Unreadable("this owner was erased")
        return found[0], self.provider.unwrap(found[1], _bound_to(owner, found[0]))

    def renew(self, *owners: UUID) -> None:
        """Fresh keys that seal for `owners` from now on; their older ones still open."""
        with self._writing() as connection:
            for owner in owners:
                found = connection.execute(
                    "SELECT max(number) FROM sealing_key WHERE owner = ?", (owner.bytes,)
                )
                self._add(connection, owner, (found.fetchone()[0] or 0) + 1)

    def drop_older(self, needed: Mapping[UUID, int]) -> None:
        """Forget the keys of each owner before the number that is still needed."""
        with self._writing() as connection:
            connection.executemany(
                "DELETE FROM sealing_key WHERE owner = ? AND number < ?",
                [(owner.bytes, number) for owner, number in needed.items()],
            )

    def destroy(self, owner: UUID) -> None:
        """Forget the keys and the index entries of `owner`: what they sealed never opens again,
        and nothing is sealed for it any more."""
        with self._writing() as connection:
            connection.execute(
                "INSERT OR IGNORE INTO destroyed (mark) VALUES (?)", (mark_of(owner),)
            )
            _forget(connection, owner)

    def is_destroyed(self, owner: UUID) -> bool:
        """Whether the keys of `owner` were destroyed here."""
        return _is_marked(self._connection(), owner)

    def destroy_marked(self, marks: Iterable[bytes]) -> int:
        """Destroy again what was destroyed before this copy was put back; how many keys went."""
        rows = self._connection().execute("SELECT mark FROM destroyed")
        unknown = set(marks) - {row[0] for row in rows}
        if not unknown:
            return 0
        with self._writing() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO destroyed (mark) VALUES (?)", [(mark,) for mark in unknown]
            )
            again = [one for one in _owners(connection) if mark_of(one) in unknown]
            for owner in again:
                _forget(connection, owner)
        return len(again)

    def marks(self) -> set[bytes]:
        """The marks of all owners whose keys were destroyed."""
        return {row[0] for row in self._connection().execute("SELECT mark FROM destroyed")}

    def numbers(self) -> dict[UUID, tuple[int, int]]:
        """The oldest and the newest number of every owner's keys: two during a rotation."""
        found = self._connection().execute(
            "SELECT owner, min(number), max(number) FROM sealing_key WHERE owner <> ?"
            " GROUP BY owner",
            (_INDEX_OWNER.bytes,),
        )
        return {UUID(bytes=owner): (oldest, newest) for owner, oldest, newest in found}

    def all_owners(self) -> list[UUID]:
        """Everybody who has a key."""
        return _owners(self._connection())

    def count_by_version(self) -> dict[int, int]:
        """How many keys each version of the master key wraps."""
        rows = self._connection().execute(
            "SELECT substr(wrapped, 1, 2), count(*) FROM sealing_key GROUP BY 1"
        )
        return {version_of(row[0]): row[1] for row in rows}

    def wrap_again(self) -> int:
        """Wrap some of the keys that an older master key wraps with the newest; how many it were.

        Nothing is left to do when it answers 0. Whoever else opens or makes keys goes on.
        """
        with self._writing() as connection:
            newest = self.provider.newest.to_bytes(2)
            rows = connection.execute(_OLDER, (newest, _AT_ONCE)).fetchall()
            until = time.monotonic() + _LONGEST
            for done, (owner, number, wrapped) in enumerate(rows):
                if time.monotonic() > until:
                    return done
                bound = _bound_to(UUID(bytes=owner), number)
                again = self.provider.wrap(self.provider.unwrap(wrapped, bound), bound)
                connection.execute(_REWRAP, (again, owner, number))
        return len(rows)

    @contextmanager
    def nobody_adds(self) -> Iterator[dict[int, int]]:
        """Let nobody make a key inside the block; gives `count_by_version`. For retiring one."""
        with self._writing():
            yield self.count_by_version()

    def index_key(self) -> bytes:
        """The key that blind-index digests are made with."""
        return self.sealing_key(_INDEX_OWNER)[1]

    def put_digest(self, kind: str, scope: UUID, digest: bytes, owner: UUID) -> None:
        """Let `digest` find `owner` from now on, in place of what found it before."""
        with self._writing() as connection:
            connection.execute(
                "DELETE FROM blind_index WHERE owner = ? AND kind = ?", (owner.bytes, kind)
            )
            if not _is_marked(connection, owner):
                connection.execute(
                    "INSERT INTO blind_index VALUES (?, ?, ?, ?)",
                    (kind, scope.bytes, digest, owner.bytes),
                )

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

    def _find(self, owner: UUID, number: int | None) -> tuple[int, bytes] | None:
        found = self._connection().execute(
            "SELECT number, wrapped FROM sealing_key WHERE owner = ? AND number = ifnull(?, number)"
            " ORDER BY number DESC LIMIT 1",
            (owner.bytes, number),
        )
        return found.fetchone()

    def _add(self, connection: sqlite3.Connection, owner: UUID, number: int) -> None:
        # Wrapped inside the transaction: no master key is retired between wrapping and storing.
        if not _is_marked(connection, owner):
            bound = _bound_to(owner, number)
            connection.execute(
                "INSERT OR IGNORE INTO sealing_key (owner, number, wrapped) VALUES (?, ?, ?)",
                (owner.bytes, number, self.provider.wrap(AESGCM.generate_key(_BITS), bound)),
            )


def _bound_to(owner: UUID, number: int) -> bytes:
    """What a wrapped key is authenticated with: it opens for this owner and number only."""
    return owner.bytes if number == _FIRST else owner.bytes + number.to_bytes(2)


def _is_marked(connection: sqlite3.Connection, owner: UUID) -> bool:
    rows = connection.execute("SELECT 1 FROM destroyed WHERE mark = ?", (mark_of(owner),))
    return rows.fetchone() is not None


def _owners(connection: sqlite3.Connection) -> list[UUID]:
    rows = connection.execute(
        "SELECT DISTINCT owner FROM sealing_key WHERE owner <> ?", (_INDEX_OWNER.bytes,)
    )
    return [UUID(bytes=row[0]) for row in rows]


def _forget(connection: sqlite3.Connection, owner: UUID) -> None:
    connection.execute("DELETE FROM sealing_key WHERE owner = ?", (owner.bytes,))
    connection.execute("DELETE FROM blind_index WHERE owner = ?", (owner.bytes,))
