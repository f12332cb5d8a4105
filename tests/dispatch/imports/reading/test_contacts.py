"""Whom to ask for, read from a cell."""

import pytest

from dispatch.imports.reading.contacts import (
    read_family,
    read_mail,
    read_name,
    read_note,
    read_phone,
)
from dispatch.imports.reading.outcome import Unreadable


def _refusal(read, cell: str) -> str:
    with pytest.raises(Unreadable) as refusal:
        read(cell)
    return refusal.value.sentence


@pytest.mark.parametrize("cell", ["F001", " f 001", "f001\u00a0"])
def test_a_familys_number_is_one_word_in_capitals(cell: str):
    assert read_family(cell) == "F001"


def test_a_family_needs_a_number_and_a_short_one():
    assert _refusal(read_family, "  ") == "The family's number is missing."
    said = _refusal(read_family, "F" * 100)
    assert said == f"{'F' * 40} is no family's number: it has more than 12 characters."
    assert read_family("F" * 12) == "F" * 12


@pytest.mark.parametrize("cell", ["Ana", "👩‍👧 Luz", "مريم يوسف", ""])
def test_a_name_may_be_in_any_script_or_missing(cell: str):
    assert read_name(cell) == cell


def test_a_name_is_one_line_of_at_most_eighty_characters():
    assert read_name(" Ana \n María ") == "Ana María"
    assert read_name("x" * 80) == "x" * 80
    assert _refusal(read_name, "x" * 81) == "The name has 81 characters; keep it to 80."


@pytest.mark.parametrize(
    "cell", ["604-555-0100", "+1 (604) 555.0100", "555 0100", "604 555 0100 x12", ""]
)
def test_a_phone_number_stays_as_written(cell: str):
    assert read_phone(cell) == cell


@pytest.mark.parametrize("cell", ["call Ana", "555", "1" * 19, "604-555-0100 or 0101", "n/a"])
def test_what_is_no_phone_number_is_refused(cell: str):
    assert _refusal(read_phone, cell) == (
        f"{cell} is not a phone number; write it like 604-555-0100."
    )


def test_a_mail_address_is_kept_in_lower_case():
    assert read_mail("Luz.Diaz@Example.ORG") == "luz.diaz@example.org"


@pytest.mark.parametrize(
    "cell", ["luz", "luz@", "luz@example", "a@b.org, c@d.org", "a b@c.org", "<a@b.org>"]
)
def test_what_is_not_one_mail_address_is_refused(cell: str):
    assert _refusal(read_mail, cell) == (
        f"{cell} is not a mail address; write it like ana@example.org."
    )


def test_a_driver_without_a_mail_address_cannot_sign_in():
    assert _refusal(read_mail, "") == "The mail address is missing; the driver signs in with it."
    assert "is not a mail address" in _refusal(read_mail, "x" * 250 + "@example.org")


def test_a_note_stays_as_written_up_to_a_thousand_characters():
    note = "Ring twice.\n👍 ‏باب جانبي"
    assert read_note(note) == note
    assert read_note("x" * 1000) == "x" * 1000
    assert _refusal(read_note, "x" * 10_000) == ("The note has 10000 characters; keep it to 1000.")
