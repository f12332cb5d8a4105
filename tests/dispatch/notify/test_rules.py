"""When a letter goes out."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.notify import rules
from dispatch.notify.models import DeliveryState
from dispatch.planning.service.undoing import UNDONE_WITHIN

ZONE = ZoneInfo("America/Vancouver")
NIGHT = rules.Night(21, 7, ZONE)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2027, 3, day, hour, minute, tzinfo=ZONE).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "goes_at"),
    [
        (at(8, 7), at(8, 7)),
        (at(8, 20, 59), at(8, 20, 59)),
        (at(8, 21), at(9, 7)),
        (at(8, 23, 59), at(9, 7)),
        (at(9, 0), at(9, 7)),
        (at(9, 6, 59), at(9, 7)),
        (at(13, 22), at(14, 7)),  # the clocks go forward that night
    ],
)
def test_what_can_wait_wakes_nobody(now: datetime, goes_at: datetime):
    decided_at = now - rules.SETTLED
    ride_at = decided_at + timedelta(hours=12, minutes=1)
    assert rules.first_try_at(ride_at, NIGHT, decided_at) == goes_at


@pytest.mark.parametrize("hours", [12, 3, 0, -1])
def test_a_ride_that_is_near_is_told_at_any_hour(hours: int):
    now = at(8, 23)
    assert rules.first_try_at(now + timedelta(hours=hours), NIGHT, now) == now + rules.SETTLED


@pytest.mark.parametrize(
    ("hours", "now", "ends_at"),
    [
        ((0, 6), at(8, 0), at(8, 6)),
        ((0, 6), at(8, 5, 59), at(8, 6)),
        ((0, 6), at(8, 6), at(8, 6)),
        ((0, 6), at(8, 23, 59), at(8, 23, 59)),
        ((22, 0), at(8, 23), at(9, 0)),
        ((22, 0), at(9, 0), at(9, 0)),
        ((13, 15), at(8, 14), at(8, 15)),
        ((9, 9), at(8, 9), at(8, 9)),
        ((9, 9), at(8, 3), at(8, 3)),
    ],
)
def test_a_group_has_its_own_night(hours: tuple[int, int], now: datetime, ends_at: datetime):
    assert rules.Night(*hours, ZONE).ends_at(now) == ends_at


def test_what_can_still_be_undone_is_told_nobody():
    assert rules.SETTLED > UNDONE_WITHIN


SENT, UNSURE, WAITING, FAILED = (
    DeliveryState.SENT,
    DeliveryState.UNSURE,
    DeliveryState.WAITING,
    DeliveryState.FAILED,
)


@pytest.mark.parametrize(
    ("states", "together"),
    [
        ([FAILED, WAITING, UNSURE, SENT], SENT),
        ([FAILED, WAITING, UNSURE], UNSURE),
        ([FAILED, WAITING], WAITING),
        ([FAILED, FAILED], FAILED),
        ([], FAILED),
    ],
)
def test_one_browser_that_has_it_is_enough(states, together):
    assert rules.together(states) is together


def test_pauses_grow_and_come_to_an_end():
    pauses = [rules.pause_after(tries) for tries in range(1, len(rules.PAUSES) + 2)]
    assert pauses[-1] is None
    assert pauses[:-1] == sorted(pauses[:-1])
    assert len(set(pauses)) == len(pauses)
