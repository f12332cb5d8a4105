"""What drivers tell from the road is wrong, how late they say to be, and why nobody came."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

_KINDS = ("late", "car", "nobody", "family", "unsafe", "other")
_TAPS = ("accept", "decline", "seen", "arrived", "onboard", "done", "noshow", "undo")
_CHECK = "ck_driver_action_tap"
_TABLE = "ride_trouble"


def upgrade() -> None:
    """Make the table, and let a tap tell of it."""
    op.create_table(
        _TABLE,
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("alarm_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*_KINDS, name="troublekind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("delay_minutes", sa.Integer(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            f"kind IN ({_listed(_KINDS)})", name=op.f("ck_ride_trouble_troublekind")
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignment.id"],
            name=op.f("fk_ride_trouble_assignment_id_assignment"),
        ),
        sa.ForeignKeyConstraint(
            ["alarm_id"], ["alarm.id"], name=op.f("fk_ride_trouble_alarm_id_alarm")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ride_trouble")),
        sa.UniqueConstraint("uid", name=op.f("uq_ride_trouble_uid")),
    )
    for column in ("assignment_id", "alarm_id"):
        op.create_index(op.f(f"ix_ride_trouble_{column}"), _TABLE, [column])
    op.add_column("ride", sa.Column("no_show_reason", sa.String(length=24), nullable=True))
    op.add_column(
        "assignment", sa.Column("delay_minutes", sa.Integer(), nullable=False, server_default="0")
    )
    _take_taps((*_TAPS, "trouble", "solved"))


def downgrade() -> None:
    """Forget all of it."""
    op.execute("DELETE FROM driver_action WHERE what IN ('trouble', 'solved')")
    _take_taps(_TAPS)
    op.drop_column("assignment", "delay_minutes")
    op.drop_column("ride", "no_show_reason")
    for column in ("alarm_id", "assignment_id"):
        op.drop_index(op.f(f"ix_ride_trouble_{column}"), table_name=_TABLE)
    op.drop_table(_TABLE)


def _take_taps(taps: tuple[str, ...]) -> None:
    with op.batch_alter_table("driver_action") as table:
        table.drop_constraint(op.f(_CHECK), type_="check")
        table.create_check_constraint(op.f(_CHECK), f"what IN ({_listed(taps)})")


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)
