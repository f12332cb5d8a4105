"""Messages as families write them, in both languages, and what is understood of each."""

from datetime import date, time

import pytest

from dispatch.rides import pasted
from dispatch.rides.models import Anchor, Purpose, ReturnKind

TODAY = date(2027, 3, 10)
"""A Wednesday."""
PLACES = ["Clinic", "Lakeview Clinic", "Riverside School", "Corte del Condado"]


def read(text, *, month_first=True):
    return pasted.read(text, today=TODAY, places=PLACES, month_first=month_first)


def march(day):
    return date(2027, 3, day)


@pytest.mark.parametrize(
    ("text", "day", "there", "back"),
    [
        ("tomorrow at 10:30, home around noon", march(11), time(10, 30), time(12)),
        ("Mañana a las 8 y media", march(11), time(8, 30), None),
        ("pasado mañana 10am dentista", march(12), time(10), None),
        (
            "el viernes a las 9 de la mañana y de regreso a las 11:30",
            march(12),
            time(9),
            time(11, 30),
        ),
        ("para el 12 de marzo a las 4 de la tarde", march(12), time(16), None),
        ("on March 12th at 7:45 a.m.", march(12), time(7, 45), None),
        ("this Saturday morning at 9, we are done at 10", march(13), time(9), time(10)),
        ("next Wednesday 13:10", march(17), time(13, 10), None),
        ("el 15 a las 6:30 de la mañana, regreso a las 10", march(15), time(6, 30), time(10)),
        ("quarter to nine today", march(10), time(8, 45), None),
        ("hoy a las nueve menos cuarto", march(10), time(8, 45), None),
        ("half past two on the 20th", march(20), time(14, 30), None),
        ("2027-04-02, 1030am", date(2027, 4, 2), time(10, 30), None),
        ("8 de enero a mediodía", date(2028, 1, 8), time(12), None),
        ("back at 3, there by 9 on Friday", march(12), time(9), time(15)),
        ("at 11 till 1 tomorrow", march(11), time(11), time(13)),
    ],
)
def test_days_and_times(text, day, there, back):
    found = read(text)
    assert (found.on, found.at, found.return_at) == (day, there, back)
    assert (found.return_kind is ReturnKind.FIXED) is (back is not None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ok thanks!",
        "call me at 604 555 0147",
        "we live at 1201 Wealthy Street, unit 14",
        "25:70 or 31/31 or 2027-13-45",
        "12345678901234567890",
    ],
)
def test_what_says_no_time_is_read_as_none(text):
    found = read(text)
    assert (found.on, found.at, found.return_at, found.return_kind) == (None, None, None, None)


def test_a_weekday_that_does_not_agree_and_a_date_of_two_meanings_are_doubtful():
    assert read("Friday 3/12 at 9").doubtful == {"on"}
    assert read("Thursday March 12, 9 am").doubtful == {"on"}
    assert read("Friday March 12, 9 am").doubtful == set()
    assert read("3/18 at 9 am").doubtful == set()
    assert read("tomorrow or on March 14").doubtful == {"on"}


def test_a_date_is_read_as_the_language_of_the_page_writes_it():
    assert read("4/5").on == date(2027, 4, 5)
    assert read("4/5", month_first=False).on == date(2027, 5, 4)
    assert read("18/3").on == read("3/18", month_first=False).on == march(18)


def test_small_hours_mean_the_afternoon_and_are_doubtful():
    assert (read("at 2").at, read("at 2").doubtful) == (time(14), {"at"})
    assert (read("at 7").at, read("at 7").doubtful) == (time(7), set())
    assert (read("02:30").at, read("02:30").doubtful) == (time(2, 30), set())
    assert read("at 9, back at 2 in the afternoon").doubtful == set()


def test_who_is_fetched_at_a_time_leaves_then_and_later_comes_back():
    fetched = read("pick me up at 9 tomorrow")
    assert (fetched.anchor, fetched.at, fetched.return_kind) == (Anchor.LEAVE_AT, time(9), None)
    both = read("cita a las 9, nos recogen a las 11")
    assert (both.anchor, both.at, both.return_at) == (Anchor.ARRIVE_BY, time(9), time(11))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("will call when done", ReturnKind.WILL_CALL),
        ("les aviso cuando salga", ReturnKind.WILL_CALL),
        ("can the driver wait for us?", ReturnKind.WAIT),
        ("que me espere, por favor", ReturnKind.WAIT),
        ("one way", ReturnKind.NONE),
        ("solo ida", ReturnKind.NONE),
    ],
)
def test_how_they_come_back(text, kind):
    assert read(f"tomorrow at 9, {text}").return_kind is kind


def test_a_ride_of_every_week_names_weekdays_and_no_day():
    found = read("every Monday and Wednesday at 8, home at 3")
    assert (found.on, found.weekdays) == (None, {0, 2})
    assert read("todos los martes a las 8").weekdays == {1}


def test_the_longest_name_of_a_place_wins_and_its_words_mean_nothing_else():
    assert read("to LAKEVIEW clinic tomorrow").place == "Lakeview Clinic"
    assert read("a la corte  del condado").place == "Corte del Condado"
    assert read("Lakeviewclinic").place is None
    assert read("to the Lakeview Clinic").purpose is None


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        ("dentista", Purpose.MEDICAL),
        ("to school", Purpose.SCHOOL),
        ("al trabajo", Purpose.WORK),
        ("court hearing", Purpose.LEGAL),
        ("banco de comida", Purpose.FOOD),
        ("somewhere", None),
    ],
)
def test_purposes(text, purpose):
    assert read(text).purpose is purpose


def test_who_rides():
    found = read("a las 9, somos 2 adultos y 1 niño en silla de ruedas")
    assert (found.adults, found.children, found.riders, found.wheelchair) == (2, 1, None, True)
    assert read("at 9 for three people").riders == 3
    assert read("regreso a las 10, somos 4").riders == 4
    assert read("pick up 2 kids at 3pm").children == 2
    assert read("500 people").riders is None


def test_what_stands_behind_so_many_characters_is_not_read():
    assert read("x " * 2_000 + "tomorrow").on is None
