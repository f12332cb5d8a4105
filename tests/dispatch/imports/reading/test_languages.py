"""Languages by name."""

import pytest

from dispatch.imports.reading.languages import read_languages
from dispatch.imports.reading.outcome import Unreadable


@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        ("English, Spanish", ("en", "es")),
        ("español e inglés", ("es", "en")),
        ("Dari", ("prs",)),
        ("Mandarin", ("zh",)),
        ("Tigrinya/Ukrainian", ("ti", "uk")),
        ("K’iche’", ("quc",)),
        ("", ()),
    ],
)
def test_languages_are_known_by_their_names(cell: str, codes: tuple[str, ...]):
    assert read_languages(cell) == codes


def test_a_language_nobody_knows_is_refused():
    with pytest.raises(Unreadable):
        read_languages("English, Spansih")
