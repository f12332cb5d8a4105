"""What a family is told by text message: a time and the desk's number."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from dispatch import i18n
from dispatch.notify import one_text
from dispatch.notify.family_texts import SAID, letter
from dispatch.notify.models import MessageKind
from tests.build import DAY, TEN
from tests.conftest import NOW

DESK = "604-555-0100"
SORTED = sorted(SAID, key=lambda kind: kind.value)


def said(kind, times=(TEN,), *, language="en", desk=DESK, day=DAY):
    zone = ZoneInfo("America/Vancouver")
    with i18n.speaking(language):
        written = letter(
            kind, day=day, times=times, zone=zone, desk_phone=desk, uid=UUID(int=7), now=NOW
        )
    return written.brief


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (MessageKind.RIDE_ACCEPTED, "Confirmed: 9 Mar, 10:00."),
        (MessageKind.RIDE_CHANGED, "Changed: 9 Mar, 10:00. We will write again."),
        (MessageKind.RIDE_LATE, "Later: 9 Mar, 10:00."),
        (MessageKind.RIDE_CANCELLED, "Cancelled: 9 Mar, 10:00."),
        (
            MessageKind.RIDE_SEARCHING,
            "Not certain any more: 9 Mar, 10:00. We will write again.",
        ),
        (MessageKind.RIDE_REMINDER, "We remind you: 9 Mar, 10:00."),
    ],
)
def test_each_kind_has_its_words_and_the_number_of_the_desk(kind, words):
    assert said(kind) == f"{words} Questions: {DESK}"
    assert said(kind, desk="") == words


def test_both_ways_are_said_together_and_a_day_without_an_hour_is_a_day():
    both = (TEN, TEN + timedelta(hours=3))
    assert said(MessageKind.RIDE_ACCEPTED, both).startswith("Confirmed: 9 Mar, 10:00 and 13:00.")
    assert said(MessageKind.RIDE_CANCELLED, ()).startswith("Cancelled: 9 Mar.")


def test_it_speaks_spanish():
    assert said(MessageKind.RIDE_ACCEPTED, language="es") == (
        f"Confirmado: 9 mar, 10:00 a. m. Preguntas: {DESK}"
    )


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("language", i18n.languages())
@pytest.mark.parametrize("kind", SORTED)
def test_it_is_one_message(kind, language, month):
    first = datetime(2027, month, 28, 18, 30, tzinfo=UTC)
    text = said(kind, (first, first + timedelta(hours=3)), language=language, desk="+1" + "0" * 30)
    assert one_text.fits(text)


@pytest.mark.parametrize(
    "word", ["http", "/", "ride", "driv", "famil", "viaje", "maneja", "conduc"]
)
@pytest.mark.parametrize("language", i18n.languages())
@pytest.mark.parametrize("kind", SORTED)
def test_whoever_reads_along_learns_not_what_it_is_about(kind, language, word):
    assert word not in said(kind, language=language).lower()
