"""What the desk is to know stands among its alarms: the table of notices was never used."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_KINDS = ("glass_broken", "glass_questioned", "family_withdrew", "family_cancelled")


def upgrade() -> None:
    """Take the table away."""
    op.drop_table("notice")


def downgrade() -> None:
    """Put it back, empty as it was."""
    op.create_table(
        "notice",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Enum(*_KINDS, name="noticekind", native_enum=False, length=24)),
        sa.Column("about_uid", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("uid", sa.Uuid(), nullable=False, unique=True),
    )
    op.create_index("ix_notice_user_id", "notice", ["user_id"])
