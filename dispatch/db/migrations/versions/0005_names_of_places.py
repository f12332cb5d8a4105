"""One public place of each name in a group, however it is capitalised, as long as it is offered.

Of places that share a name already, all but the first get their number behind it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_OFFERED = "owner_uid IS NULL AND retired_at IS NULL"
_LONGEST = 100
_PLACE = sa.table(
    "place",
    sa.column("id", sa.Integer),
    sa.column("group_id", sa.Integer),
    sa.column("name", sa.String),
    sa.column("folded_name", sa.String),
    sa.column("retired_at", sa.DateTime),
)


def upgrade() -> None:
    """Fold the names, tell places of the same name apart, then let there be no more of them."""
    op.add_column("place", sa.Column("folded_name", sa.String(length=360), nullable=True))
    _fold()
    op.create_index(
        "uq_place_offered_name",
        "place",
        ["group_id", "folded_name"],
        unique=True,
        sqlite_where=sa.text(_OFFERED),
        postgresql_where=sa.text(_OFFERED),
    )


def downgrade() -> None:
    """Allow the same name again; the numbers stay."""
    op.drop_index("uq_place_offered_name", table_name="place")
    op.drop_column("place", "folded_name")


def _fold() -> None:
    connection = op.get_bind()
    named = sa.select(_PLACE).where(_PLACE.c.name.is_not(None)).order_by(_PLACE.c.id)
    taken = set()
    for place in connection.execute(named).all():
        name = place.name
        if place.retired_at is None:
            if (place.group_id, name.casefold()) in taken:
                name = f"{name[:_LONGEST]} ({place.id})"
            taken.add((place.group_id, name.casefold()))
        connection.execute(
            sa.update(_PLACE)
            .where(_PLACE.c.id == place.id)
            .values(name=name, folded_name=name.casefold())
        )
