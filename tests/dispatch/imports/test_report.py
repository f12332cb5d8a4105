"""What an import tells."""

from dispatch.i18n import speaking
from dispatch.imports.reading.outcome import Note, NoteKind, Problem
from dispatch.imports.report import Report, RowReport, RowState

TAKEN = RowReport(
    2, RowState.TAKEN, "F001", notes=(Note(NoteKind.CONFIRM, "The nearest of two.", "To"),)
)
REFUSED = RowReport(10, RowState.REFUSED, problems=(Problem("Nobody rides."),))


def test_sentences_stand_below_their_row_with_their_column():
    lines = Report("requests", [TAKEN, REFUSED]).lines()
    assert [line.strip() for line in lines] == [
        "2  taken    F001",
        "To: The nearest of two.",
        "10  refused",
        "Nobody rides.",
        "2 rows: 1 taken, 0 on record already, 1 refused.",
    ]


def test_states_are_said_in_the_language_spoken_and_stand_under_each_other():
    with speaking("es"):
        lines = Report("requests", [TAKEN, REFUSED]).lines()
    assert not [line for line in lines if "taken" in line or "refused" in line]
    assert lines[0].index("F001") == lines[1].index("To: The nearest of two.")


def test_columns_that_were_not_read_are_named():
    assert "Columns that were not read: Colour." in Report("requests", [], ("Colour",)).lines()


def test_another_program_reads_the_same():
    told = Report("requests", [TAKEN, REFUSED]).to_dict()
    assert told["counts"] == {"taken": 1, "known": 0, "refused": 1}
    assert told["rows"][0]["notes"] == [
        {"column": "To", "kind": "confirm", "sentence": "The nearest of two."}
    ]
    assert told["rows"][1]["problems"] == [{"column": None, "sentence": "Nobody rides."}]


def test_something_is_to_be_mended_only_where_a_row_was_refused():
    assert Report("requests", [TAKEN, REFUSED]).has_refused
    assert not Report("requests", [TAKEN]).has_refused


def test_what_a_row_says_of_people_is_not_printed_by_accident():
    assert "F001" not in repr(TAKEN)
    assert "nearest" not in repr(TAKEN)
