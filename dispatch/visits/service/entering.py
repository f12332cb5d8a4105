"""A family opens its page with a code: one answer to every code that does not work.

A try is written down as failed before the code is looked at, and struck out when it fits, so that
a thousand tries at once do not all find an empty list.
"""

import secrets
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, joinedload

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.db import transactions
from dispatch.errors import Refused, TooMany
from dispatch.families.models import Family
from dispatch.i18n import gettext as _
from dispatch.people.models import SignInFailure
from dispatch.people.rules import REMEMBERED, seconds_to_wait
from dispatch.people.service.signing_in import network_digest
from dispatch.people.sessions import hash_of as hash_of_token
from dispatch.policy import Action, Actor
from dispatch.visits import rules
from dispatch.visits.models import FamilyCode, FamilyPhone
from dispatch.visits.service.codes import hash_of

_EVERYWHERE = "everywhere"


def enter(session: Session, typed: str, address: str, *, now: datetime) -> tuple[Family, str]:
    """The family of the code that was `typed`, and the token for the cookie of this phone.

    Commits what it notes of the try. `address` is the network address of the browser.

    Raises
        Refused: the code opens nothing. Unknown, used, ended and expired ones are told alike.
        TooMany: too many wrong codes, from this network or from everywhere.
    """
    counted = [network_digest(session, b"family code", one) for one in (address, _EVERYWHERE)]
    _write_down_try(session, counted, now=now)
    digest = hash_of(session, rules.plain(typed))
    transactions.commit(session)
    used = session.execute(
        update(FamilyCode)
        .where(
            FamilyCode.code_hash == digest,
            FamilyCode.used_at.is_(None),
            FamilyCode.revoked_at.is_(None),
            FamilyCode.expires_at > now,
        )
        .values(used_at=now)
    )
    if used.rowcount != 1:
        raise Refused(_("This code does not open anything. Ask the desk for a new one."))
    _strike_out(session, counted, now=now)
    chosen = select(FamilyCode).where(FamilyCode.code_hash == digest)
    code = session.scalars(chosen.options(joinedload(FamilyCode.family))).one()
    return code.family, _begin(session, code.family, now=now)


def find_phone(session: Session, token: str, *, now: datetime) -> FamilyPhone | None:
    """The phone of `token`, with its family; None if its page is closed."""
    found = session.scalars(
        select(FamilyPhone)
        .where(FamilyPhone.token_hash == hash_of_token(token), FamilyPhone.ended_at.is_(None))
        .options(joinedload(FamilyPhone.family))
    ).one_or_none()
    if found is None or rules.is_over(found.made_at, found.seen_at, now):
        return None
    return found


def touch(session: Session, phone_id: int, *, now: datetime) -> None:
    """Note that the page was opened."""
    session.execute(update(FamilyPhone).where(FamilyPhone.id == phone_id).values(seen_at=now))


def leave(session: Session, actor: Actor, phone: FamilyPhone, *, now: datetime) -> None:
    """Close the own page on this phone."""
    policy.require(actor, Action.LEAVE_OWN_PAGE, phone, now)
    phone.ended_at = now
    session.flush()
    audit.record(session, actor, Action.LEAVE_OWN_PAGE, phone, now=now, family_uid=phone.family.uid)


def actor_of(family: Family) -> Actor:
    """What the law needs to know of a family on its own page."""
    return Actor(user_id=None, uid=family.uid, family_id=family.id)


def _begin(session: Session, family: Family, *, now: datetime) -> str:
    open_ones = session.scalars(
        select(FamilyPhone)
        .where(FamilyPhone.family_id == family.id, FamilyPhone.ended_at.is_(None))
        .order_by(FamilyPhone.made_at, FamilyPhone.id)
    ).all()
    for phone in open_ones[: rules.oldest_beyond([one.made_at for one in open_ones])]:
        phone.ended_at = now
    token = secrets.token_urlsafe(32)
    phone = FamilyPhone(family=family, token_hash=hash_of_token(token), made_at=now, seen_at=now)
    session.add(phone)
    session.flush()
    actor = actor_of(family)
    audit.record(session, actor, Action.SEE_OWN_FAMILY, phone, now=now, family_uid=family.uid)
    return token


def _write_down_try(session: Session, counted: list[bytes], *, now: datetime) -> None:
    session.execute(delete(SignInFailure).where(SignInFailure.at <= now - REMEMBERED))
    network, everywhere = counted
    for digest in sorted(counted):
        transactions.take_turns(session, digest)
    ours = session.scalars(select(SignInFailure.at).where(SignInFailure.digest == network)).all()
    all_of = select(func.count(), func.max(SignInFailure.at))
    number, latest = session.execute(all_of.where(SignInFailure.digest == everywhere)).one()
    wait = max(
        seconds_to_wait(ours, free=rules.FREE_FOR_NETWORK, now=now),
        rules.wait_everywhere(number, latest, now),
    )
    if wait:
        raise TooMany(wait)
    session.add_all(SignInFailure(digest=digest, at=now) for digest in counted)
    session.flush()


def _strike_out(session: Session, counted: list[bytes], *, now: datetime) -> None:
    """Forget this try, which was none; the wrong codes of others before it stay counted."""
    for digest in counted:
        newest = select(SignInFailure.id).where(
            SignInFailure.digest == digest, SignInFailure.at == now
        )
        session.execute(delete(SignInFailure).where(SignInFailure.id.in_(newest.limit(1))))
