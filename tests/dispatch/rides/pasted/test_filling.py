"""What a message puts into the form, and what is said about it."""

from datetime import date, time

from dispatch.i18n import speaking
from dispatch.rides.models import Anchor, Purpose, ReturnKind
from dispatch.rides.pasted import Reading, filling

FULL = Reading(
    on=date(2027, 3, 11),
    at=time(8, 5),
    anchor=Anchor.ARRIVE_BY,
    place="Lakeview Clinic",
    return_kind=ReturnKind.FIXED,
    return_at=time(14, 30),
    adults=1,
    children=2,
    wheelchair=True,
    purpose=Purpose.MEDICAL,
    doubtful={"on"},
)


def test_a_whole_message_fills_the_form():
    assert filling.values(FULL, 1) == {
        "day": "2027-03-11",
        "time": "08:05",
        "anchor": "arrive_by",
        "dropoff": "Lakeview Clinic",
        "return": "fixed",
        "back": "14:30",
        "adults": 1,
        "children": 2,
        "wheelchair": True,
        "purpose": "medical",
    }


def test_what_was_not_said_stays_as_it_is():
    assert filling.values(Reading(), 1) == {}
    assert filling.values(Reading(weekdays={2, 0}), 1) == {"weekdays": ["0", "2"]}


def test_how_many_ride_counts_only_if_it_is_news():
    assert filling.values(Reading(riders=3), 3) == {}
    assert filling.values(Reading(riders=4), 3) == {"adults": 4, "children": 0}


def test_what_was_understood_is_told_in_both_languages():
    assert filling.told(FULL) == [
        "Lakeview Clinic",
        "Thursday 11 March",
        "arrive by 08:05",
        "back at 14:30",
        "1 adult",
        "2 children",
        "Wheelchair",
    ]
    assert filling.doubts(FULL) == ["the day"]
    with speaking("es"):
        told = filling.told(Reading(on=date(2027, 3, 11), return_kind=ReturnKind.WILL_CALL))
    assert told[0] == "jueves 11 de marzo"
    assert len(told) == 2
    assert filling.told(Reading(at=time(9), anchor=Anchor.LEAVE_AT)) == ["leave at 09:00"]
    assert filling.told(Reading()) == []


def test_families_are_known_by_number_or_phone():
    known = ["F007", "F118"]
    assert filling.numbers_in("Hola, f118 aquí", known) == ["F118"]
    assert filling.numbers_in("F1189", known) == []
    assert filling.phones_in("me at +1 (604) 555-0147, thanks") == ["+1 (604) 555-0147"]
    assert filling.phones_in("at 10:30 for 2") == []
