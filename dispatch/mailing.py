"""What a worker does about letters: it claims one, sends it, and notes what came of it."""

import threading
from datetime import datetime

import structlog

from dispatch import clock
from dispatch.config import Settings
from dispatch.db.transactions import Database
from dispatch.notify import deliveries, rules
from dispatch.notify.channels import Channel, Gone, NotSent, TryLater, Unclear
from dispatch.notify.deliveries import Outcome
from dispatch.notify.mail import Mail
from dispatch.notify.models import DeliveryState
from dispatch.notify.push import subscriptions
from dispatch.notify.push.channel import Push
from dispatch.notify.sms import Sms
from dispatch.people import freezing

log = structlog.get_logger()
BEAT = 3.0
"""Seconds between two looks for letters."""


class Mailing:
    """The letters of one installation by one channel. A class because it holds both."""

    def __init__(self, database: Database, channel: Channel, base_url: str) -> None:
        self._database, self._channel, self._base_url = database, channel, base_url

    def go_on(self, stop: threading.Event) -> None:
        """Send what is due at each beat, until `stop`."""
        while not stop.wait(BEAT):
            try:
                while not stop.is_set() and self.send_next():
                    pass
            except Exception:  # a store may be away for a moment: try again at the next beat
                log.exception("sending letters failed")

    def send_next(self) -> bool:
        """Send the next letter that is due; whether there was one. None goes out in a pause.

        What happens between the claim and its note leaves the claim alone: whatever it was, the
        letter is not sent a second time.
        """
        claimed = self._claim(clock.now())
        if claimed is None:
            return False
        outcome, gone = self._send(claimed, clock.now())
        with self._database.transaction() as session:
            subscriptions.forget(session, gone)
            deliveries.note(session, claimed, outcome, now=clock.now())
        log.info(
            "letter",
            channel=self._channel.name,
            outcome=outcome.state.value,
            trouble=outcome.trouble,
        )
        return True

    def _claim(self, now: datetime) -> int | None:
        with self._database.transaction(reads_only=True) as session:
            is_any_due = deliveries.is_any_due(session, self._channel.name, now=now)
            if freezing.is_frozen(session) or not is_any_due:
                return None
        with self._database.transaction() as session:
            deliveries.give_up_lost(session, now=now)
            return deliveries.claim(session, self._channel.name, now=now)

    def _send(self, claimed: int, now: datetime) -> tuple[Outcome, list[str]]:
        """What came of it, and the addresses that are no more."""
        try:
            with self._database.transaction(reads_only=True) as session:
                addresses, letter = deliveries.open_letter(
                    session, claimed, base_url=self._base_url, now=now
                )
        except NotSent as error:
            return Outcome(_state_after(error), error.trouble), []
        troubles: dict[str, NotSent] = {}
        for to in addresses:
            try:
                self._channel.send(to, letter)
            except NotSent as error:
                troubles[to] = error
        states = [_state_after(error) for error in troubles.values()]
        sent = [DeliveryState.SENT] * (len(addresses) - len(troubles))
        trouble = next((error.trouble for error in troubles.values()), "")
        state = rules.together([*sent, *states])
        gone = [to for to, error in troubles.items() if isinstance(error, Gone)]
        return Outcome(state, "" if sent else trouble), gone


def _state_after(error: NotSent) -> DeliveryState:
    if isinstance(error, TryLater):
        return DeliveryState.WAITING
    return DeliveryState.UNSURE if isinstance(error, Unclear) else DeliveryState.FAILED


def mailings_of(settings: Settings, database: Database) -> list[Mailing]:
    """How this installation sends letters: by each channel that it has."""
    channels: list[Channel] = []
    if settings.mail is not None:
        channels.append(Mail(settings.mail))
    if settings.push is not None:
        channels.append(Push(database.vault, settings.push))
    if settings.sms is not None:
        channels.append(Sms(settings.sms))
    return [Mailing(database, channel, settings.base_url) for channel in channels]
