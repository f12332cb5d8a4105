"""One row's cells: read under the names of the file's columns."""

from dispatch.imports.reading.cells import MOST_CHARACTERS, Cells
from dispatch.imports.reading.outcome import Note, NoteKind, Problem, Unreadable
from dispatch.imports.reading.tables import Table, TableRow

HEADERS = {"home": "Domicilio", "note": "Nota"}


def _cells(home: str = "", note: str = "", *, number: int = 2, surplus: int = 0) -> Cells:
    row = TableRow(number, {"home": home, "note": note, "phone": ""}, surplus)
    return Cells(row, Table((row,), HEADERS, ()))


def _loud(cell: str, *, mark: str = "!") -> str:
    if not cell:
        raise Unreadable("The cell is empty.")
    return cell.upper() + mark


def test_a_cell_is_read_with_what_the_reader_needs_besides():
    assert _cells("alder").read("home", _loud, mark="?") == "ALDER?"


def test_a_problem_is_told_under_the_files_own_name_of_the_column():
    cells = _cells()
    assert cells.read("home", _loud) is None
    assert cells.problems == [Problem("The cell is empty.", "Domicilio")]


def test_a_field_without_a_column_has_its_own_name():
    cells = _cells()
    cells.note_on("phone", NoteKind.CONFIRM, "There is none.")
    assert cells.notes == [Note(NoteKind.CONFIRM, "There is none.", "phone")]


def test_a_cell_too_long_to_be_understood_is_not_read():
    cells = _cells("x" * (MOST_CHARACTERS + 1))
    assert cells.read("home", _loud) is None
    sentence = f"The cell has {MOST_CHARACTERS + 1} characters; keep it to {MOST_CHARACTERS}."
    assert cells.problems == [Problem(sentence, "Domicilio")]
    assert _cells("x" * MOST_CHARACTERS).read("home", _loud) is not None


def test_a_note_may_be_longer_and_has_its_own_limit():
    assert _cells(note="x" * 5000).read("note", len) == 5000


def test_notes_found_while_reading_are_passed_on_with_the_column():
    cells = _cells()
    cells.pass_on("home", (Note(NoteKind.READ, "Mended."), Note(NoteKind.CONFIRM, "Look.")))
    assert [(note.kind, note.column) for note in cells.notes] == [
        (NoteKind.READ, "Domicilio"),
        (NoteKind.CONFIRM, "Domicilio"),
    ]


def test_cells_beyond_the_header_are_a_problem_at_once():
    assert _cells().problems == []
    (problem,) = _cells(surplus=1).problems
    assert problem.sentence.startswith("The row has more cells than the header;")


def test_the_second_of_two_rows_that_say_the_same_is_refused():
    seen: dict[object, int] = {}
    first, other, second = _cells(number=2), _cells(number=3), _cells(number=4)
    first.refuse_repeated("alder", seen)
    other.refuse_repeated("elm", seen)
    second.refuse_repeated("alder", seen)
    assert (first.problems, other.problems) == ([], [])
    assert second.problems == [Problem("The same as row 2; remove one of the two.")]
