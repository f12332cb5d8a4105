"""The tables of second proofs."""

import enum
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dispatch.crypto.sealed import Sealed, SealedColumn, SealsColumns
from dispatch.db.base import Base, states
from dispatch.people.models import User


class Passkey(Base):
    """A key pair of one device, or of what syncs a person's devices; here is its public half."""

    __tablename__ = "passkey"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    credential: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    """What the device calls it: random, said at signing in."""
    public_key: Mapped[bytes] = mapped_column(LargeBinary(2048))
    """COSE, as WebAuthn has it."""
    uses: Mapped[int] = mapped_column(default=0)
    """The device's own count: one that does not grow tells of a copy. Many keep it at 0."""
    label: Mapped[str] = mapped_column(String(40))
    """The browser and system in which it was made, to tell it from others."""
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()


class PasskeyChallenge(Base):
    """Random bytes that a device is to sign: once, within minutes, asked for by one browser."""

    __tablename__ = "passkey_challenge"

    browser_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    """Of what the browser holds in its form cookie; a new challenge takes the old one's place."""
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    """Whose new passkey it is for; None for signing in."""
    challenge: Mapped[bytes] = mapped_column(LargeBinary(32))
    made_at: Mapped[datetime]


class AuthenticatorApp(SealsColumns, Base):
    """An app that shows a code of six digits, another every thirty seconds (RFC 6238)."""

    __tablename__ = "authenticator_app"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), unique=True)
    sealed_secret: Mapped[Sealed | None] = mapped_column(SealedColumn)
    last_counter: Mapped[int] = mapped_column(default=0)
    """The half minute of the newest code that was taken: it and those before are used up."""
    made_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    """When a first code fitted; before, nobody is asked for one."""

    user: Mapped[User] = relationship()

    @property
    def key_owner(self) -> UUID:
        """Sealed under the person's own key."""
        return self.user.uid


class CodeKind(enum.Enum):
    """What a code on somebody's sheet is for."""

    SIGN_IN = "sign_in"
    """In place of a lost device, beside the password."""
    LOCK = "lock"
    """Locks the account, and does nothing else."""


class RecoveryCode(Base):
    """One of the codes on the sheet that a person keeps. Works once; only its hash is stored."""

    __tablename__ = "recovery_code"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    kind: Mapped[CodeKind] = mapped_column(states(CodeKind))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class NoticeKind(enum.Enum):
    """What changed in somebody's account, or was done with it."""

    PASSKEY_ADDED = "passkey_added"
    PASSKEY_REMOVED = "passkey_removed"
    APP_ADDED = "app_added"
    APP_REMOVED = "app_removed"
    CODES_MADE = "codes_made"
    CODE_USED = "code_used"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 -- what changed, not a password
    RENEWAL_ASKED = "renewal_asked"
    RENEWED = "renewed"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    LOG_BROKEN = "log_broken"
    """To stewards, about no account: the log is not whole."""


class AccountNotice(Base):
    """Something about the own account that its person is told on the next page."""

    __tablename__ = "account_notice"

    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    kind: Mapped[NoticeKind] = mapped_column(states(NoticeKind))
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
