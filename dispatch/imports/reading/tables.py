"""From the bytes of a file to rows of named cells: forgiving in form, exact in what is missing."""

import csv
import io
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from dispatch.i18n import gettext as _
from dispatch.imports.reading.outcome import Unreadable
from dispatch.imports.reading.words import squash

DELIMITERS = (",", ";", "\t", "|")
HEADER_WITHIN = 10
"""People put a title above the header; it is looked for in this many rows."""
MOST_CELL_CHARACTERS = 20_000

_NOT_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF")
"""How workbooks of Excel and LibreOffice begin, and PDF."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SEPARATOR_LINE = re.compile(r'^"?sep=(.)"?\n', re.IGNORECASE)


@dataclass(frozen=True)
class Layout:
    """The columns one kind of sheet has, and how large such a sheet may be."""

    columns: Mapping[str, tuple[str, ...]]
    """Field to the names people give its column; the first is shown in sentences."""
    required: frozenset[str]
    most_rows: int
    most_bytes: int


@dataclass(frozen=True)
class TableRow:
    """One row: `number` as the spreadsheet shows it, a text for every field of the layout."""

    number: int
    cells: Mapping[str, str] = field(repr=False)
    surplus: int = 0
    """Filled cells to the right of the last header."""

    def __getitem__(self, name: str) -> str:
        return self.cells[name]


@dataclass(frozen=True)
class Table:
    """The rows of a sheet that hold something."""

    rows: tuple[TableRow, ...]
    headers: Mapping[str, str]
    """Field to its header as the file writes it; fields without a column are absent."""
    ignored: tuple[str, ...]
    """Headers that stand for no field."""

    def header(self, name: str) -> str:
        """The column's name as the file writes it, or the field's own when it has none."""
        return self.headers.get(name, name)


def read_table(data: bytes, layout: Layout) -> Table:
    """The rows of a CSV file.

    UTF-8 and UTF-16 with or without a byte order mark, else Windows-1252; comma, semicolon, tab or
    bar, whichever makes sense of the header. Cells are text and stay
    text: "=1+1" is four characters.

    Raises
        Unreadable: not a table, too large, or a column is missing.
    """
    if len(data) > layout.most_bytes:
        raise Unreadable(
            _(
                "The file is larger than %(most)s kB; split it in parts.",
                most=layout.most_bytes // 1000,
            )
        )
    records = _best_records(_decode(data), layout)
    found = _find_header(records, layout)
    if found is None:
        raise Unreadable(_missing_columns(records, layout))
    position, columns = found
    header = records[position]
    _refuse_doubles(header, layout, columns)
    rows = tuple(
        row
        for number, record in enumerate(records[position + 1 :], start=position + 2)
        if (row := _row(number, record, columns, layout, len(header))) is not None
    )
    if len(rows) > layout.most_rows:
        raise Unreadable(
            _(
                "The file has %(rows)s rows, more than %(most)s; split it in parts.",
                rows=len(rows),
                most=layout.most_rows,
            )
        )
    ignored = tuple(h for i, h in enumerate(header) if h and i not in columns.values())
    return Table(rows, {name: header[i] for name, i in columns.items()}, ignored)


def _decode(data: bytes) -> str:
    if data.startswith(_NOT_TEXT):
        raise Unreadable(_("This is a workbook or a PDF; save the sheet as CSV and try again."))
    for encoding in (_unicode_encoding(data), "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        return unicodedata.normalize("NFC", lines)
    raise Unreadable(_("The file is not text in a known encoding; save the sheet as CSV UTF-8."))


def _unicode_encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    # Without a mark, the zero bytes of Latin letters still tell UTF-16 and its byte order.
    start = data[:200]
    if start[1::2].count(0) > len(start) // 4:
        return "utf-16-le"
    if start[0::2].count(0) > len(start) // 4:
        return "utf-16-be"
    return "utf-8"


def _best_records(text: str, layout: Layout) -> list[list[str]]:
    """The file cut at the delimiter that makes most of its header known."""
    separator = _SEPARATOR_LINE.match(text)
    if separator:
        # A line for the spreadsheet program itself, which does not show it as a row.
        return _records(text[separator.end() :], separator[1])
    head = "".join(io.StringIO(text).readlines()[:HEADER_WITHIN])
    if not head.strip():
        raise Unreadable(_("The file is empty."))
    best = max(DELIMITERS, key=lambda delimiter: _known_columns(head, delimiter, layout))
    return _records(text, best)


def _known_columns(head: str, delimiter: str, layout: Layout) -> int:
    lines = csv.reader(io.StringIO(head), delimiter=delimiter)
    try:
        return max((len(_columns(record, layout)) for record in lines), default=0)
    except csv.Error:
        return 0


def _records(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[list[str]] = []
    try:
        for record in reader:
            records.append([_clean(cell) for cell in record])
    except csv.Error as error:
        raise Unreadable(
            _(
                "Row %(row)s cannot be read: a quotation mark stands alone or is never closed.",
                row=len(records) + 1,
            )
        ) from error
    return records


def _clean(cell: str) -> str:
    return _CONTROL.sub("", cell).strip()


def _field_of(layout: Layout) -> dict[str, str]:
    return {squash(name): field for field, many in layout.columns.items() for name in many}


def _columns(record: list[str], layout: Layout) -> dict[str, int]:
    """Field to position, for the headers in `record` that are known; of two alike the first."""
    fields = _field_of(layout)
    columns: dict[str, int] = {}
    for position, cell in enumerate(record):
        if name := fields.get(squash(cell)):
            columns.setdefault(name, position)
    return columns


def _refuse_doubles(header: list[str], layout: Layout, columns: Mapping[str, int]) -> None:
    fields = _field_of(layout)
    for position, cell in enumerate(header):
        name = fields.get(squash(cell))
        if name is not None and columns[name] != position:
            raise Unreadable(
                _(
                    "Two columns mean the same: %(one)s and %(other)s. Keep one of them.",
                    one=header[columns[name]],
                    other=cell,
                )
            )


def _find_header(records: list[list[str]], layout: Layout) -> tuple[int, dict[str, int]] | None:
    for position, record in enumerate(records[:HEADER_WITHIN]):
        if sum(bool(cell) for cell in record) < len(layout.required):
            continue
        columns = _columns(record, layout)
        if layout.required <= columns.keys():
            return position, columns
    return None


def _missing_columns(records: list[list[str]], layout: Layout) -> str:
    candidates = [record for record in records[:HEADER_WITHIN] if any(record)]
    if not candidates:
        return _("The file is empty.")
    header = max(candidates, key=lambda record: len(_columns(record, layout)))
    known = _columns(header, layout)
    missing = [
        names[0] for name, names in layout.columns.items() if name in layout.required - known.keys()
    ]
    found = [cell[:40] for cell in header if cell][:30]
    return _(
        "Missing columns: %(missing)s. The file has: %(found)s.",
        missing=", ".join(missing),
        found=", ".join(found),
    )


def _row(
    number: int, record: list[str], columns: Mapping[str, int], layout: Layout, width: int
) -> TableRow | None:
    if not any(record):
        return None
    for cell in record:
        if len(cell) > MOST_CELL_CHARACTERS:
            raise Unreadable(
                _(
                    "A cell in row %(row)s has more than %(most)s characters; shorten it.",
                    row=number,
                    most=MOST_CELL_CHARACTERS,
                )
            )
    cells = dict.fromkeys(layout.columns, "")
    cells.update({name: record[i] for name, i in columns.items() if i < len(record)})
    return TableRow(number, cells, sum(bool(cell) for cell in record[width:]))
