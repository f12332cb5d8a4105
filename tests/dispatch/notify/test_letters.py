"""What a letter says: a time and a link."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from dispatch import i18n
from dispatch.notify.letters import OFF, PAGES, letter
from dispatch.notify.models import MessageKind
from tests.build import DAY, TEN
from tests.conftest import NOW

UID = UUID(int=7)


def written(kind=MessageKind.RIDE_OFFERED, asked_at=TEN, base_url="https://rides.example.org"):
    zone = ZoneInfo("America/Vancouver")
    return letter(kind, day=DAY, asked_at=asked_at, zone=zone, base_url=base_url, uid=UID, now=NOW)


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
    assert written(asked_at=None).subject == "A question about Tuesday 9 March"


def test_the_day_is_that_of_the_group():
    found = written(asked_at=TEN.replace(hour=6) + timedelta(days=1))
    assert found.subject == "A question about Tuesday 9 March, 22:00"


@pytest.mark.parametrize("word", ["ride", "drive", "famil", "viaje", "maneja", "conduc"])
@pytest.mark.parametrize("language", i18n.languages())
@pytest.mark.parametrize("kind", list(PAGES))
def test_whoever_reads_along_learns_not_what_it_is_about(kind, language, word):
    with i18n.speaking(language):
        found = written(kind, base_url="https://example.org")
    assert word not in f"{found.subject}\n{found.text}".lower()


def test_its_links_lead_to_pages(app: Flask):
    known = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert {*PAGES.values(), OFF} <= known
