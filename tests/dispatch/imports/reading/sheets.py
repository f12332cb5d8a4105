"""Small sheets for the tests: valid rows by default, so that a test names only what it is about."""

import csv
import io
from datetime import date
from zoneinfo import ZoneInfo

from dispatch.imports.reading.addresses import AddressBook
from dispatch.imports.reading.drivers import read_drivers
from dispatch.imports.reading.known import AddressRow, PlaceRow, Point
from dispatch.imports.reading.layouts import DRIVERS, REQUESTS
from dispatch.imports.reading.requests import read_requests
from dispatch.imports.reading.tables import read_table

ZONE = ZoneInfo("America/Vancouver")
TODAY = date(2027, 3, 1)
REQUEST = {
    "Date": "2027-03-09",
    "Family": "F001",
    "Contact": "Ana",
    "Language": "Spanish",
    "Phone": "604-555-0001",
    "Home": "12 Alder Street",
    "To": "Alder Clinic",
    "Appointment": "10:00",
    "Back": "12:00",
    "Adults": "1",
    "Kids": "0",
    "Car seats": "",
    "Wheelchair": "",
    "Purpose": "medical",
    "Note": "",
}
DRIVER = {
    "Driver": "Luz",
    "Email": "luz@example.org",
    "Home": "14 Alder Street",
    "Languages": "English",
    "Seats": "4",
    "Car seats": "",
    "Wheelchair": "",
    "Max min/day": "",
    "Max rides/week": "",
    "Mon": "all day",
    "Tue": "",
    "Away": "",
}


def an_address(
    number: str, street: str, lat: float = 49.25, lon: float = -123.1, city: str = "Bayside"
) -> AddressRow:
    """A known address."""
    return AddressRow(number, street, city, "", Point(lat, lon))


def a_place(name: str, lat: float = 49.26, lon: float = -123.1, kind: str = "clinic") -> PlaceRow:
    """A public place."""
    return PlaceRow(name, kind, Point(lat, lon), None)


def a_book(*more: AddressRow | PlaceRow) -> AddressBook:
    """A street with two houses, a clinic, and what else is asked for."""
    rows = [
        an_address("12", "Alder Street"),
        an_address("14", "Alder Street", 49.2503),
        a_place("Alder Clinic"),
        *more,
    ]
    return AddressBook(
        [row for row in rows if isinstance(row, AddressRow)],
        [row for row in rows if isinstance(row, PlaceRow)],
    )


def a_csv(rows: list[dict[str, str]]) -> bytes:
    """The rows as a file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def requests(*changes: dict[str, str], book: AddressBook | None = None, today: date = TODAY):
    """What comes of request rows that differ from the valid one by `changes`."""
    table = read_table(a_csv([REQUEST | change for change in changes]), REQUESTS)
    return read_requests(table, book or a_book(), zone=ZONE, today=today)


def drivers(*changes: dict[str, str]):
    """What comes of driver rows that differ from the valid one by `changes`."""
    table = read_table(a_csv([DRIVER | change for change in changes]), DRIVERS)
    return read_drivers(table, a_book(), today=TODAY)


def sentences(outcome) -> list[str]:
    """The sentences of a refused row."""
    return [problem.sentence for problem in outcome.problems]


def notes(outcome) -> list[str]:
    """The sentences of the notes on a row that was taken."""
    return [note.sentence for note in outcome.notes]
