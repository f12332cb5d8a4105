"""What one person asks for and another seconds."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_WAITS = sa.text("seconded_at IS NULL AND ended_at IS NULL")
_PERSON = "user_account.id"


def _checks_and_keys() -> list[sa.Constraint]:
    return [
        sa.CheckConstraint("seconded_by_id <> asked_by_id", name=op.f("ck_motion_two_persons")),
        sa.CheckConstraint(
            "(seconded_by_id IS NULL) = (seconded_at IS NULL)",
            name=op.f("ck_motion_seconded_by_somebody"),
        ),
        sa.CheckConstraint(
            "seconded_at IS NULL OR ended_at IS NULL", name=op.f("ck_motion_one_answer")
        ),
        *(
            sa.ForeignKeyConstraint([column], [of], name=op.f(f"fk_motion_{column}"))
            for column, of in (
                ("group_id", "community_group.id"),
                ("asked_by_id", _PERSON),
                ("seconded_by_id", _PERSON),
                ("ended_by_id", _PERSON),
            )
        ),
    ]


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "motion",
        sa.Column("matter", sa.String(length=40), nullable=False),
        sa.Column("subject_uid", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seconded_by_id", sa.Integer(), nullable=True),
        sa.Column("seconded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        *_checks_and_keys(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_motion")),
        sa.UniqueConstraint("uid", name=op.f("uq_motion_uid")),
    )
    op.create_index(op.f("ix_motion_group_id"), "motion", ["group_id"])
    op.create_index(
        "uq_motion_waits",
        "motion",
        ["matter", "subject_uid"],
        unique=True,
        sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    )


def downgrade() -> None:
    """Take the table back."""
    op.drop_index("uq_motion_waits", table_name="motion")
    op.drop_index(op.f("ix_motion_group_id"), table_name="motion")
    op.drop_table("motion")
