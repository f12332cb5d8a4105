"""Alarms about the whole house, and stewards who are told that the log was changed."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_KINDS = (
    "passkey_added",
    "passkey_removed",
    "app_added",
    "app_removed",
    "codes_made",
    "code_used",
    "password_changed",
    "renewal_asked",
    "renewed",
    "locked",
    "unlocked",
)
_CHECK = "ck_account_notice_noticekind"


def upgrade() -> None:
    """Let an alarm be of no group, and a notice be about the log."""
    with op.batch_alter_table("alarm") as table:
        table.alter_column("group_id", existing_type=sa.Integer(), nullable=True)
    _take_kinds((*_KINDS, "log_broken"))


def downgrade() -> None:
    """Forget what is about the whole house."""
    op.execute("DELETE FROM account_notice WHERE kind = 'log_broken'")
    _take_kinds(_KINDS)
    op.execute("DELETE FROM alarm WHERE group_id IS NULL")
    with op.batch_alter_table("alarm") as table:
        table.alter_column("group_id", existing_type=sa.Integer(), nullable=False)


def _take_kinds(kinds: tuple[str, ...]) -> None:
    told = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("account_notice") as table:
        table.drop_constraint(op.f(_CHECK), type_="check")
        table.create_check_constraint(op.f(_CHECK), f"kind IN ({told})")
