"""Families who want to hear of their rides by text message."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the wish, which nobody has yet."""
    op.add_column(
        "family", sa.Column("takes_texts", sa.Boolean(), nullable=False, server_default=sa.false())
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_column("family", "takes_texts")
