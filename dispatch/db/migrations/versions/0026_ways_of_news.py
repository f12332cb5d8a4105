"""Text messages beside e-mails, letters that tell several things, and when drivers are reminded."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_REMINDERS = {"reminds_week": sa.false(), "reminds_day": sa.true(), "reminds_same_day": sa.true()}


def upgrade() -> None:
    """Add the wishes, with what was so before, and the letter of a delivery."""
    for name, so_far in _REMINDERS.items():
        wish = sa.Column(name, sa.Boolean(), nullable=False, server_default=so_far)
        op.add_column("community_group", wish)
    op.add_column(
        "user_account",
        sa.Column("takes_texts", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column("delivery", sa.Column("letter_uid", sa.Uuid(), nullable=True))


def downgrade() -> None:
    """Take them back."""
    op.drop_column("delivery", "letter_uid")
    op.drop_column("user_account", "takes_texts")
    for name in _REMINDERS:
        op.drop_column("community_group", name)
