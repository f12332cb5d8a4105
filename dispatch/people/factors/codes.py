"""The sheet of recovery codes: ten that help to sign in once each, and one that locks."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from dispatch.db.transactions import vault_of
from dispatch.people.factors.models import CodeKind, RecoveryCode
from dispatch.people.models import User

HOW_MANY = 10
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What is read aloud and copied by hand without a doubt: no 0 and O, 1 and I and L, no U."""
_SIZE = 10
"""Characters: 49 bits, of which a guesser gets fewer than a hundred tries a day."""
_NOBODY = UUID(int=0)


@dataclass(frozen=True)
class Sheet:
    """What is shown once, to be printed or copied."""

    codes: tuple[str, ...]
    lock_code: str


def make(session: Session, user: User, *, now: datetime) -> Sheet:
    """A new sheet for `user`; nothing of an old one works any more."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    sheet = Sheet(tuple(_random() for _ in range(HOW_MANY)), _random())
    kinds = [*((code, CodeKind.SIGN_IN) for code in sheet.codes), (sheet.lock_code, CodeKind.LOCK)]
    session.add_all(
        RecoveryCode(
            user_id=user.id, kind=kind, code_hash=_hash(session, user.uid, kind, code), made_at=now
        )
        for code, kind in kinds
    )
    session.flush()
    return sheet


def take(session: Session, user: User | None, kind: CodeKind, typed: str, *, now: datetime) -> bool:
    """Whether `typed` is an unused code of `user`; it is used up with that.

    Where there is no `user` it takes as long, and is never one.
    """
    hashed = _hash(session, _NOBODY if user is None else user.uid, kind, typed)
    used = session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == (0 if user is None else user.id),
            RecoveryCode.kind == kind,
            RecoveryCode.code_hash == hashed,
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now)
    )
    return used.rowcount == 1


def left(session: Session, user: User) -> int:
    """How many codes of the sheet of `user` still help to sign in."""
    unused = select(func.count()).where(
        RecoveryCode.user_id == user.id,
        RecoveryCode.kind == CodeKind.SIGN_IN,
        RecoveryCode.used_at.is_(None),
    )
    return session.scalar(unused) or 0


def _random() -> str:
    text = "".join(secrets.choice(_ALPHABET) for _ in range(_SIZE))
    return f"{text[:5]}-{text[5:]}"


def _hash(session: Session, uid: UUID, kind: CodeKind, code: str) -> bytes:
    """Keyed, so that a stolen database alone does not tell which codes there could be."""
    plain = "".join(character for character in code.upper() if character.isalnum())
    key = vault_of(session).derive_key("recovery codes")
    told = uid.bytes + kind.value.encode() + b"\0" + plain.encode()
    return hmac.new(key, told, hashlib.sha256).digest()
