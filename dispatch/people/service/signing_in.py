"""Signing in: one answer for every failure, and pauses that grow with wrong guesses.

A try is written down as failed before the password is looked at, and struck out when it fits: so
a thousand tries at once do not all find an empty list. Nothing is locked while a password is
hashed.
"""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dispatch.db import transactions
from dispatch.db.transactions import vault_of
from dispatch.errors import Refused, TooMany
from dispatch.i18n import gettext as _
from dispatch.people import passwords, queries, rules
from dispatch.people.models import SignInFailure, User, UserState

_DIGEST = 16
_V4_NETWORK, _V6_NETWORK = 24, 48


@dataclass(frozen=True)
class Whence:
    """From where somebody tries to sign in."""

    address: str
    """The network address of the browser."""
    mark: str | None = None
    """What `mark_of` gave to a browser in which this account signed in before."""


def sign_in(session: Session, email: str, password: str, whence: Whence, *, now: datetime) -> User:
    """The person of `email`, if `password` is theirs. Commits what it notes of the try.

    Raises
        Refused: they do not fit together; the same for an account that is unknown or closed.
        TooMany: too many wrong guesses on this account or from this network.
    """
    account = _account(session, email)
    counted = _counters(session, account, whence)
    write_down_try(session, counted, now=now)
    known = queries.password_of(session, email)
    user_id, stored = known or (None, None)
    transactions.commit(session)
    fits = passwords.fits(stored, password)  # also where there is no account: it takes as long
    if user_id is None or stored is None or not fits:
        raise Refused(_("E-mail and password do not fit together."))
    renewed = passwords.hash_of(password) if passwords.is_outdated(stored) else None
    user = session.get_one(User, user_id, populate_existing=True)
    if user.password_hash != stored or user.state is not UserState.ACTIVE:
        raise Refused(_("E-mail and password do not fit together."))
    strike_out(session, counted, now=now)
    user.password_hash = renewed or stored
    session.flush()
    return user


def mark_of(session: Session, email: str) -> str:
    """What a browser keeps after signing in, so that guesses made elsewhere do not slow it down."""
    return _digest(session, b"mark", _account(session, email)).hex()


def counter_of(session: Session, user: User) -> dict[bytes, int]:
    """Where wrong guesses at the password of the signed-in `user` are counted."""
    return {_digest(session, b"own", user.uid.bytes): rules.FREE_FOR_ACCOUNT}


def counters_of_codes(session: Session, user: User, whence: Whence) -> dict[bytes, int]:
    """Where wrong codes after a right password are counted: as wrong passwords are."""
    email = queries.contact_of(user, vault_of(session)).email
    if _knows(session, whence, _account(session, email)):
        return {_digest(session, b"known codes", user.uid.bytes): rules.FREE_FOR_ACCOUNT}
    codes = _digest(session, b"codes", user.uid.bytes)
    return {codes: rules.FREE_FOR_ACCOUNT, **network_counter(session, whence)}


def counters_of_locking(session: Session, email: str, whence: Whence) -> dict[bytes, int]:
    """Where wrong codes for locking an account are counted, whether there is one or not."""
    account = _digest(session, b"locking", _account(session, email))
    return {account: rules.FREE_FOR_ACCOUNT, **network_counter(session, whence)}


def network_counter(session: Session, whence: Whence) -> dict[bytes, int]:
    """Where tries are counted that no known browser makes: by network, and all together."""
    network = _digest(session, b"network", _network(whence.address))
    everywhere = _digest(session, b"everywhere", b"")
    return {network: rules.FREE_FOR_NETWORK, everywhere: rules.FREE_EVERYWHERE}


def begin_try(session: Session, counted: dict[bytes, int], *, now: datetime) -> None:
    """Note a try and make the note permanent: it counts even if the request fails.

    Raises
        TooMany: one of the counters has to rest.
    """
    write_down_try(session, counted, now=now)
    transactions.commit(session)


def write_down_try(session: Session, counted: dict[bytes, int], *, now: datetime) -> None:
    """Note a try under every digest of `counted`, which gives the free tries of each.

    Raises
        TooMany: one of them has to rest.
    """
    session.execute(delete(SignInFailure).where(SignInFailure.at <= now - rules.REMEMBERED))
    waits = [0]
    for digest, free in sorted(counted.items()):
        transactions.take_turns(session, digest)
        failures = select(SignInFailure.at).where(SignInFailure.digest == digest)
        if free == rules.FREE_EVERYWHERE:
            lately = failures.where(SignInFailure.at > now - rules.LATELY)
            waits.append(rules.seconds_for_all(len(session.scalars(lately).all())))
        else:
            tried = session.scalars(failures).all()
            waits.append(rules.seconds_to_wait(tried, free=free, now=now))
    if max(waits):
        raise TooMany(max(waits))
    session.add_all(SignInFailure(digest=digest, at=now) for digest in counted)
    session.flush()


def strike_out(session: Session, counted: dict[bytes, int], *, now: datetime) -> None:
    """Forget the wrong guesses on an account whose password fitted, and this try of the others."""
    for digest, free in counted.items():
        struck = delete(SignInFailure).where(SignInFailure.digest == digest)
        if free != rules.FREE_FOR_ACCOUNT:
            newest = select(SignInFailure.id).where(
                SignInFailure.digest == digest, SignInFailure.at == now
            )
            struck = struck.where(SignInFailure.id.in_(newest.limit(1)))
        session.execute(struck)


def _counters(session: Session, account: bytes, whence: Whence) -> dict[bytes, int]:
    """The digests under which a try is counted, with the free tries of each.

    A browser that knows the account counts on its own: otherwise whoever guesses all day would
    keep the owner out.
    """
    if _knows(session, whence, account):
        return {_digest(session, b"known browser", account): rules.FREE_FOR_ACCOUNT}
    return {account: rules.FREE_FOR_ACCOUNT, **network_counter(session, whence)}


def _knows(session: Session, whence: Whence, account: bytes) -> bool:
    """Whether the browser holds the mark of `account`."""
    mark = _digest(session, b"mark", account).hex()
    return hmac.compare_digest((whence.mark or "").encode(), mark.encode())


def _account(session: Session, email: str) -> bytes:
    return _digest(session, b"account", vault_of(session).digest("email", email))


def _digest(session: Session, kind: bytes, told: bytes) -> bytes:
    key = vault_of(session).derive_key("sign-in failures")
    return hmac.new(key, kind + b"\0" + told, hashlib.sha256).digest()[:_DIGEST]


def network_digest(session: Session, kind: bytes, address: str) -> bytes:
    """What stands for the network of `address` where tries of `kind` are counted."""
    return _digest(session, kind, _network(address))


def _network(address: str) -> bytes:
    """The network of an address: one household or office has all of it."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address.encode()
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped:
        parsed = parsed.ipv4_mapped
    size = _V4_NETWORK if parsed.version == 4 else _V6_NETWORK
    return str(ipaddress.ip_network((parsed, size), strict=False)).encode()
