"""The house numbers that a group knows."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "known_address",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("house_number", sa.String(length=40), nullable=False),
        sa.Column("street", sa.String(length=120), nullable=False),
        sa.Column("city", sa.String(length=80), nullable=False),
        sa.Column("postcode", sa.String(length=20), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_known_address_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_address")),
        sa.UniqueConstraint("uid", name=op.f("uq_known_address_uid")),
    )
    op.create_index(op.f("ix_known_address_group_id"), "known_address", ["group_id"], unique=False)


def downgrade() -> None:
    """Take the table back."""
    op.drop_index(op.f("ix_known_address_group_id"), table_name="known_address")
    op.drop_table("known_address")
