"""Hands that drivers raise for ways back, and whether a group lets them."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_GROUP, _TABLE = "community_group", "ride_claim"
_CHECK = "ck_community_group_claims"


def upgrade() -> None:
    """Make the table; no group lets its drivers before a steward says so."""
    op.create_table(
        _TABLE,
        sa.Column("ride_id", sa.Integer(), nullable=False),
        sa.Column("driver_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["ride_id"], ["ride.id"], name=op.f("fk_ride_claim_ride_id_ride")),
        sa.ForeignKeyConstraint(
            ["driver_id"], ["driver.id"], name=op.f("fk_ride_claim_driver_id_driver")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ride_claim")),
        sa.UniqueConstraint("uid", name=op.f("uq_ride_claim_uid")),
        sa.UniqueConstraint("ride_id", "driver_id", name=op.f("uq_ride_claim_ride_id_driver_id")),
    )
    for column in ("ride_id", "driver_id"):
        op.create_index(op.f(f"ix_ride_claim_{column}"), _TABLE, [column])
    # In one statement: a table that others refer to is not made anew for a check.
    op.execute(
        f"ALTER TABLE {_GROUP} ADD COLUMN claims VARCHAR(24) DEFAULT 'none' NOT NULL"
        f" CONSTRAINT {_CHECK} CHECK (claims IN ('none', 'ask', 'take'))"
    )


def downgrade() -> None:
    """Forget all of it."""
    op.drop_column(_GROUP, "claims")
    for column in ("driver_id", "ride_id"):
        op.drop_index(op.f(f"ix_ride_claim_{column}"), table_name=_TABLE)
    op.drop_table(_TABLE)
