"""The calendar file, read back by the library that reads anybody's."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from icalendar import Calendar

from dispatch import i18n
from dispatch.feeds.ics import Entry, file_of

AT = datetime(2027, 3, 9, 17, 30, tzinfo=UTC)
UID = UUID("6f1c8a52-0f0e-4a6f-9c39-7c7a3b0a2d11")
LINK = "https://rides.example.org/today"


def an_entry(**values):
    facts = {
        "uid": UID,
        "between": (AT, AT + timedelta(minutes=30)),
        "is_promised": True,
        "changed_at": AT - timedelta(days=1),
    }
    return Entry(**{**facts, **values})


def events(*found):
    return Calendar.from_ical(file_of(found, link=LINK)).walk("VEVENT")


def test_a_ride_is_about_when_it_is_and_leads_to_the_own_page():
    (event,) = events(an_entry())
    assert (event["dtstart"].dt, event["dtend"].dt) == (AT, AT + timedelta(minutes=30))
    assert (str(event["summary"]), event["status"], event["class"]) == (
        "Pickup of a ride",
        "CONFIRMED",
        "PRIVATE",
    )
    assert (str(event["url"]), str(event["uid"])) == (LINK, str(UID))
    assert set(event) == {
        *("UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "URL", "CLASS")
    }


def test_an_offer_is_a_question():
    (event,) = events(an_entry(is_promised=False))
    assert (str(event["summary"]), event["status"]) == ("A ride waits for your answer", "TENTATIVE")


def test_a_moment_takes_five_minutes():
    (event,) = events(an_entry(between=(AT, AT)))
    assert event["dtend"].dt - event["dtstart"].dt == timedelta(minutes=5)


def test_it_speaks_the_language_spoken_now():
    with i18n.speaking("es"):
        (event,) = events(an_entry())
    assert "Recogida" in str(event["summary"])


def test_without_rides_it_is_an_empty_calendar():
    assert events() == []
