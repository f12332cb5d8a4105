"""Languages by the names people give them."""

import re
from functools import cache

from babel import Locale

from dispatch.i18n import gettext as _
from dispatch.imports.reading.outcome import Unreadable
from dispatch.imports.reading.words import fold

# What people say where the standard name is another: Babel knows "Mandarin Chinese" and "Persian".
_SAID = {
    "mandarin": "zh",
    "mandarin chinese": "zh",
    "mandarin (chinese)": "zh",
    "chino": "zh",
    "mandarin chino": "zh",
    "dari": "prs",
    "farsi": "fa",
    "pashtu": "ps",
    "tagalog": "tl",
    "filipino": "tl",
    "castellano": "es",
    "ingles": "en",
    "quiche": "quc",
    "k'iche'": "quc",
    "k'iche": "quc",
    "mam": "mam",
    "q'eqchi'": "kek",
    "kekchi": "kek",
    "mixteco": "mxv",
    "mixtec": "mxv",
    "creole": "ht",
    "haitian": "ht",
    "kreyol": "ht",
}
_SEPARATORS = re.compile(r"[,;/+&]|\band\b|\b[ye]\b")


@cache
def _code_by_name() -> dict[str, str]:
    """English, Spanish and own names of the languages with a code of two or three letters."""
    names: dict[str, str] = {}
    for speaker in ("es", "en"):
        listed = Locale(speaker).languages
        names.update({fold(name): code for code, name in listed.items() if code.isalpha()})
    return names | _SAID


def read_languages(cell: str) -> tuple[str, ...]:
    """Language codes in the order written; none for an empty cell.

    Raises
        Unreadable: a language without a known name.
    """
    codes: dict[str, None] = {}
    for name in _SEPARATORS.split(cell):
        said = fold(name)
        if not said:
            continue
        code = _code_by_name().get(said)
        if code is None:
            raise Unreadable(
                _("%(name)s is not a language known here; check the spelling.", name=name.strip())
            )
        codes[code] = None
    return tuple(codes)
