"""A family's own page, closed families opened in need, and what the desk is to know of both."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_TABLES = ("notice", "family_code", "family_phone", "glass_break")


def upgrade() -> None:
    """Make the tables, and note who withdrew and which ride a family said yes to."""
    _make_notice()
    _make_family_code()
    _make_family_phone()
    _make_glass_break()
    op.add_column("ride", sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take them back."""
    op.drop_column("ride", "confirmed_at")
    for table in reversed(_TABLES):
        op.drop_table(table)


def _make_notice() -> None:
    op.create_table(
        "notice",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "glass_broken",
                "glass_questioned",
                "family_withdrew",
                "family_cancelled",
                name="noticekind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("about_uid", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(length=12), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["community_group.id"], name="fk_notice_group_id"),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_notice_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("uid", name="uq_notice_uid"),
        sa.UniqueConstraint(
            "user_id", "kind", "about_uid", name="uq_notice_user_id_kind_about_uid"
        ),
    )
    op.create_index("ix_notice_user_id", "notice", ["user_id"], unique=False)


def _make_family_code() -> None:
    op.create_table(
        "family_code",
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"], ["family.id"], name="fk_family_code_family_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["user_account.id"], name="fk_family_code_made_by_id"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_family_code"),
        sa.UniqueConstraint("code_hash", name="uq_family_code_code_hash"),
        sa.UniqueConstraint("uid", name="uq_family_code_uid"),
    )
    op.create_index("ix_family_code_family_id", "family_code", ["family_id"], unique=False)


def _make_family_phone() -> None:
    op.create_table(
        "family_phone",
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["family_id"], ["family.id"], name="fk_family_phone_family_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_family_phone"),
        sa.UniqueConstraint("token_hash", name="uq_family_phone_token_hash"),
        sa.UniqueConstraint("uid", name="uq_family_phone_uid"),
    )
    op.create_index("ix_family_phone_family_id", "family_phone", ["family_id"], unique=False)


def _make_glass_break() -> None:
    op.create_table(
        "glass_break",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "need",
            sa.Enum(
                "danger",
                "stranded",
                "lost_contact",
                "law",
                "other",
                name="need",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.Integer(), nullable=True),
        sa.Column("review_by", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reviewed_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "needed",
                "questioned",
                name="verdict",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "(reviewed_at IS NULL) = (verdict IS NULL) AND (reviewed_at IS NULL) = (reviewed_by_id IS NULL)",
            name="ck_glass_break_whole_review",
        ),
        sa.CheckConstraint(
            "reviewed_by_id IS NULL OR reviewed_by_id <> user_id", name="ck_glass_break_two_people"
        ),
        sa.CheckConstraint("starts_at < ends_at", name="ck_glass_break_some_time"),
        sa.ForeignKeyConstraint(
            ["ended_by_id"], ["user_account.id"], name="fk_glass_break_ended_by_id"
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["family.id"], name="fk_glass_break_family_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name="fk_glass_break_group_id"
        ),
        sa.ForeignKeyConstraint(
            ["reviewed_by_id"], ["user_account.id"], name="fk_glass_break_reviewed_by_id"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name="fk_glass_break_user_id"),
        sa.PrimaryKeyConstraint("id", name="pk_glass_break"),
        sa.UniqueConstraint("uid", name="uq_glass_break_uid"),
    )
    op.create_index("ix_glass_break_family_id", "glass_break", ["family_id"], unique=False)
    op.create_index("ix_glass_break_group_id", "glass_break", ["group_id"], unique=False)
