"""Where a group drives: the middle of its map."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the two columns."""
    op.add_column("community_group", sa.Column("latitude", sa.Float(), nullable=True))
    op.add_column("community_group", sa.Column("longitude", sa.Float(), nullable=True))


def downgrade() -> None:
    """Take them back."""
    op.drop_column("community_group", "longitude")
    op.drop_column("community_group", "latitude")
