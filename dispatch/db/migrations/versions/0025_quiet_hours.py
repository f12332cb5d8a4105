"""The hours in which a group's drivers are sent no e-mails."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_GROUP = "community_group"


def upgrade() -> None:
    """Add the settings, with what every group begins with."""
    for name, hour in (("quiet_from_hour", "21"), ("quiet_until_hour", "7")):
        op.add_column(_GROUP, sa.Column(name, sa.Integer(), nullable=False, server_default=hour))


def downgrade() -> None:
    """Take them back."""
    op.drop_column(_GROUP, "quiet_until_hour")
    op.drop_column(_GROUP, "quiet_from_hour")
