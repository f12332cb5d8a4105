"""What a letter says: a time and a link."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_time
from flask import Flask

from dispatch import i18n
from dispatch.notify import letters, one_text
from dispatch.notify.letters import OFF, PAGES, letter
from dispatch.notify.models import MessageKind
from tests.build import DAY, TEN
from tests.conftest import NOW

UID = UUID(int=7)


HOUR = timedelta(hours=1)


def written(kind=MessageKind.RIDE_OFFERED, times=(TEN,), base_url="https://rides.example.org"):
    zone = ZoneInfo("America/Vancouver")
    return letter(kind, day=DAY, times=times, zone=zone, base_url=base_url, uid=UID, now=NOW)


def test_a_question_holds_the_time_and_where_it_is_answered():
    found = written()
    assert found.subject == "A question about Tuesday 9 March, 10:00"
    assert found.text == (
        "There is a question for you about Tuesday 9 March, 10:00. Please answer it here:\n\n"
        "https://rides.example.org/offers\n\n"
        "Nobody reads answers to this e-mail. Your page is also where you turn e-mails off:\n"
        "https://rides.example.org/me\n"
    )
    assert (found.uid, found.off_url, found.written_at) == (
        UID,
        "https://rides.example.org/me",
        NOW,
    )


def test_a_change_leads_to_the_page_that_says_what_changed():
    found = written(MessageKind.RIDE_WITHDRAWN)
    assert found.subject == "A change on Tuesday 9 March, 10:00"
    assert "\n\nhttps://rides.example.org/today\n\n" in found.text


def test_a_reminder_leads_to_the_day():
    found = written(MessageKind.RIDE_REMINDER)
    assert found.subject == "Reminder: Tuesday 9 March, 10:00"
    assert "\n\nhttps://rides.example.org/today\n\n" in found.text


def test_it_speaks_spanish():
    with i18n.speaking("es"):
        found = written()
        changed = written(MessageKind.RIDE_WITHDRAWN)
        reminded = written(MessageKind.RIDE_REMINDER)
    assert found.subject.startswith("Una pregunta sobre el martes 9 de marzo, 10:00")
    assert changed.subject.startswith("Un cambio para el martes 9 de marzo, 10:00")
    assert reminded.subject.startswith("Recordatorio: martes 9 de marzo, 10:00")
    assert "There is" not in found.text
    assert "Nobody" not in changed.text


def test_a_day_without_an_hour_is_a_day():
    found = written(times=())
    assert found.subject == "A question about Tuesday 9 March"
    assert found.brief == "A question about 9 Mar https://rides.example.org/offers"


def test_what_is_told_together_says_every_time():
    assert written(times=(TEN, TEN + 3 * HOUR)).subject == (
        "A question about Tuesday 9 March, 10:00 and 13:00"
    )
    with i18n.speaking("es"):
        found = written(times=(TEN, TEN + HOUR, TEN + 3 * HOUR))
    said = " ".join(found.subject.split())
    assert said == "Una pregunta sobre el martes 9 de marzo, 10:00 a. m., 11:00 a. m. y 1:00 p. m."


def say_clock(at):
    """The time of day as a text says it, in the language spoken now."""
    said = format_time(at, i18n.gettext("HH:mm"), tzinfo=UTC, locale=i18n.language())
    return " ".join(said.split())


LONG = f"https://{'r' * 60}.example.org"
"""An address as long as few are."""


@pytest.mark.parametrize("month", range(1, 13))
@pytest.mark.parametrize("language", i18n.languages())
@pytest.mark.parametrize("kind", list(PAGES))
def test_a_text_holds_the_time_and_the_link_and_is_one_message(kind, language, month):
    first = datetime(2027, month, 28, 18, 30, tzinfo=UTC)
    with i18n.speaking(language):
        both = letter(
            kind,
            day=first.date(),
            times=(first, first + 3 * HOUR),
            zone=ZoneInfo("UTC"),
            base_url=LONG,
            uid=UID,
            now=NOW,
        )
        times = [say_clock(one) for one in (first, first + 3 * HOUR)]
    assert one_text.fits(both.brief)
    assert all(time in both.brief for time in times)
    assert both.brief.endswith(f" {LONG}{PAGES[kind]}")


@pytest.mark.parametrize(
    ("words", "number", "said"),
    [
        ("Питання про", 2, "Питання про 9 Mar, 10:00 and 11:00 https://a.example.org/offers"),
        ("Питання про", 5, "Питання про 9 Mar, 10:00 https://a.example.org/offers"),
        ("Питання " * 6, 1, "9 Mar, 10:00 https://a.example.org/offers"),
    ],
)
def test_where_the_words_take_more_room_the_first_time_and_the_link_stay(
    monkeypatch, words, number, said
):
    monkeypatch.setattr(letters, "_subject", lambda _kind, when: f"{words} {when}")
    times = [TEN + hour * HOUR for hour in range(number)]
    found = written(times=times, base_url="https://a.example.org").brief
    assert found == said
    assert one_text.fits(found)


def test_the_day_is_that_of_the_group():
    found = written(times=(TEN.replace(hour=6) + timedelta(days=1),))
    assert found.subject == "A question about Tuesday 9 March, 22:00"


@pytest.mark.parametrize("word", ["ride", "drive", "famil", "viaje", "maneja", "conduc"])
@pytest.mark.parametrize("language", i18n.languages())
@pytest.mark.parametrize("kind", list(PAGES))
def test_whoever_reads_along_learns_not_what_it_is_about(kind, language, word):
    with i18n.speaking(language):
        found = written(kind, base_url="https://example.org")
    assert word not in f"{found.subject}\n{found.text}\n{found.brief}".lower()


def test_its_links_lead_to_pages(app: Flask):
    known = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert {*PAGES.values(), OFF} <= known
