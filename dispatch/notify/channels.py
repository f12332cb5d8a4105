"""What carries a message out of the house: a letter, how it is sent, and how that may fail."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

CHANNELS = "channels"
"""Under what a session carries the names of the channels that its installation has, in the order
in which they are tried."""
MAIL, PUSH, SMS = "mail", "push", "sms"
"""What deliveries call the channels."""


@dataclass(frozen=True)
class Letter:
    """What is sent: a time and a link, no name, no address, no place."""

    uid: UUID
    """Of its delivery: a second copy would carry the same."""
    subject: str
    text: str
    brief: str
    """All of it in a text message."""
    url: str
    """The page where the rest stands."""
    off_url: str
    """The page on which its reader turns such letters off."""
    written_at: datetime


@dataclass
class NotSent(Exception):
    """A letter did not go out, or nobody knows; `trouble` is one word, never an address."""

    trouble: str = field(default="")


class RefusedForGood(NotSent):
    """Trying again would not help."""


class Gone(RefusedForGood):
    """There is no such address any more."""


class TryLater(NotSent):
    """Nothing went out, and it may next time."""


class Unclear(NotSent):
    """The letter may have been taken, or not."""


class Channel(Protocol):
    """A way out of the house."""

    name: str
    """What deliveries call it."""

    def send(self, to: str, letter: Letter) -> None:
        """Hand `letter` over for the address `to`.

        Raises
            RefusedForGood, TryLater, Unclear: what the delivery is then.
        """
