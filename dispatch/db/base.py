"""The declarative base, the columns every table has, and the types that keep time and lists."""

import enum
import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import DateTime, Enum, MetaData, Text, Uuid, event
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UTCDateTime(TypeDecorator[datetime]):
    """Aware instants. A naive one is refused: whose clock would it be?"""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC; without its zone for SQLite, which has none."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a naive datetime cannot be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A small list or mapping, stored as canonical JSON text. Never personal data."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ANN401 -- any JSON value
        """The text to store."""
        if value is None:
            return None
        return json.dumps(value, sort_keys=True, separators=(",", ":"))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ANN401 -- any JSON value
        """The value that was stored."""
        return None if value is None else json.loads(value)


def states(of: type[enum.Enum], *, role: str = "") -> Enum:
    """A column type for an enum: its values as text, with a check in the database.

    A second column of the same enum in one table says its `role`, for a check name of its own.
    """
    return Enum(
        of,
        values_callable=lambda members: [member.value for member in members],
        native_enum=False,
        create_constraint=True,
        length=24,
        name=of.__name__.lower() + role,
    )


class Base(DeclarativeBase):
    """The root of all tables: an integer key inside, a random uid for URLs and files."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {datetime: UTCDateTime, dict: Json, list: Json}  # noqa: RUF012 -- SQLAlchemy reads it from the class

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[UUID] = mapped_column(Uuid, unique=True)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.id}>"


@event.listens_for(Base, "init", propagate=True)
def _name(_row: Base, _args: object, values: dict[str, object]) -> None:
    # Set here and not by the column: what is sealed is bound to the uid before the INSERT.
    values.setdefault("uid", uuid4())
