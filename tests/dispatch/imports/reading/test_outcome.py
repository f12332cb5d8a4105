"""Values with notes, or sentences that say why not."""

import traceback

from dispatch.imports.reading.outcome import (
    Findings,
    Note,
    NoteKind,
    Problem,
    Refused,
    Taken,
    Unreadable,
)


def _halved(number: int) -> int:
    if number % 2:
        raise Unreadable(f"{number} is odd.")
    return number // 2


def test_a_row_with_a_value_and_no_problem_is_taken_with_its_notes():
    findings = Findings()
    assert findings.attempt("Number", _halved, 8) == 4
    findings.note(NoteKind.CONFIRM, "Look again.", "Number")
    note = Note(NoteKind.CONFIRM, "Look again.", "Number")
    assert findings.outcome(3, 4) == Taken(3, 4, (note,))


def test_a_row_with_a_problem_is_refused_even_with_a_value():
    findings = Findings()
    assert findings.attempt("Number", _halved, 7) is None
    assert findings.outcome(3, 4) == Refused(3, (Problem("7 is odd.", "Number"),))


def test_all_problems_are_told_at_once_in_order():
    findings = Findings()
    findings.problem("The row is odd.")
    findings.attempt("Number", _halved, 7)
    told = [(problem.sentence, problem.column) for problem in findings.outcome(3, None).problems]
    assert told == [("The row is odd.", None), ("7 is odd.", "Number")]


def test_a_row_without_a_value_is_refused():
    assert Findings().outcome(3, None) == Refused(3, ())


def test_what_may_quote_an_address_is_neither_printed_nor_traced():
    told = "12 Alder Street is not known."
    shown = [
        repr(Note(NoteKind.READ, told)),
        repr(Problem(told)),
        repr(Taken(1, told, (Note(NoteKind.READ, told),))),
        "".join(traceback.format_exception(Unreadable(told))),
        repr(Unreadable(told)),
    ]
    assert [text for text in shown if "Alder" in text] == []
