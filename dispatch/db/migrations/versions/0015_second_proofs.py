"""Second proofs at signing in, freezes of the service, notices about the own account."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables; every session that began with a password alone is over."""
    op.add_column("user_account", sa.Column("locked_at", _MOMENT, nullable=True))
    _grow_sessions()
    _make_passkeys()
    _make_challenges()
    _make_codes()
    _make_freeze()
    _make_notices()


def downgrade() -> None:
    """Take the tables back."""
    op.drop_index("uq_freeze_open", table_name="freeze")
    for table in (
        "account_notice",
        "freeze",
        "recovery_code",
        "authenticator_app",
        "passkey_challenge",
        "passkey",
    ):
        op.drop_table(table)
    with op.batch_alter_table("web_session") as table:
        table.drop_constraint(op.f("ck_web_session_standing"), type_="check")
        for column in ("browser", "standing", "proven_at"):
            table.drop_column(column)
    with op.batch_alter_table("user_account") as table:
        table.drop_column("locked_at")


def _grow_sessions() -> None:
    standings = sa.Enum("in", "half_in", "to_enrol", name="standing", native_enum=False, length=24)
    op.execute(sa.text("DELETE FROM web_session"))
    with op.batch_alter_table("web_session") as table:
        table.add_column(sa.Column("proven_at", _MOMENT, nullable=False))
        table.add_column(sa.Column("standing", standings, nullable=False))
        table.add_column(sa.Column("browser", sa.String(length=40), nullable=False))
        table.create_check_constraint(
            op.f("ck_web_session_standing"), "standing IN ('in', 'half_in', 'to_enrol')"
        )


def _ends(name: str) -> list[sa.Column | sa.Constraint]:
    """The columns that every table has."""
    return [
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("uid", name=op.f(f"uq_{name}_uid")),
    ]


def _of_user(name: str, column: str = "user_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], ["user_account.id"], name=op.f(f"fk_{name}_{column}_user_account")
    )


def _make_passkeys() -> None:
    op.create_table(
        "passkey",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("credential", sa.LargeBinary(length=1023), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=2048), nullable=False),
        sa.Column("uses", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        _of_user("passkey"),
        sa.UniqueConstraint("credential", name=op.f("uq_passkey_credential")),
        *_ends("passkey"),
    )
    op.create_index(op.f("ix_passkey_user_id"), "passkey", ["user_id"])


def _make_challenges() -> None:
    op.create_table(
        "passkey_challenge",
        sa.Column("browser_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("challenge", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        _of_user("passkey_challenge"),
        sa.UniqueConstraint("browser_hash", name=op.f("uq_passkey_challenge_browser_hash")),
        *_ends("passkey_challenge"),
    )
    op.create_table(
        "authenticator_app",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=True),
        sa.Column("last_counter", sa.Integer(), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("confirmed_at", _MOMENT, nullable=True),
        _of_user("authenticator_app"),
        sa.UniqueConstraint("user_id", name=op.f("uq_authenticator_app_user_id")),
        *_ends("authenticator_app"),
    )


def _make_codes() -> None:
    kinds = sa.Enum("sign_in", "lock", name="codekind", native_enum=False, length=24)
    op.create_table(
        "recovery_code",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", kinds, nullable=False),
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("made_at", _MOMENT, nullable=False),
        sa.Column("used_at", _MOMENT, nullable=True),
        sa.CheckConstraint("kind IN ('sign_in', 'lock')", name=op.f("ck_recovery_code_codekind")),
        _of_user("recovery_code"),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
        *_ends("recovery_code"),
    )
    op.create_index(op.f("ix_recovery_code_user_id"), "recovery_code", ["user_id"])


def _make_freeze() -> None:
    op.create_table(
        "freeze",
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("began_at", _MOMENT, nullable=False),
        sa.Column("began_by_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", _MOMENT, nullable=True),
        _of_user("freeze", "began_by_id"),
        *_ends("freeze"),
    )
    op.create_index(
        "uq_freeze_open",
        "freeze",
        ["is_open"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def _make_notices() -> None:
    kinds = (
        "passkey_added",
        "passkey_removed",
        "app_added",
        "app_removed",
        "codes_made",
        "code_used",
        "password_changed",
        "renewal_asked",
        "renewed",
        "locked",
        "unlocked",
    )
    told = ", ".join(f"'{kind}'" for kind in kinds)
    op.create_table(
        "account_notice",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.Enum(*kinds, name="noticekind", native_enum=False, length=24), nullable=False
        ),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("seen_at", _MOMENT, nullable=True),
        sa.CheckConstraint(f"kind IN ({told})", name=op.f("ck_account_notice_noticekind")),
        _of_user("account_notice"),
        *_ends("account_notice"),
    )
    op.create_index(op.f("ix_account_notice_user_id"), "account_notice", ["user_id"])
