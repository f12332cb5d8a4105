"""What drivers told by phone, each under a uid of the phone's, so that it counts once."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
_TAPS = ("accept", "decline", "seen", "arrived", "onboard", "done", "noshow", "undo")


def upgrade() -> None:
    """Make the table."""
    told = ", ".join(f"'{tap}'" for tap in _TAPS)
    op.create_table(
        "driver_action",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column(
            "what", sa.Enum(*_TAPS, name="tap", native_enum=False, length=24), nullable=False
        ),
        sa.Column("made_at", _MOMENT, nullable=True),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("refusal", sa.String(length=240), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(f"what IN ({told})", name=op.f("ck_driver_action_tap")),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_driver_action_user_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name=op.f("fk_driver_action_assignment_id_assignment"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_driver_action")),
        sa.UniqueConstraint("uid", name=op.f("uq_driver_action_uid")),
    )
    for column in ("user_id", "assignment_id", "received_at"):
        op.create_index(op.f(f"ix_driver_action_{column}"), "driver_action", [column])


def downgrade() -> None:
    """Forget them."""
    for column in ("received_at", "assignment_id", "user_id"):
        op.drop_index(op.f(f"ix_driver_action_{column}"), table_name="driver_action")
    op.drop_table("driver_action")
