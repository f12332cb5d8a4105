"""Codes that can be read out on the phone, how long they and their phones last, and how often
somebody may guess."""

import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta

ALPHABET = "23456789ACEFHJKMRWXY"
"""Signs that nobody takes for another one, written or spoken, in English or Spanish: no 0 beside O,
no 1 beside I and L, no B, D, G, P, T, V, Z beside each other, no N beside M, no S beside F."""
LENGTH = 12
"""12 signs of 20: 51.8 bits."""
_GROUP = 4

CODE_LASTS = timedelta(days=7)
"""A card is handed over in a clinic on Monday and typed in at home at the weekend."""
PHONE_IDLE = timedelta(days=7)
"""A page that nobody opened for a week is closed: phones are lent, sold and taken away."""
PHONE_LASTS = timedelta(days=30)
"""After so long the desk gives a new code, and hears how the family is."""
MOST_PHONES = 5
"""Of one family: the oldest page closes when another one opens."""

FREE_FOR_NETWORK = 10
"""Wrong codes from one network before there are pauses: a shelter shares an address."""
FREE_EVERYWHERE = 200
"""Wrong codes from everywhere in a day before all have to be patient."""
PAUSE_EVERYWHERE = timedelta(seconds=10)
"""Then one code is heard every so often: fewer than 9,000 guesses a day at 20^12 codes, and nobody
who guesses keeps a family out for longer than it takes to try again."""


def make_code() -> str:
    """A new code, in its plain form."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def plain(typed: str) -> str:
    """What somebody typed, as it is compared: capitals, without what stands between the signs."""
    folded = unicodedata.normalize("NFKC", typed[:80]).upper()
    return "".join(sign for sign in folded if sign.isalnum())


def shown(code: str) -> str:
    """A plain code in groups, as it is printed and read out: "K3MF 7HRA 9XWC"."""
    return " ".join(code[start : start + _GROUP] for start in range(0, len(code), _GROUP))


def wait_everywhere(wrong: int, latest: datetime | None, now: datetime) -> int:
    """Seconds until a code is heard, after `wrong` ones from everywhere within a day."""
    if wrong < FREE_EVERYWHERE or latest is None:
        return 0
    return max(0, int((latest + PAUSE_EVERYWHERE - now).total_seconds()))


def is_over(made_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether the page of a phone is closed by time."""
    return now - seen_at >= PHONE_IDLE or now - made_at >= PHONE_LASTS


def closes_at(made_at: datetime, seen_at: datetime) -> datetime:
    """When the page of a phone closes if nobody opens it again."""
    return min(seen_at + PHONE_IDLE, made_at + PHONE_LASTS)


def oldest_beyond(made: Sequence[datetime], most: int = MOST_PHONES) -> int:
    """How many of the oldest of `made` have to go so that one more fits in."""
    return max(0, len(made) - (most - 1))
