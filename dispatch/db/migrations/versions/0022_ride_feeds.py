"""Links under which a calendar asks for a driver's rides."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """One for each driver who wants it."""
    op.create_table(
        "ride_feed",
        sa.Column("driver_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["driver_id"],
            ["driver.id"],
            name=op.f("fk_ride_feed_driver_id_driver"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ride_feed")),
        sa.UniqueConstraint("driver_id", name=op.f("uq_ride_feed_driver_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_ride_feed_token_hash")),
        sa.UniqueConstraint("uid", name=op.f("uq_ride_feed_uid")),
    )


def downgrade() -> None:
    """Every link ends."""
    op.drop_table("ride_feed")
