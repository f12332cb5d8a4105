"""What the desk and the stewards have to look at."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_PERSON = "user_account.id"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "alarm",
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=True),
        sa.Column("once", sa.String(length=120), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_alarm_group_id")
        ),
        sa.ForeignKeyConstraint(["about_id"], [_PERSON], name=op.f("fk_alarm_about_id")),
        sa.ForeignKeyConstraint(["taken_by_id"], [_PERSON], name=op.f("fk_alarm_taken_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm")),
        sa.UniqueConstraint("once", name=op.f("uq_alarm_once")),
        sa.UniqueConstraint("uid", name=op.f("uq_alarm_uid")),
    )
    op.create_index(op.f("ix_alarm_group_id"), "alarm", ["group_id"])


def downgrade() -> None:
    """Take the table back."""
    op.drop_index(op.f("ix_alarm_group_id"), table_name="alarm")
    op.drop_table("alarm")
