"""What an even load of the drivers is worth, in seconds of driving."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the setting, with what new groups begin with."""
    op.add_column(
        "community_group",
        sa.Column("even_load_seconds", sa.Integer(), nullable=False, server_default="300"),
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_column("community_group", "even_load_seconds")
