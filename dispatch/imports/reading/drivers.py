"""Reading a sheet of drivers: the car, the week, the limits."""

from collections.abc import Mapping
from datetime import date

from dispatch.i18n import gettext as _
from dispatch.imports.reading.addresses import AddressBook, Found
from dispatch.imports.reading.availability import (
    Hours,
    dates_in_away,
    is_vague,
    read_away,
    read_hours,
)
from dispatch.imports.reading.cells import Cells
from dispatch.imports.reading.contacts import read_mail, read_name
from dispatch.imports.reading.dates import DateHabit, DayOrder, habit_of
from dispatch.imports.reading.languages import read_languages
from dispatch.imports.reading.outcome import NoteKind, Refused, Taken, Unreadable
from dispatch.imports.reading.party import (
    SeatKindUnknown,
    read_child_seats,
    read_count,
    read_yes_no,
)
from dispatch.imports.reading.rows import DriverRow
from dispatch.imports.reading.tables import Table
from dispatch.imports.reading.words import fold

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_SEATS = 20
MOST_MINUTES = 24 * 60


def read_drivers(
    table: Table, book: AddressBook, *, today: date, usual: DayOrder | None = None
) -> list[Taken[DriverRow] | Refused]:
    """Every row of a sheet of drivers, taken or refused, in the order of the sheet.

    `usual` is how the group writes 03/08 where the file does not show it. A driver is known by the
    mail address: the same one in two rows is refused.
    """
    dates = [written for row in table.rows for written in dates_in_away(row["away"])]
    habit = habit_of(dates, today=today, usual=usual)
    seen: dict[object, int] = {}
    return [_driver(Cells(row, table), book, habit, seen) for row in table.rows]


def _driver(
    cells: Cells, book: AddressBook, habit: DateHabit, seen: dict[object, int]
) -> Taken[DriverRow] | Refused:
    name = cells.read("name", _full_name)
    email = cells.read("email", read_mail)
    if email is not None:
        cells.refuse_repeated(email, seen)
    home = cells.read("home", _home, book)
    cells.pass_on("home", home.notes if home else ())
    languages = cells.read("languages", read_languages)
    seats = cells.read("seats", _limit, 1, MOST_SEATS)
    if seats is None and not cells["seats"]:
        cells.problem_on("seats", _("The number of seats for riders is missing."))
    child_seats, wheelchair = _child_seats(cells), cells.read("wheelchair", read_yes_no)
    minutes = cells.read("most_minutes", _limit, 1, MOST_MINUTES)
    rides = cells.read("most_rides", _limit, 1, 200)
    weekly, away = _weekly(cells), cells.read("away", read_away, habit)
    if not weekly and not cells.problems:
        cells.note(NoteKind.READ, _("No hours are offered; nothing is proposed to this driver."))
    if name is None or email is None or home is None or languages is None or seats is None:
        return cells.outcome(cells.number, None)
    if child_seats is None or wheelchair is None or away is None:
        return cells.outcome(cells.number, None)
    driver = DriverRow(
        name=name,
        email=email,
        home=home,
        languages=languages,
        seats=seats,
        child_seats=child_seats,
        wheelchair=wheelchair,
        most_drive_minutes=minutes,
        most_rides_week=rides,
        weekly=weekly,
        away=away,
    )
    return cells.outcome(cells.number, driver)


def _full_name(cell: str) -> str:
    if not cell:
        raise Unreadable(_("The name is missing."))
    return read_name(cell)


def _home(cell: str, book: AddressBook) -> Found:
    if not cell:
        raise Unreadable(_("The home is missing; write where the driver starts."))
    return book.find(cell)


def _limit(cell: str, least: int, most: int) -> int | None:
    """A number between the two, or None for an empty cell.

    Raises
        Unreadable: no number, or outside.
    """
    if not cell:
        return None
    number = read_count(cell)
    if not least <= number <= most:
        raise Unreadable(
            _(
                "%(cell)s is not between %(least)s and %(most)s.",
                cell=cell,
                least=least,
                most=most,
            )
        )
    return number


def _child_seats(cells: Cells) -> Mapping[str, int] | None:
    """Seats by kind. Those of an unknown kind are not counted, and somebody is to ask.

    A rider's seat of unknown kind refuses the row, a driver's does not: without it the driver still
    drives everybody who needs none.
    """
    try:
        return read_child_seats(cells["child_seats"])
    except SeatKindUnknown:
        sentence = _(
            "%(cell)s: child seats without their kind are not counted; ask which they are.",
            cell=cells["child_seats"],
        )
        cells.note_on("child_seats", NoteKind.CONFIRM, sentence)
        return {}
    except Unreadable as unreadable:
        cells.problem_on("child_seats", unreadable.sentence)
        return None


def _weekly(cells: Cells) -> Mapping[int, tuple[Hours, ...]]:
    weekly: dict[int, tuple[Hours, ...]] = {}
    vague: set[str] = set()
    for weekday, name in enumerate(WEEKDAYS):
        hours = cells.read(name, read_hours)
        if not hours:
            continue
        weekly[weekday] = hours
        cell = cells[name]
        if is_vague(cell) and fold(cell) not in vague:
            vague.add(fold(cell))
            spans = ", ".join(f"{h.start:%H:%M}-{h.end:%H:%M}" for h in hours)
            cells.note_on(
                name, NoteKind.READ, _("%(cell)s read as %(spans)s.", cell=cell, spans=spans)
            )
    return weekly
