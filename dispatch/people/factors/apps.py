"""Codes of an authenticator app: six digits, another every thirty seconds (RFC 6238)."""

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from dispatch.db.transactions import vault_of
from dispatch.people.factors.models import AuthenticatorApp
from dispatch.people.models import User

DIGITS = 6
_SECONDS = 30
_BYTES = 20
"""Of a secret: as long as what SHA-1 makes of it, which is what every app understands."""
_DRIFT = 1
"""Half minutes that the clock of a phone may be off, either way."""


def begin(session: Session, user: User, *, now: datetime) -> AuthenticatorApp:
    """A new secret for `user`, not asked for before `confirm`; one begun before is over."""
    app = find_app(session, user)
    if app is None:
        app = AuthenticatorApp(user=user)
        session.add(app)
    app.made_at, app.confirmed_at, app.last_counter = now, None, 0
    secret = base64.b32encode(secrets.token_bytes(_BYTES)).decode()
    app.seal("sealed_secret", secret, vault_of(session))
    session.flush()
    return app


def secret_of(session: Session, app: AuthenticatorApp) -> str:
    """The secret, to be typed or scanned into the app while it is set up (base 32)."""
    return app.unseal("sealed_secret", vault_of(session)) or ""


def link_of(secret: str, called: str) -> str:
    """The address that an app reads from a picture."""
    return f"otpauth://totp/Dispatch:{quote(called)}?secret={secret}&issuer=Dispatch"


def take(session: Session, app: AuthenticatorApp, typed: str, *, now: datetime) -> bool:
    """Whether `typed` is a code of this moment that nobody used before; it is used up with that.

    Of several who bring the same code at once, one is believed.
    """
    counter = _counter_of(secret_of(session, app), typed, now)
    if counter is None:
        return False
    moved = session.execute(
        update(AuthenticatorApp)
        .where(AuthenticatorApp.id == app.id, AuthenticatorApp.last_counter < counter)
        .values(last_counter=counter)
    )
    session.refresh(app)
    return moved.rowcount == 1


def find_app(session: Session, user: User) -> AuthenticatorApp | None:
    """The app of `user`, confirmed or begun."""
    return session.scalars(
        select(AuthenticatorApp).where(AuthenticatorApp.user_id == user.id)
    ).one_or_none()


def code_at(secret: str, moment: datetime) -> str:
    """What an app that holds `secret` shows at `moment`."""
    return _codes(secret).generate(_counter(moment)).decode()


def _counter_of(secret: str, typed: str, now: datetime) -> int | None:
    """The half minute of which `typed` is the code, about `now`."""
    digits = "".join(typed.split())
    codes, found = _codes(secret), None
    for counter in range(_counter(now) - _DRIFT, _counter(now) + _DRIFT + 1):
        # Every one is compared, so that the time taken tells nothing.
        if hmac.compare_digest(codes.generate(counter), digits.encode()):
            found = counter
    return found


def _codes(secret: str) -> HOTP:
    # The few that are still made with SHA-1: no attack on its collisions touches an HMAC.
    return HOTP(base64.b32decode(secret), DIGITS, SHA1())  # noqa: S303


def _counter(moment: datetime) -> int:
    return int(moment.timestamp()) // _SECONDS
