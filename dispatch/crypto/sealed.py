"""A sealed value, the column that holds it, and the context that binds it to its row.

The database only ever sees `Sealed.record`. A record opens only with the vault and with the slot
it was sealed for: moved to another row, column, table or owner it does not open.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

if TYPE_CHECKING:
    from dispatch.crypto.vault import Vault


@dataclass(frozen=True)
class Sealed:
    """An encrypted value. Printing it shows its length, never its content."""

    record: bytes

    def __repr__(self) -> str:
        return f"Sealed({len(self.record)} bytes)"


@dataclass(frozen=True)
class Slot:
    """Where a sealed value lives: it is authenticated together with the value."""

    table: str
    column: str
    row: UUID
    owner: UUID
    """Whose key seals it: a family's or a person's uid."""

    def context(self, version: int) -> bytes:
        """The additional authenticated data: every part with its length before it."""
        parts = [b"dispatch", self.table.encode(), self.column.encode()]
        parts += [self.row.bytes, self.owner.bytes, bytes([version])]
        return b"".join(len(part).to_bytes(2) + part for part in parts)


class SealedColumn(TypeDecorator[Sealed]):
    """A column of `Sealed` values; anything else is refused before it reaches the database."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: Sealed | None, dialect: Dialect) -> bytes | None:
        """The bytes to store."""
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError("a sealed column takes a Sealed value only")
        return value.record

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> Sealed | None:
        """The stored bytes, still sealed."""
        return None if value is None else Sealed(bytes(value))


class SealsColumns:
    """For models with sealed columns: sealing and unsealing with the right slot.

    A model names the owner of its key in `key_owner`.
    """

    uid: UUID
    __tablename__: str

    @property
    def key_owner(self) -> UUID:
        """Whose key seals this row."""
        raise NotImplementedError

    def slot(self, column: str) -> Slot:
        """The slot of one column of this row."""
        return Slot(self.__tablename__, column, self.uid, self.key_owner)

    def seal(self, column: str, text: str | None, vault: "Vault") -> None:
        """Store `text` sealed in `column`; None or an empty text clears it."""
        setattr(self, column, vault.seal(self.slot(column), text) if text else None)

    def unseal(self, column: str, vault: "Vault") -> str | None:
        """The text of `column`. Call it only where a test lists the module.

        Raises
            Unreadable: the key is gone, or the record was moved or altered.
        """
        value = getattr(self, column)
        return None if value is None else vault.open(self.slot(column), value)
