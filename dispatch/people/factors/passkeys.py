"""Passkeys: a device signs a challenge of ours with a key that never leaves it (WebAuthn).

A challenge is made for one browser, is kept here for minutes, and is gone with its first use,
whether the answer fitted or not. What a device says is checked by the library; what this module
adds is whose challenge, whose key, and that nothing is taken twice.
"""

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import webauthn
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from dispatch.db import transactions
from dispatch.people.factors.models import Passkey, PasskeyChallenge
from dispatch.people.models import User

LASTS = timedelta(minutes=5)
"""How long a challenge can be answered: time to find the phone."""
MOST = 10
"""Passkeys of one person: a list that can be looked through."""
_NAME = "Dispatch"
_BYTES = 32


class NotProven(Exception):
    """What a device answered proves nothing here: it is malformed, too late, or of another key."""


@dataclass(frozen=True)
class Site:
    """Where browsers reach us, as their answers name it."""

    address: str
    """Scheme, host and port: `https://rides.example.org`."""

    @property
    def name(self) -> str:
        """What passkeys are bound to: the host. An address of numbers has none; it is ourselves."""
        host = urlsplit(self.address).hostname or ""
        return "localhost" if host == "127.0.0.1" else host


def ask_for_new(
    session: Session, user: User, *, called: str, site: Site, mark: str, now: datetime
) -> str:
    """What the browser that holds `mark` asks a device, to make a passkey of `user` (JSON)."""
    challenge = _challenge(session, mark, user.id, now=now)
    options = webauthn.generate_registration_options(
        rp_id=site.name,
        rp_name=_NAME,
        user_id=user.uid.bytes,
        user_name=called,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=one.credential) for one in passkeys_of(session, user)
        ],
    )
    return webauthn.options_to_json(options)


def ask_for_proof(session: Session, *, site: Site, mark: str, now: datetime) -> str:
    """What the browser that holds `mark` asks a device, to sign in (JSON).

    It names no passkey: whoever asks learns nothing of who has one.
    """
    options = webauthn.generate_authentication_options(
        rp_id=site.name,
        challenge=_challenge(session, mark, None, now=now),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def add(
    session: Session, user: User, answer: str, *, site: Site, mark: str, label: str, now: datetime
) -> Passkey:
    """Store the passkey that a device made for `user`.

    Raises
        NotProven: the answer does not fit the challenge, the place, or the rules.
    """
    challenge = _take(session, mark, user.id, now=now)
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.address,
            require_user_verification=True,
        )
    except Exception as error:  # whatever bytes of a stranger make a parser raise proves nothing
        raise NotProven(type(error).__name__) from None
    known = select(Passkey.id).where(Passkey.credential == made.credential_id)
    if session.scalars(known).first() is not None or len(passkeys_of(session, user)) >= MOST:
        raise NotProven("known already, or too many")
    passkey = Passkey(
        user=user,
        credential=made.credential_id,
        public_key=made.credential_public_key,
        uses=made.sign_count,
        label=label,
        made_at=now,
    )
    session.add(passkey)
    session.flush()
    return passkey


def prove(session: Session, answer: str, *, site: Site, mark: str, now: datetime) -> Passkey:
    """The passkey that signed the challenge of the browser that holds `mark`; noted as used.

    Raises
        NotProven: none of ours did.
    """
    challenge = _take(session, mark, None, now=now)
    passkey = _named_in(session, answer)
    if passkey is None:
        raise NotProven("unknown passkey")
    try:
        proof = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.address,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.uses,
            require_user_verification=True,
        )
    except Exception as error:  # whatever bytes of a stranger make a parser raise proves nothing
        raise NotProven(type(error).__name__) from None
    moved = session.execute(
        update(Passkey)
        .where(Passkey.id == passkey.id, Passkey.uses == passkey.uses)
        .values(uses=proof.new_sign_count, used_at=now)
    )
    if moved.rowcount != 1:
        raise NotProven("used at the same moment")
    session.refresh(passkey)
    return passkey


def passkeys_of(session: Session, user: User) -> list[Passkey]:
    """The passkeys of `user`, the oldest first."""
    found = select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.made_at, Passkey.id)
    return list(session.scalars(found))


def _challenge(session: Session, mark: str, user_id: int | None, *, now: datetime) -> bytes:
    """A new challenge for the browser that holds `mark`, in place of the one before."""
    hashed = _hash(mark)
    session.execute(
        delete(PasskeyChallenge).where(
            (PasskeyChallenge.browser_hash == hashed) | (PasskeyChallenge.made_at <= now - LASTS)
        )
    )
    challenge = secrets.token_bytes(_BYTES)
    session.add(
        PasskeyChallenge(browser_hash=hashed, user_id=user_id, challenge=challenge, made_at=now)
    )
    session.flush()
    return challenge


def _take(session: Session, mark: str, user_id: int | None, *, now: datetime) -> bytes:
    """The challenge of the browser that holds `mark`, which nobody can take again."""
    found = session.scalars(
        select(PasskeyChallenge).where(PasskeyChallenge.browser_hash == _hash(mark))
    ).one_or_none()
    if found is None:
        raise NotProven("no challenge")
    taken = session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.id == found.id))
    session.expunge(found)
    transactions.commit(session)  # gone, whatever comes of the answer
    if taken.rowcount != 1 or found.user_id != user_id or now - found.made_at >= LASTS:
        raise NotProven("a challenge of something else, or too old")
    return found.challenge


def _named_in(session: Session, answer: str) -> Passkey | None:
    try:
        told = json.loads(answer)
        credential = base64url_to_bytes(told["rawId"])
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return session.scalars(select(Passkey).where(Passkey.credential == credential)).one_or_none()


def _hash(mark: str) -> bytes:
    return hashlib.sha256(mark.encode()).digest()
