"""Rows about one family, held side by side."""

from dispatch.imports.reading.addresses import Found, Match
from dispatch.imports.reading.households import Households, Sighting
from dispatch.imports.reading.known import Point
from dispatch.imports.reading.outcome import Findings, NoteKind

ALDER = Found(Match.EXACT, Point(49.25, -123.1), "12 Alder Street")
ELM = Found(Match.EXACT, Point(49.26, -123.1), "9 Elm Street")


def _at(found: Found, unit: str) -> Found:
    return Found(found.match, found.point, found.label, unit)


def _row(
    number: int,
    home: Found | None = ALDER,
    *,
    family: str = "F001",
    contact: str = "Ana",
    phone: str = "604-555-0001",
) -> Sighting:
    return Sighting(number, family, home, contact, phone)


def _compared(first: Sighting, second: Sighting, *more: Sighting) -> Findings:
    """What is found when `second` is held against the rows."""
    findings = Findings()
    Households([first, second, *more]).compare(second, findings)
    return findings


def _said(findings: Findings) -> list[str]:
    return [one.sentence for one in (*findings.problems, *findings.notes)]


def test_rows_that_agree_have_nothing_to_say():
    assert _said(_compared(_row(2), _row(3))) == []


def test_another_home_is_a_problem_that_names_the_first_row():
    findings = _compared(_row(2), _row(3, ELM))
    assert [problem.sentence for problem in findings.problems] == [
        "Family F001 has another home in row 2; mend the number or the address."
    ]


def test_the_first_row_is_not_held_against_itself():
    findings, first = Findings(), _row(2)
    Households([first, _row(3, ELM)]).compare(first, findings)
    assert _said(findings) == []


def test_other_families_may_live_where_they_like():
    assert _said(_compared(_row(2), _row(3, ELM, family="F002"))) == []


def test_another_contact_or_phone_is_to_be_confirmed():
    findings = _compared(_row(2), _row(3, contact="Luz", phone="604-555-0009"))
    assert findings.problems == []
    assert [(note.kind, note.sentence) for note in findings.notes] == [
        (NoteKind.CONFIRM, "Row 2 has another contact for this family."),
        (NoteKind.CONFIRM, "Row 2 has another phone for this family."),
    ]


def test_another_spelling_and_an_empty_cell_are_no_other_contact():
    assert _said(_compared(_row(2), _row(3, contact=" ANÁ", phone="(604) 555 0001"))) == []
    assert _said(_compared(_row(2), _row(3, contact="", phone=""))) == []


def test_a_row_whose_home_could_not_be_read_is_no_measure_for_others():
    assert _said(_compared(_row(2, None), _row(3, ELM))) == []


def test_two_units_of_one_house_are_two_homes():
    assert _compared(_row(2, _at(ALDER, "4B")), _row(3, _at(ALDER, "5"))).problems
    assert not _compared(_row(2, _at(ALDER, "4B")), _row(3, _at(ALDER, "4B"))).problems


def test_a_unit_left_out_is_taken_from_the_row_that_has_it():
    rows, findings = [_row(2), _row(3, _at(ALDER, "4B"))], Findings()
    assert Households(rows).home(rows[0], findings) == _at(ALDER, "4B")
    assert _said(findings) == ["Unit 4B taken from row 3."]


def test_a_unit_is_neither_replaced_nor_chosen_nor_taken_from_another_house():
    own = _row(4, _at(ALDER, "7"))
    bare = _row(2)
    for row, rows in (
        (own, [own, _row(5, _at(ALDER, "4B"))]),
        (bare, [bare, _row(3, _at(ALDER, "4B")), _row(4, _at(ALDER, "5"))]),
        (bare, [bare, _row(3, _at(ELM, "4B"))]),
        (bare, [bare, _row(3, _at(ALDER, "4B"), family="F002")]),
    ):
        findings = Findings()
        assert Households(rows).home(row, findings) == row.home
        assert _said(findings) == []


def test_a_sighting_keeps_the_family_out_of_its_repr():
    assert not {"Ana", "Alder", "604"} & set(
        repr(_row(2)).replace("'", " ").replace("-", " ").split()
    )
