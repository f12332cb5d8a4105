"""How far and how long a ride was, where its driver corrects the estimate."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

_COLUMNS = ("driven_metres", "driven_minutes")


def upgrade() -> None:
    """Add the columns: nobody has corrected anything."""
    for name in _COLUMNS:
        op.add_column("assignment", sa.Column(name, sa.Integer(), nullable=True))


def downgrade() -> None:
    """Take them back."""
    for name in reversed(_COLUMNS):
        op.drop_column("assignment", name)
