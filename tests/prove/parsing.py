"""`python -m tests.prove.parsing PARSER RUNS`: input thought up for one parser, led by what it
reaches; whatever the parser raises besides its own refusals ends the process with a failure."""

import sys
from collections.abc import Callable
from datetime import date
from types import MappingProxyType

import atheris

with atheris.instrument_imports(include=["dispatch.imports", "dispatch.places", "dispatch.people"]):
    from dispatch.drivers import forms as drivers
    from dispatch.families import forms as families
    from dispatch.imports.reading import availability, contacts, dates, languages, party, times
    from dispatch.imports.reading.outcome import Unreadable
    from dispatch.imports.rules import Sheet, sheet_of, table_of
    from dispatch.people import forms as people
    from dispatch.people import rules
    from dispatch.places import forms as places
    from dispatch.places.gazetteer import question
    from dispatch.rides import forms as rides

from werkzeug.datastructures import MultiDict

TODAY = date(2027, 3, 8)
FIELDS = MappingProxyType(
    {
        drivers.parse_week: ("day-0-0-from", "day-0-0-to", "day-3-1-from"),
        drivers.parse_ranges: ("0-from", "0-to", "1-from"),
        drivers.parse_away: ("from", "to"),
        families.parse: (
            "number",
            "name",
            "phone",
            "adults",
            "new-0-name",
            "home-line",
            "home-lat",
        ),
        people.parse_profile: ("name", "phone", "language"),
        people.parse_group: ("name", "time_zone", "latitude", "longitude", "most_seats"),
        places.parse: ("name", "kind", "address", "lat", "lon", "latitude", "longitude"),
        rides.parse: ("family", "day", "leave", "arrive", "back", "adults", "until", "notes"),
    }
)
"""Fields of the forms that are typed by hand."""


def _text(read: Callable[[str], object]) -> Callable[[bytes], object]:
    return lambda data: read(data.decode("utf-8", "replace"))


def _form(parse: Callable[[MultiDict], object]) -> Callable[[bytes], object]:
    def read(data: bytes) -> object:
        texts = data.decode("utf-8", "replace").split("|")
        return parse(MultiDict(zip(FIELDS[parse], texts, strict=False)))

    return read


def _sheets(data: bytes) -> None:
    sheet = sheet_of(data)
    table_of(sheet, data)
    for other in Sheet:
        table_of(other, data)


def _dates(data: bytes) -> None:
    cells = data.decode("utf-8", "replace").split("|")
    habit = dates.habit_of(cells, today=TODAY)
    for cell in cells:
        dates.read_date(cell, habit)
        availability.read_away(cell, habit)


def _breaks(data: bytes) -> None:
    if data[:1] == b"q":
        raise LookupError("planted")


PARSERS: dict[str, Callable[[bytes], object]] = {
    "a sheet": _sheets,
    "dates": _dates,
    "a time": _text(times.read_time),
    "hours": _text(availability.read_hours),
    "a phone number": _text(contacts.read_phone),
    "a mail address": _text(contacts.read_mail),
    "a name": _text(contacts.read_name),
    "a note": _text(contacts.read_note),
    "a count": _text(party.read_count),
    "child seats": _text(party.read_child_seats),
    "yes or no": _text(party.read_yes_no),
    "a language": _text(languages.read_languages),
    "an address": _text(lambda text: question.readings(text, frozenset({"alder bay"}))),
    "a password": _text(rules.is_guessed_first),
    **{f"the form of {parse.__module__}.{parse.__name__}": _form(parse) for parse in FIELDS},
}
"""Everything that reads what people type or bring."""
PLANTED, TOGETHER = "planted", "together"


def _any(data: bytes) -> None:
    """One parser or another, as the first byte says."""
    readers = list(PARSERS.values())
    readers[data[0] % len(readers) if data else 0](data[1:])


def main(name: str, runs: int) -> None:
    """Let one parser, or all in turn, read `runs` inputs; ends the process."""
    parser = {PLANTED: _breaks, TOGETHER: _any, **PARSERS}[name]

    def read(data: bytes) -> None:
        try:
            parser(data)
        except Unreadable:
            return

    atheris.Setup(
        ["parsing", f"-runs={runs}", "-seed=27", "-max_len=300", "-print_final_stats=1"], read
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
