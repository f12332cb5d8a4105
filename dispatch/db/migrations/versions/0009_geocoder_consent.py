"""A steward's consent that a public geocoding server is asked."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "geocoder_consent",
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_geocoder_consent")),
        sa.UniqueConstraint("uid", name=op.f("uq_geocoder_consent_uid")),
    )
    op.create_index(
        "uq_geocoder_consent_live",
        "geocoder_consent",
        ["host"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    """Take the table back."""
    op.drop_index("uq_geocoder_consent_live", table_name="geocoder_consent")
    op.drop_table("geocoder_consent")
