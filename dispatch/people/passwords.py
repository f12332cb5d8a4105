"""Passwords: hashed with argon2id, a few at a time, and never longer than is useful."""

import unicodedata
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dispatch.errors import TooMany

SHORTEST = 15
"""Characters, where a password stands alone (NIST SP 800-63B)."""
LONGEST = 256
"""Characters: far beyond every phrase, and checked before anything is hashed."""

_HASHER = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
"""64 MiB each, the second recommendation of RFC 9106."""
_AT_ONCE = 2
_turns = BoundedSemaphore(_AT_ONCE)
"""So that a crowd at the door cannot take the memory: the others wait for their turn."""
_WAIT_SECONDS = 10
_NOBODYS = (
    "$argon2id$v=19$m=65536,t=3,p=4$INfkD6y7bZ6hPfqmn+aBhA$"
    "0Z+jALcVo8uxbwOVMHapVZlQJvp2BNuuCVXdPnDF9Rc"
)
"""The hash of a random text that nobody kept: what is checked where there is no account."""


def hash_of(password: str) -> str:
    """What is stored of `password`.

    Raises
        TooMany: too many people are at the door at this moment.
    """
    with _Turn():
        return _HASHER.hash(_plain(password))


def fits(stored: str | None, password: str) -> bool:
    """Whether `password` is the one of which `stored` was kept; takes as long if there is none.

    Raises
        TooMany: too many people are at the door at this moment.
    """
    if len(password) > LONGEST:
        return False
    with _Turn():
        try:
            return _HASHER.verify(stored or _NOBODYS, _plain(password)) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(stored: str) -> bool:
    """Whether `stored` was made with weaker settings than a hash made now."""
    return _HASHER.check_needs_rehash(stored)


class _Turn:
    """One of the few places at which a password may be hashed."""

    def __enter__(self) -> None:
        if not _turns.acquire(timeout=_WAIT_SECONDS):
            raise TooMany(_WAIT_SECONDS)

    def __exit__(self, *_error: object) -> None:
        _turns.release()


def _plain(password: str) -> str:
    """The same characters however a keyboard composes them."""
    return unicodedata.normalize("NFKC", password)
