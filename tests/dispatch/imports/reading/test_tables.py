"""Bytes to rows."""

import pytest

from dispatch.imports.reading.layouts import REQUESTS
from dispatch.imports.reading.outcome import Unreadable
from dispatch.imports.reading.tables import Layout, read_table

SHEET = Layout(
    {"family": ("Family", "Familia"), "back": ("Back", "Vuelta"), "note": ("Note",)},
    frozenset({"family", "back"}),
    most_rows=3,
    most_bytes=200,
)


def _refusal(data: bytes, layout: Layout = SHEET) -> str:
    with pytest.raises(Unreadable) as refusal:
        read_table(data, layout)
    return refusal.value.sentence


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_every_usual_encoding_is_read(encoding: str):
    table = read_table("Family,Back,Note\nF1,no,Niño\n".encode(encoding), SHEET)
    assert table.rows[0]["note"] == "Niño"


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_makes_sense_of_the_header(mark: str):
    text = f'Family{mark}Back{mark}Note\nF1{mark}no{mark}"a{mark}b"\n'
    assert read_table(text.encode(), SHEET).rows[0]["note"] == f"a{mark}b"


def test_rows_are_numbered_as_the_spreadsheet_shows_them():
    text = 'Family,Back,Note\n\nF1,no,"two\nlines"\n,,\nF2,no,\n'
    assert [row.number for row in read_table(text.encode(), SHEET).rows] == [3, 5]


def test_a_line_for_the_spreadsheet_program_is_no_row():
    rows = read_table(b"sep=;\r\nFamily;Back\r\nF1;no\r\n", SHEET).rows
    assert [(row.number, row["family"]) for row in rows] == [(2, "F1")]


def test_headers_are_matched_without_case_accents_and_in_spanish():
    table = read_table("  FAMÍLIA ,vuelta\nF1,no\n".encode(), SHEET)
    assert table.rows[0]["family"] == "F1"
    assert table.header("family") == "FAMÍLIA"


def test_a_title_above_the_header_is_passed_over():
    table = read_table(b"Week of 8 March,,\nFamily,Back,Note\nF1,no,\n", SHEET)
    assert [row.number for row in table.rows] == [3]


def test_a_missing_column_is_named_beside_what_was_found():
    assert _refusal(b"Family,Colour\nF1,red\n") == (
        "Missing columns: Back. The file has: Family, Colour."
    )


def test_two_columns_of_one_meaning_are_refused():
    assert "Family and Familia" in _refusal(b"Family,Familia,Back\nF1,F2,no\n")


def test_cells_that_look_like_headers_are_cells():
    assert read_table(b"Family,Back\nfamilia,Family\n", SHEET).rows[0]["back"] == "Family"


def test_unknown_columns_are_told():
    assert read_table(b"Family,Back,Colour\nF1,no,red\n", SHEET).ignored == ("Colour",)


def test_cells_beyond_the_header_are_counted():
    assert read_table(b"Family,Back\nF1,no,12,,Street\n", SHEET).rows[0].surplus == 2


def test_a_formula_is_text():
    assert read_table(b'Family,Back\nF1,"=1+1"\n', SHEET).rows[0]["back"] == "=1+1"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"PK\x03\x04rest", "workbook"),
        (b"Family,Back\n" + b"F1,no\n" * 4, "4 rows"),
        (b"Family,Back\n" + b"x" * 200, "larger"),
        (b'Family,Back\nF1,no\n"F2,no\n', "Row 3"),
    ],
)
def test_what_is_no_sheet_is_refused_with_a_reason(data: bytes, said: str):
    assert said in _refusal(data)


def test_a_cell_as_long_as_a_book_is_refused():
    header = ",".join(names[0] for names in REQUESTS.columns.values())
    said = _refusal(f"{header}\n{'x' * 30_000}\n".encode(), REQUESTS)
    assert said.startswith("A cell in row 2 has more than")


def test_lines_may_end_as_on_any_machine():
    for end in ("\n", "\r\n", "\r"):
        rows = read_table(f"Family,Back{end}F1,no{end}F2,no{end}".encode(), SHEET).rows
        assert [row.number for row in rows] == [2, 3]
