"""How many families one person may open."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_SETTINGS = {
    "driver_families_hour": "10",
    "driver_families_day": "25",
    "desk_families_hour": "30",
    "desk_families_day": "100",
    "usual_percent": "150",
}


def upgrade() -> None:
    """Add the settings, with what groups begin with, and a way to count quickly."""
    for name, begins in _SETTINGS.items():
        op.add_column(
            "community_group",
            sa.Column(name, sa.Integer(), nullable=False, server_default=begins),
        )
    op.create_index("ix_audit_event_actor_at", "audit_event", ["actor_uid", "at"])


def downgrade() -> None:
    """Take them back."""
    op.drop_index("ix_audit_event_actor_at", table_name="audit_event")
    for name in _SETTINGS:
        op.drop_column("community_group", name)
