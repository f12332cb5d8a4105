"""Decisions about people: how long to wait after wrong guesses, what is guessed first, what has to
be proven, who may renew whose invitation."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import cache
from pathlib import Path

from dispatch.people.models import Group, Membership, Role, User, UserState
from dispatch.policy import Actor, Standing

LINK_LASTS = timedelta(hours=72)
"""How long an invitation link works."""

REMEMBERED = timedelta(days=1)
"""How long a wrong guess counts."""
FREE_FOR_ACCOUNT = 5
"""Wrong guesses on one account before there is a pause."""
FREE_FOR_NETWORK = 50
"""The same for one network: an office or a camp shares an address."""
FREE_EVERYWHERE = 600
"""Wrong guesses in `LATELY` on all accounts together, by browsers that no account knows."""
LATELY = timedelta(minutes=10)
_PAUSE_OF_ALL = 60
_FIRST_PAUSE = timedelta(seconds=15)
_LONGEST_PAUSE = timedelta(minutes=20)
"""Doubling up to this leaves fewer than 100 guesses a day."""


def seconds_to_wait(failures: Sequence[datetime], *, free: int, now: datetime) -> int:
    """Seconds until another try is heard, after `failures`; 0 if it is heard at once."""
    recent = [at for at in failures if now - at < REMEMBERED]
    beyond = len(recent) - free
    if beyond < 0:
        return 0
    doublings = min(beyond, 16)
    pause = min(_FIRST_PAUSE * 2**doublings, _LONGEST_PAUSE)
    return max(0, int((max(recent) + pause - now).total_seconds()))


def seconds_for_all(lately: int) -> int:
    """Seconds until a browser that no account knows is heard again, after so many wrong guesses
    by all of them `LATELY`. Short: it slows a flood, and keeps nobody out who waits."""
    return _PAUSE_OF_ALL if lately >= FREE_EVERYWHERE else 0


# --- Passwords that are guessed first ------------------------------------------------------------

_ENOUGH = 6
"""Characters that must be left when everything expected is taken out of a password."""
_ROWS = ("abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_ROWS += ("qwertzuiop", "azertyuiop", "yxcvbnm", "1qaz2wsx3edc4rfv5tgb6yhn7ujm")
_LOOKALIKES = str.maketrans("0134578@$!", "oieastbasi")
_YEAR = re.compile(r"(19|20)\d\d")
_SAME = re.compile(r"(.)\1{2,}")
_REPEATED = re.compile(r"(.{1,24}?)\1+")


def is_guessed_first(password: str, about: Iterable[str] = ()) -> bool:
    """Whether `password` is only made of common words, runs, repetitions and years, or of words
    `about` the person and the group."""
    known = [word for text in about for word in _words(text) if len(word) > 2]
    words = sorted({*_common_words(), *known}, key=len, reverse=True)
    readings = (password, password.translate(_LOOKALIKES))
    return any(_left_over("".join(_words(text)), words) < _ENOUGH for text in readings)


def _left_over(text: str, words: Iterable[str]) -> int:
    """How many characters of `text` nobody would expect."""
    whole = _REPEATED.fullmatch(text)
    text = whole.group(1) if whole else text
    for word in words:
        text = text.replace(word, " ")
    text = _SAME.sub(" ", _YEAR.sub(" ", text))
    for run in _runs():
        text = text.replace(run, " ")
    return len(text.replace(" ", ""))


def _words(text: str) -> list[str]:
    """The words of `text`, in lower case, without what stands between them."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return [word for word in re.split(r"[\W_]+", folded) if word]


@cache
def _common_words() -> tuple[str, ...]:
    file = Path(__file__).parent / "common_words.txt"
    return tuple(file.read_text("utf-8").split())


@cache
def _runs() -> tuple[str, ...]:
    """Every piece of a keyboard row or of the alphabet, both ways, the longest first."""
    ways = [way for row in _ROWS for way in (row, row[::-1])]
    pieces = {
        way[start : start + size]
        for way in ways
        for size in range(3, len(way) + 1)
        for start in range(len(way) - size + 1)
    }
    return tuple(sorted(pieces, key=len, reverse=True))


# --- What has to be proven -----------------------------------------------------------------------


class Proof(Enum):
    """By what somebody showed who they are, last."""

    PASSWORD = "password"  # noqa: S105 -- the way, not a password
    APP_CODE = "app_code"
    RECOVERY_CODE = "recovery_code"
    PASSKEY = "passkey"


@dataclass(frozen=True)
class Held:
    """What an account can be proven by, beside its password."""

    passkeys: int
    has_app: bool

    @property
    def is_enough_for_a_driver(self) -> bool:
        """Whether there is any second proof."""
        return self.passkeys > 0 or self.has_app


def needs_passkey(user: User, memberships: Iterable[Membership]) -> bool:
    """Whether `user` may not work without a passkey, who sees many families or keeps accounts."""
    return user.is_steward or any(one.role is Role.COORDINATOR for one in memberships)


def is_enrolled(held: Held, *, is_passkey_needed: bool) -> bool:
    """Whether enough is set up for an account of this kind."""
    return held.passkeys > 0 if is_passkey_needed else held.is_enough_for_a_driver


def standing_after(proof: Proof, held: Held, *, is_passkey_needed: bool, is_demo: bool) -> Standing:
    """How far in somebody is who gave `proof`; an app's or a recovery code followed the password.

    A coordinator who comes by a code sets up a new passkey before anything else: the old one is
    lost, or not at hand. In a demo nobody has to set up anything, as there is nothing to guard.
    """
    if proof is Proof.PASSKEY:
        return Standing.IN
    if proof is Proof.PASSWORD and held.is_enough_for_a_driver:
        return Standing.HALF_IN
    if is_demo or (proof is not Proof.PASSWORD and not is_passkey_needed):
        return Standing.IN
    return Standing.TO_ENROL


def may_remove(held: Held, *, is_passkey_needed: bool, is_passkey: bool) -> bool:
    """Whether enough is left when one passkey, or the app, is removed."""
    left = Held(held.passkeys - is_passkey, held.has_app and is_passkey)
    return is_enrolled(left, is_passkey_needed=is_passkey_needed)


# --- Invitations and accounts --------------------------------------------------------------------


def may_hand_out_link(actor: Actor, user: User, memberships: Iterable[Membership]) -> bool:
    """Whether `actor` may hold a link that chooses the password of `user`.

    Whoever holds it can sign in as that person. So a coordinator gets one only for somebody who
    never signed in and drives only in the coordinator's own groups.
    """
    if actor.is_steward or actor.is_system:
        return user.state is not UserState.SUSPENDED
    return (
        user.state is UserState.INVITED
        and not user.is_steward
        and all(
            one.role is Role.DRIVER and one.group_id in actor.coordinates for one in memberships
        )
    )


# --- Groups --------------------------------------------------------------------------------------

_SETTINGS = ("name", "time_zone", "language", "desk_phone", "uses_miles", "most_seats")
_SETTINGS += ("grant_before_minutes", "grant_after_minutes", "lets_navigate")
_SETTINGS += ("board_minutes", "alight_minutes", "flexible_minutes", "even_load_seconds")
_SETTINGS += ("ride_days", "family_days", "message_days")
_SETTINGS += ("quiet_from_hour", "quiet_until_hour")
_SETTINGS += ("reminds_week", "reminds_day", "reminds_same_day")
_SETTINGS += ("latitude", "longitude", "claims")


def looser(group: Group, wanted: Mapping[str, int]) -> dict[str, int]:
    """Which of the `wanted` limits let somebody open more families than now, or go unnoticed."""
    return {name: value for name, value in wanted.items() if value > getattr(group, name)}


def version_of(group: Group) -> str:
    """What a settings form carries to tell whether somebody else changed them meanwhile."""
    told = json.dumps([getattr(group, name) for name in _SETTINGS], default=lambda one: one.value)
    return hashlib.sha256(told.encode()).hexdigest()[:16]
