"""Room for the names of all squares that make one cell."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Widen the code; SQLite holds as long a text in any column."""
    if op.get_bind().dialect.name == "postgresql":
        op.alter_column("cell", "code", type_=sa.String(length=640))


def downgrade() -> None:
    """Leave it wide: codes that are in use may need the room."""
