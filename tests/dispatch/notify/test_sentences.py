"""What a family is told on the phone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dispatch.i18n import speaking
from dispatch.notify.models import MessageKind
from dispatch.notify.sentences import Coming, News, sentence

ZONE = ZoneInfo("America/Vancouver")
TODAY = date(2027, 3, 9)
AT = datetime(2027, 3, 9, 21, 10, tzinfo=UTC)
MARTA = Coming("Marta", "blue Honda", AT)


def said(kind=MessageKind.RIDE_ACCEPTED, *, coming=None, asked_at=AT, place=None, today=TODAY):
    return sentence(News(kind, coming, asked_at, place), zone=ZONE, today=today)


def test_who_comes_when_and_in_what_car():
    assert said(coming=MARTA) == "Marta is coming at 13:10, blue Honda."


def test_another_day_is_named():
    today = date(2027, 3, 8)
    assert said(coming=MARTA, today=today) == (
        "Marta is coming on Tuesday 9 March at 13:10, blue Honda."
    )


def test_a_public_pickup_is_named_and_a_missing_car_is_not():
    coming = Coming("Marta", "", AT)
    assert said(coming=coming, place="Mill Hill library") == (
        "Marta is coming to Mill Hill library at 13:10."
    )


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (MessageKind.RIDE_CANCELLED, "Your ride at 13:10 is cancelled."),
        (
            MessageKind.RIDE_SEARCHING,
            "The driver for your ride at 13:10 cannot come. "
            "We are looking for another one and will call you again.",
        ),
        (
            MessageKind.RIDE_CHANGED,
            "Your ride is at 13:10 now. We are looking for a driver and will call you again.",
        ),
        (MessageKind.RIDE_ACCEPTED, "We are still looking for a driver for your ride at 13:10."),
    ],
)
def test_without_a_driver_it_says_what_became_of_the_ride(kind, words):
    assert said(kind) == words


def test_a_cancelled_ride_is_cancelled_whoever_was_to_come():
    assert "cancelled" in said(MessageKind.RIDE_CANCELLED, coming=MARTA)


def test_who_comes_later_is_named_with_the_time_as_it_is_now():
    later = AT + timedelta(minutes=20)
    assert said(MessageKind.RIDE_LATE, coming=MARTA, asked_at=later) == (
        "Later than planned: Marta is coming at 13:30, blue Honda."
    )


def test_a_will_call_without_a_time_is_the_way_back():
    assert said(MessageKind.RIDE_CANCELLED, asked_at=None) == (
        "Your ride for the way back is cancelled."
    )


def test_a_language_without_words_falls_back_to_the_source():
    with speaking("mam"):
        assert said(coming=MARTA) == "Marta is coming at 13:10, blue Honda."
