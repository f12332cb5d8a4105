"""Whether the times of a proposal or an assignment stand on an estimate."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLES = ("proposal", "assignment")


def upgrade() -> None:
    """Add the mark; no road was looked at before there was one."""
    for table in _TABLES:
        op.add_column(
            table,
            sa.Column("is_estimate", sa.Boolean(), nullable=False, server_default=sa.true()),
        )


def downgrade() -> None:
    """Take it back."""
    for table in _TABLES:
        op.drop_column(table, "is_estimate")
