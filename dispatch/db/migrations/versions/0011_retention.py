"""How long things are kept: settings, receipts, counts, holds; and a log whose oldest rows may go."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _states(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


_NO_DELETE = """
CREATE TRIGGER audit_event_append_only_delete BEFORE DELETE ON audit_event
{when}
BEGIN
    SELECT RAISE(ABORT, 'audit_event_append_only: the audit only grows');
END
"""
_BEYOND_CUT = "WHEN OLD.position > (SELECT coalesce(max(position), 0) FROM audit_cut)"
_REFUSE = """
CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {unless}
    RAISE EXCEPTION 'audit_event_append_only: the audit only grows'
        USING ERRCODE = 'integrity_constraint_violation';
END $$
"""
_UNLESS_CUT = """
    IF TG_OP = 'DELETE'
        AND OLD.position <= (SELECT coalesce(max(position), 0) FROM audit_cut) THEN
        RETURN OLD;
    END IF;
"""


def _audit_cut() -> None:
    op.create_table(
        "audit_cut",
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("seal", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proof", sa.LargeBinary(length=32), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_cut")),
        sa.UniqueConstraint("position", name=op.f("uq_audit_cut_position")),
        sa.UniqueConstraint("uid", name=op.f("uq_audit_cut_uid")),
    )


def _retention_report() -> None:
    op.create_table(
        "retention_report",
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_rehearsal", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.Text(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("overdue", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_report")),
        sa.UniqueConstraint("uid", name=op.f("uq_retention_report_uid")),
    )


def _erasure() -> None:
    op.create_table(
        "erasure",
        sa.Column("owner_uid", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("whose", _states("whose", "family", "account"), nullable=False),
        sa.Column("why", _states("why", "inactive", "withdrawn"), nullable=False),
        sa.Column("state", _states("erasurestate", "erasing", "erased"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.Column("checked", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_erasure_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("owner_uid", name=op.f("uq_erasure_owner_uid")),
        sa.UniqueConstraint("uid", name=op.f("uq_erasure_uid")),
    )
    op.create_index(op.f("ix_erasure_group_id"), "erasure", ["group_id"], unique=False)


def _past_ride() -> None:
    op.create_table(
        "past_ride",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("week_on", sa.Date(), nullable=False),
        sa.Column("leg", _states("leg", "outbound", "return"), nullable=False),
        sa.Column(
            "purpose",
            _states("purpose", "medical", "school", "work", "legal", "food", "other"),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            _states("outcome", "driven", "noshow", "cancelled", "notdriven"),
            nullable=False,
        ),
        sa.Column("distance", sa.String(length=8), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_past_ride_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_ride")),
        sa.UniqueConstraint("uid", name=op.f("uq_past_ride_uid")),
    )
    op.create_index("ix_past_ride_group_week", "past_ride", ["group_id", "week_on"], unique=False)


def _legal_hold() -> None:
    op.create_table(
        "legal_hold",
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("sealed_reason", sa.LargeBinary(), nullable=True),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint("made_at < expires_at", name=op.f("ck_legal_hold_some_time")),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["user_account.id"], name=op.f("fk_legal_hold_asked_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["user_account.id"], name=op.f("fk_legal_hold_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(["family_id"], ["family.id"], name=op.f("fk_legal_hold_family_id")),
        sa.ForeignKeyConstraint(
            ["group_id"], ["community_group.id"], name=op.f("fk_legal_hold_group_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_hold")),
        sa.UniqueConstraint("uid", name=op.f("uq_legal_hold_uid")),
    )
    op.create_index(op.f("ix_legal_hold_family_id"), "legal_hold", ["family_id"], unique=False)
    op.create_index(op.f("ix_legal_hold_group_id"), "legal_hold", ["group_id"], unique=False)
    op.create_index(
        "uq_legal_hold_live",
        "legal_hold",
        ["family_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _columns() -> None:
    op.add_column(
        "community_group", sa.Column("ride_days", sa.Integer(), nullable=False, server_default="30")
    )
    op.add_column(
        "community_group",
        sa.Column("family_days", sa.Integer(), nullable=False, server_default="90"),
    )
    op.add_column(
        "community_group",
        sa.Column("message_days", sa.Integer(), nullable=False, server_default="14"),
    )
    op.add_column("family", sa.Column("last_ride_on", sa.Date(), nullable=True))
    op.add_column("family", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("user_account", sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=True))


def upgrade() -> None:
    """Add the settings and the tables; let rows of the log go that lie before a cut."""
    _audit_cut()
    _retention_report()
    _erasure()
    _past_ride()
    _legal_hold()
    _columns()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_REFUSE.format(unless=_UNLESS_CUT))
    else:
        op.execute("DROP TRIGGER audit_event_append_only_delete")
        op.execute(_NO_DELETE.format(when=_BEYOND_CUT))


def downgrade() -> None:
    """Take everything back."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(_REFUSE.format(unless=""))
    else:
        op.execute("DROP TRIGGER audit_event_append_only_delete")
        op.execute(_NO_DELETE.format(when=""))
    op.drop_column("user_account", "leaves_at")
    op.drop_column("family", "withdrawn_at")
    op.drop_column("family", "last_ride_on")
    op.drop_column("community_group", "message_days")
    op.drop_column("community_group", "family_days")
    op.drop_column("community_group", "ride_days")
    op.drop_index(
        "uq_legal_hold_live",
        table_name="legal_hold",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_index(op.f("ix_legal_hold_group_id"), table_name="legal_hold")
    op.drop_index(op.f("ix_legal_hold_family_id"), table_name="legal_hold")
    op.drop_table("legal_hold")
    op.drop_index("ix_past_ride_group_week", table_name="past_ride")
    op.drop_table("past_ride")
    op.drop_index(op.f("ix_erasure_group_id"), table_name="erasure")
    op.drop_table("erasure")
    op.drop_table("retention_report")
    op.drop_table("audit_cut")
