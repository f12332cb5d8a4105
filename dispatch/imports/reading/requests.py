"""Reading a sheet of requests: every row as a person would read it, or what to mend."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dispatch.i18n import gettext as _
from dispatch.imports.reading.addresses import AddressBook, Found, SeveralBranches
from dispatch.imports.reading.cells import Cells
from dispatch.imports.reading.contacts import read_family, read_name, read_note, read_phone
from dispatch.imports.reading.dates import DateHabit, DayOrder, habit_of, read_date
from dispatch.imports.reading.households import Households, Sighting
from dispatch.imports.reading.languages import read_languages
from dispatch.imports.reading.outcome import NoteKind, Refused, Taken, Unreadable
from dispatch.imports.reading.party import (
    Party,
    read_child_seats,
    read_count,
    read_purpose,
    read_yes_no,
)
from dispatch.imports.reading.returns import read_return
from dispatch.imports.reading.rows import RequestRow
from dispatch.imports.reading.tables import Table
from dispatch.imports.reading.times import read_time
from dispatch.imports.reading.words import fold
from dispatch.rides.models import Purpose

MOST_RIDERS = 8
"""Riders of one party: a car with more seats is a bus, and wants another licence."""
_CLOSE_TOGETHER = timedelta(hours=1)
"""Two appointments of one family this close are worth a question."""


@dataclass(frozen=True)
class _Reading:
    """What holds for every row of a sheet: where, when, and how it writes its dates."""

    book: AddressBook
    zone: ZoneInfo
    today: date
    habit: DateHabit
    most_riders: int


def read_requests(
    table: Table,
    book: AddressBook,
    *,
    zone: ZoneInfo,
    today: date,
    usual: DayOrder | None = None,
    most_riders: int = MOST_RIDERS,
) -> list[Taken[RequestRow] | Refused]:
    """Every row of a sheet of requests, taken or refused, in the order of the sheet.

    `usual` is how the group writes 03/08 where the file does not show it. `most_riders` is the
    largest party that any car can take.
    """
    habit = habit_of((row["date"] for row in table.rows), today=today, usual=usual)
    reading = _Reading(book, zone, today, habit, most_riders)
    rows = [Cells(row, table) for row in table.rows]
    sightings = [_sighting(cells, book) for cells in rows]
    households = Households(sightings)
    written: dict[object, int] = {}
    requests: list[RequestRow | None] = []
    for cells, sighting in zip(rows, sightings, strict=True):
        cells.refuse_repeated(tuple(fold(cells[name]) for name in sorted(table.headers)), written)
        households.compare(sighting, cells)
        home = households.home(sighting, cells)
        requests.append(_request(cells, sighting, home, reading))
    _compare_days(rows, requests)
    return [
        cells.outcome(cells.number, request) for cells, request in zip(rows, requests, strict=True)
    ]


def _sighting(cells: Cells, book: AddressBook) -> Sighting:
    home = cells.read("home", _home, book)
    cells.pass_on("home", home.notes if home else ())
    return Sighting(
        number=cells.number,
        family=cells.read("family", read_family) or "",
        home=home,
        contact=cells.read("contact", read_name) or "",
        phone=cells.read("phone", read_phone) or "",
    )


def _home(cell: str, book: AddressBook) -> Found:
    if not cell:
        raise Unreadable(_("The home is missing; write its address, or a meeting point instead."))
    return book.find(cell)


def _request(
    cells: Cells, sighting: Sighting, home: Found | None, reading: _Reading
) -> RequestRow | None:
    """The whole request, or None when a part of it cannot be read."""
    dropoff = _dropoff(cells, home, reading.book)
    day = cells.read("date", _coming_day, reading.habit, reading.today)
    appointment = cells.read("appointment", read_time)
    back = cells.read("back", read_return, appointment=appointment)
    cells.pass_on("back", back.notes if back else ())
    at = cells.read("appointment", _instant, day, appointment, reading.zone)
    return_at = cells.read("back", _instant, day, back.at if back else None, reading.zone)
    party = _party(cells, reading.most_riders)
    language, purpose = _language(cells), _purpose(cells)
    note = cells.read("note", read_note)
    if not sighting.phone:
        cells.note_on("phone", NoteKind.CONFIRM, _("There is no phone number to call."))
    if home is None or dropoff is None or day is None or at is None:
        return None
    if back is None or party is None or note is None:
        return None
    return RequestRow(
        family=sighting.family,
        contact=sighting.contact,
        phone=sighting.phone,
        language=language,
        home=home,
        dropoff=dropoff,
        service_on=day,
        appointment_at=at,
        return_kind=back.kind,
        return_at=return_at,
        party=party,
        purpose=purpose,
        note=note,
    )


def _dropoff(cells: Cells, home: Found | None, book: AddressBook) -> Found | None:
    """Where the ride goes; a chain's branch is only chosen where the home is known."""
    dropoff = cells.read("to", _find_dropoff, home, book)
    if dropoff is None:
        return None
    cells.pass_on("to", dropoff.notes)
    if home is not None and home.point == dropoff.point:
        cells.problem_on("to", _("The ride would end where it begins; mend one of the two."))
    return dropoff


def _find_dropoff(cell: str, home: Found | None, book: AddressBook) -> Found | None:
    if home is not None:
        return book.find(cell, near=home.point)
    try:
        return book.find(cell)
    except SeveralBranches:
        # The row's problem is its home; which branch is meant follows from it.
        return None


def _coming_day(cell: str, habit: DateHabit, today: date) -> date:
    day = read_date(cell, habit)
    if day < today:
        raise Unreadable(
            _("%(cell)s is %(day)s, which is past; mend the date.", cell=cell, day=day.isoformat())
        )
    return day


def _instant(_cell: str, day: date | None, at: time | None, zone: ZoneInfo) -> datetime | None:
    """The instant of a wall time, in UTC. Of an hour that comes twice in autumn, the first.

    Raises
        Unreadable: an hour that the clocks leap over in spring.
    """
    if day is None or at is None:
        return None
    instant = datetime.combine(day, at, zone).astimezone(UTC)
    if instant.astimezone(zone).time() != at:
        raise Unreadable(
            _(
                "%(time)s does not exist on %(day)s: the clocks go forward that night.",
                time=f"{at:%H:%M}",
                day=day.isoformat(),
            )
        )
    return instant


def _party(cells: Cells, most: int) -> Party | None:
    adults = cells.read("adults", read_count, blank=None)
    children = cells.read("kids", read_count)
    seats = cells.read("child_seats", read_child_seats)
    wheelchair = cells.read("wheelchair", read_yes_no)
    if adults is None or children is None or seats is None or wheelchair is None:
        return None
    party = Party(adults, children, seats, wheelchair)
    if party.riders < 1:
        cells.problem_on("adults", _("Nobody rides; write how many."))
    if party.riders > most:
        cells.problem_on(
            "adults",
            _(
                "%(riders)s riders are more than any car takes (%(most)s); divide the party.",
                riders=party.riders,
                most=most,
            ),
        )
    if children and not adults:
        cells.note_on("adults", NoteKind.CONFIRM, _("The children ride without an adult."))
    if sum(seats.values()) > children:
        sentence = _(
            "More child seats (%(seats)s) than children (%(children)s); both taken as written.",
            seats=sum(seats.values()),
            children=children,
        )
        cells.note_on("child_seats", NoteKind.CONFIRM, sentence)
    return party


def _language(cells: Cells) -> str | None:
    """The first language written: the one the family is spoken to in."""
    languages = cells.read("language", read_languages)
    return languages[0] if languages else None


def _purpose(cells: Cells) -> Purpose:
    purpose = read_purpose(cells["purpose"])
    if purpose is None:
        cells.note_on("purpose", NoteKind.READ, _("No known purpose; taken as other."))
    return purpose or Purpose.OTHER


def _compare_days(rows: list[Cells], requests: list[RequestRow | None]) -> None:
    """Hold each request that can be taken against the earlier ones of its family on that day."""
    earlier: dict[object, list[tuple[int, RequestRow]]] = defaultdict(list)
    for cells, request in zip(rows, requests, strict=True):
        if request is None or cells.problems:
            continue
        others = earlier[request.family, request.service_on]
        for number, other in others:
            _compare(cells, request, number, other)
        others.append((cells.number, request))


def _compare(cells: Cells, request: RequestRow, number: int, other: RequestRow) -> None:
    apart = abs(request.appointment_at - other.appointment_at)
    if not apart and request.dropoff.label == other.dropoff.label:
        cells.problem(
            _("Row %(row)s asks for the same ride in other words; keep one of the two.", row=number)
        )
    elif apart < _CLOSE_TOGETHER:
        cells.note_on(
            "appointment",
            NoteKind.CONFIRM,
            _("Row %(row)s has the family elsewhere within the hour.", row=number),
        )
