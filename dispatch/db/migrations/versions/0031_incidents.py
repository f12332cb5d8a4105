"""Incidents: what went wrong on rides, and who was told."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

_TABLE = "incident"
_KINDS = ("accident", "health", "unsafe", "conduct", "car", "lost", "other")
_LINKS = {
    "group_id": "community_group",
    "family_id": "family",
    "ride_id": "ride",
    "made_by_id": "user_account",
    "settled_by_id": "user_account",
}


def upgrade() -> None:
    """Make the table."""
    listed = ", ".join(f"'{kind}'" for kind in _KINDS)
    links = [
        sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_incident_{column}_{to}"))
        for column, to in _LINKS.items()
    ]
    op.create_table(
        _TABLE,
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("ride_id", sa.Integer(), nullable=True),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*_KINDS, name="incidentkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("sealed_note", sa.LargeBinary(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(f"kind IN ({listed})", name=op.f("ck_incident_incidentkind")),
        sa.CheckConstraint(
            "(settled_at IS NULL) OR (settled_at >= made_at)", name=op.f("ck_incident_in_order")
        ),
        *links,
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sa.UniqueConstraint("uid", name=op.f("uq_incident_uid")),
    )
    for column in ("group_id", "family_id", "ride_id"):
        op.create_index(op.f(f"ix_incident_{column}"), _TABLE, [column])


def downgrade() -> None:
    """Forget them."""
    for column in ("ride_id", "family_id", "group_id"):
        op.drop_index(op.f(f"ix_incident_{column}"), table_name=_TABLE)
    op.drop_table(_TABLE)
