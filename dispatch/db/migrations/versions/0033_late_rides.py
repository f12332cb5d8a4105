"""Messages that tell a family that its driver comes later."""

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

_KINDS = (
    "ride_offered",
    "ride_withdrawn",
    "ride_reminder",
    "ride_accepted",
    "ride_changed",
    "ride_cancelled",
    "ride_searching",
)
_CHECK = "ck_message_messagekind"


def upgrade() -> None:
    """Let a message be about a late ride."""
    _take_kinds((*_KINDS, "ride_late"))


def downgrade() -> None:
    """Forget those."""
    op.execute(
        "DELETE FROM delivery WHERE message_id IN (SELECT id FROM message WHERE kind = 'ride_late')"
    )
    op.execute("DELETE FROM message WHERE kind = 'ride_late'")
    _take_kinds(_KINDS)


def _take_kinds(kinds: tuple[str, ...]) -> None:
    told = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("message") as table:
        table.drop_constraint(op.f(_CHECK), type_="check")
        table.create_check_constraint(op.f(_CHECK), f"kind IN ({told})")
