"""What leaves the house: deliveries of messages, and who does not want any."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_STATES = ("waiting", "sending", "sent", "failed", "unsure", "withdrawn")


def upgrade() -> None:
    """Make the table and the wish."""
    op.create_table(
        "delivery",
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                *_STATES,
                name="deliverystate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.CheckConstraint(
            "state = 'waiting' OR tries > 0 OR ended_at IS NOT NULL",
            name=op.f("ck_delivery_claimed"),
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["message.id"], name=op.f("fk_delivery_message_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("message_id", "channel", name=op.f("uq_delivery_message_id_channel")),
        sa.UniqueConstraint("uid", name=op.f("uq_delivery_uid")),
    )
    op.create_index(op.f("ix_delivery_state_next_try_at"), "delivery", ["state", "next_try_at"])
    op.add_column(
        "user_account",
        sa.Column("takes_mail", sa.Boolean(), nullable=False, server_default=sa.true()),
    )


def downgrade() -> None:
    """Take them back."""
    op.drop_column("user_account", "takes_mail")
    op.drop_index(op.f("ix_delivery_state_next_try_at"), table_name="delivery")
    op.drop_table("delivery")
