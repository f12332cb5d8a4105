"""Whether drivers of a group may hand an address to a map app."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the wish: nobody may until a steward says so."""
    wish = sa.Column("lets_navigate", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("community_group", wish)


def downgrade() -> None:
    """Forget it."""
    op.drop_column("community_group", "lets_navigate")
