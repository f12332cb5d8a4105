"""Of a ride each door is open to one driver at a time."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_LIVE = sa.text("revoked_at IS NULL")


def upgrade() -> None:
    """Name the ride in each grant, and let the index look at it."""
    with op.batch_alter_table("address_grant") as table:
        table.add_column(sa.Column("ride_id", sa.Integer(), nullable=True))
    op.execute(
        "UPDATE address_grant SET ride_id = "
        "(SELECT ride_id FROM assignment WHERE assignment.id = address_grant.assignment_id)"
    )
    op.drop_index("uq_address_grant_live", table_name="address_grant")
    with op.batch_alter_table("address_grant") as table:
        table.alter_column("ride_id", existing_type=sa.Integer(), nullable=False)
        table.create_foreign_key(op.f("fk_address_grant_ride_id"), "ride", ["ride_id"], ["id"])
    op.create_index(op.f("ix_address_grant_ride_id"), "address_grant", ["ride_id"])
    _index("ride_id")


def downgrade() -> None:
    """Look at the assignment again."""
    op.drop_index("uq_address_grant_live", table_name="address_grant")
    op.drop_index(op.f("ix_address_grant_ride_id"), table_name="address_grant")
    with op.batch_alter_table("address_grant") as table:
        table.drop_constraint(op.f("fk_address_grant_ride_id"), type_="foreignkey")
        table.drop_column("ride_id")
    _index("assignment_id")


def _index(column: str) -> None:
    op.create_index(
        "uq_address_grant_live",
        "address_grant",
        ["place_id", column],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )
