"""The desk gives a family a code, and takes back codes and phones."""

import hashlib
import hmac
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.db.transactions import vault_of
from dispatch.errors import Refused
from dispatch.families.models import Family
from dispatch.i18n import gettext as _
from dispatch.policy import Action, Actor
from dispatch.visits import rules
from dispatch.visits.models import FamilyCode, FamilyPhone


def give_code(session: Session, actor: Actor, family: Family, *, now: datetime) -> str:
    """A new code for `family`, in its plain form: it is stored nowhere and shown once.

    It ends the codes that were given before: a card that was lost is worth nothing once there is
    another one.

    Raises
        Refused: the family has withdrawn.
    """
    policy.require(actor, Action.GIVE_FAMILY_CODE, family, now)
    if family.is_closed:
        raise Refused(_("This family has withdrawn. It gets no code any more."))
    revoke_open(session, family, now=now)
    code = rules.make_code()
    row = FamilyCode(
        family=family,
        made_by_id=actor.user_id,
        code_hash=hash_of(session, code),
        made_at=now,
        expires_at=now + rules.CODE_LASTS,
    )
    session.add(row)
    session.flush()
    audit.record(session, actor, Action.GIVE_FAMILY_CODE, row, now=now, family_uid=family.uid)
    return code


def end_codes(session: Session, actor: Actor, family: Family, *, now: datetime) -> None:
    """Let no code of `family` that was not used yet open anything."""
    policy.require(actor, Action.END_FAMILY_PHONE, family, now)
    revoke_open(session, family, now=now)
    audit.record(session, actor, Action.END_FAMILY_PHONE, family, now=now, family_uid=family.uid)


def end_phone(
    session: Session, actor: Actor, family: Family, phone: FamilyPhone, *, now: datetime
) -> None:
    """Close the page on one phone of `family`: lost, sold, or in the wrong hands."""
    policy.require(actor, Action.END_FAMILY_PHONE, family, now)
    if phone.ended_at is None:
        phone.ended_at = now
        session.flush()
    audit.record(session, actor, Action.END_FAMILY_PHONE, phone, now=now, family_uid=family.uid)


def revoke_open(session: Session, family: Family, *, now: datetime) -> None:
    """End the codes of `family` that nobody used yet."""
    session.execute(
        update(FamilyCode)
        .where(
            FamilyCode.family_id == family.id,
            FamilyCode.used_at.is_(None),
            FamilyCode.revoked_at.is_(None),
        )
        .values(revoked_at=now)
    )


def hash_of(session: Session, code: str) -> bytes:
    """What is stored of a plain code: keyed, so that a stolen database alone tests no guess."""
    key = vault_of(session).derive_key("family codes")
    return hmac.new(key, code.encode(), hashlib.sha256).digest()
