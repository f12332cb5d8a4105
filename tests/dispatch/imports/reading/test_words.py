"""Words made comparable."""

import pytest

from dispatch.imports.reading.words import fold, squash


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("  Calle   Peñón\t5 ", "calle penon 5"),
        ("STRASSE straße", "strasse strasse"),
        ("O’Neill – Łódź", "o'neill - lodz"),
        ("１２ Alder", "12 alder"),
        ("مريم", "مريم"),
        ("", ""),
    ],
)
def test_case_accents_and_typographic_signs_make_no_difference(typed: str, folded: str):
    assert fold(typed) == folded


@pytest.mark.parametrize("typed", ["No Frills", "nofrills", "NO-FRILLS", "no_frills!", "Nó Frills"])
def test_only_letters_and_digits_are_left(typed: str):
    assert squash(typed) == "nofrills"


def test_the_sign_for_and_is_the_word():
    assert squash("A & B") == squash("A and B") == "aandb"


def test_another_letter_or_digit_is_another_word():
    assert squash("No Frills 2") != squash("No Frills 3")
    assert squash("Nofrils") != squash("No Frills")
