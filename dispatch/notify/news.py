"""Whether a message is news still: not read, nothing newer, not answered, not over."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from dispatch import clock
from dispatch.notify.models import Message, MessageKind

if TYPE_CHECKING:
    from dispatch.rides.models import Ride

_OPEN_WHILE = {MessageKind.RIDE_OFFERED: "offered", MessageKind.RIDE_REMINDER: "accepted"}
"""The state of an assignment as long as its driver is to hear this of it."""
_WHILE_SETTLED = (MessageKind.RIDE_ACCEPTED, MessageKind.RIDE_LATE, MessageKind.RIDE_REMINDER)
_SETTLED = "accepted"
"""The state of a ride as long as its family is to hear that it takes place."""


def is_open(message: Message, now: datetime) -> bool:
    """Whether its reader still is to hear of it: not told, nothing newer, not answered or over."""
    if message.told_at is not None or message.dropped_at is not None:
        return False
    if message.ride.service_on < clock.local_day(now, message.group.zone):
        return False
    if message.kind is MessageKind.RIDE_WITHDRAWN:
        return True
    if message.family_id is not None:
        return message.ride.state.value == _SETTLED or message.kind not in _WHILE_SETTLED
    about = assignment_of(message)
    if about is None or about.state.value != _OPEN_WHILE[message.kind]:
        return False
    return message.kind is MessageKind.RIDE_OFFERED or now < about.pickup_at


def assignment_of(message: Message) -> Any:  # noqa: ANN401 -- a table upstairs
    """Of a message to a driver: what it is about; None if that is gone."""
    about = message.about_uid
    return next((one for one in message.ride.assignments if one.uid == about), None)


def asked_at(ride: "Ride") -> datetime | None:
    """The time that was asked for; None where the day has no hour yet."""
    return ride.window_ends_at if ride.anchor.value == "arrive_by" else ride.window_starts_at


def told_time(message: Message) -> datetime | None:
    """The time that a family is told: when the driver comes, else what it asked for."""
    told = message.facts.get("pickup_at")
    return datetime.fromisoformat(told) if told else asked_at(message.ride)
