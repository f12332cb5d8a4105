"""Match runs that repair a plan."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every run up to now began anew."""
    with op.batch_alter_table("match_run") as table:
        table.add_column(
            sa.Column("is_repair", sa.Boolean(), nullable=False, server_default=sa.false())
        )


def downgrade() -> None:
    """Forget which runs were repairs."""
    with op.batch_alter_table("match_run") as table:
        table.drop_column("is_repair")
