"""Decisions about what is written down of a family."""

import re

from dispatch.i18n import gettext as _
from dispatch.i18n import lazy_gettext as _l

_FLAGS = re.IGNORECASE
_LOOKS_LIKE = (
    (
        _l("“%(found)s” looks like a case number. Nobody who drives needs it: leave it out."),
        (
            # Alien numbers and receipts, with or without separators; docket numbers.
            r"(?<!\w)A[ -]?\d{3}[ -]?\d{3}[ -]?\d{2,3}(?!\w)",
            r"(?<!\w)[A-Z]{3}[ -]?\d{10}(?!\w)",
            r"(?<!\w)[A-Z]{1,4}-\d{2,}(?:-\d+)+(?!\w)",
            r"\b(?:case|docket|file)\s*(?:no\b\.?|nr\b\.?|number|#|n[º°])\s*:?\s*[\w/-]*\d[\w/-]*",
            r"\b(?:caso|causa)\s*(?:n[º°.]*|n[uú]m(?:ero|\.)?|#)\s*:?\s*[\w/-]*\d[\w/-]*",
            r"\b(?:expediente|docket|a[- ]number|n[uú]mero\s+a)\b",
        ),
    ),
    (
        _l("“%(found)s” is about papers. We never write down papers or their numbers."),
        (
            r"\bpass?ports?\b|\bpasaportes?\b|\bvisas?\b|\bvisados?\b|\bgreen\s*cards?\b",
            r"\btarjetas?\s+verdes?\b|\bpermisos?\s+de\s+trabajo\b|\bwork\s+permits?\b",
            r"\b(?:social\s+security|seguro\s+social|ssn)\b|(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])",
            r"\b(?:no|without|expired|suspended)\s+(?:driver'?s?\s+)?licen[cs]e\b|\bunlicen[cs]ed\b",
            r"\bsin\s+licencia\b|\blicencia\s+(?:vencida|suspendida)\b",
        ),
    ),
    (
        _l("“%(found)s” is about somebody's status. It does not belong in any note."),
        (
            r"\b(?:un|in)documented\b|\bindocumentad[oa]s?\b|\bsin\s+papeles\b|\b(?:no|without)\s+papers\b|\billegals?\b",
            r"\basylum\b|\basilo\b|\brefugees?\b|\brefugiad[oa]s?\b|\bdaca\b|\bparole\b",
            r"\bdeport\w*|\bimmigra\w*|\binmigra\w*|\bmigratori[oa]s?\b|\bla\s+migra\b",
            r"\bcitizen\w*|\bciudadan[ií]a\b|\bnationalit\w+|\bnacionalidad\b|\bgreen\s*card\b",
            r"\b(?:legal|immigration)\s+status\b|\bestatus\b|(?-i:\bICE\b|\bTPS\b|\bUSCIS\b)",
        ),
    ),
    (
        _l("“%(found)s” looks like a date of birth. An age is enough, and only for a child seat."),
        (
            r"\b(?:dob|d\.o\.b\.|date\s+of\s+birth|birth\s*(?:date|day)s?|born\s+(?:on|in))\b",
            r"\bfecha\s+de\s+nac\w*|\bnacid[oa]s?\s+(?:el|en)\b|\bcumplea[nñ]os\b",
            r"(?<!\d)\d{1,2}[./-]\d{1,2}[./-](?:19\d\d|20[01]\d)(?!\d)",
            r"(?<!\d)(?:19\d\d|20[01]\d)[./-]\d{1,2}[./-]\d{1,2}(?!\d)",
        ),
    ),
    (
        _l("“%(found)s” looks like an e-mail address. Calls go through the desk: leave it out."),
        (r"[^\s@<>]+@[^\s@<>]+\.[^\W\d_]{2,}",),
    ),
    (
        _l("“%(found)s” looks like a phone number. It has a sealed field of its own."),
        (r"(?<![\w-])(?:\+?\d{1,3}[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}(?![\w-])",),
    ),
)
_WATCHED = tuple(
    (sentence, re.compile("|".join(f"(?:{one})" for one in patterns), _FLAGS))
    for sentence, patterns in _LOOKS_LIKE
)


def note_warnings(text: str) -> list[str]:
    """What in a note looks like something that should not be written down; one sentence a kind.

    English and Spanish. A pattern is a guess: the warning never stands in the way of saving.
    """
    warnings = []
    for sentence, pattern in _WATCHED:
        found = pattern.search(text)
        if found is not None:
            warnings.append(str(sentence) % {"found": found[0].strip()})
    return warnings


def is_phone(text: str) -> bool:
    """Whether `text` could be a phone number."""
    digits = sum(character.isdigit() for character in text)
    allowed = all(character.isdigit() or character in " +-.()/" for character in text)
    return allowed and 7 <= digits <= 15


def party_trouble(*, adults: int, children: int, child_seats: int) -> dict[str, str]:
    """What cannot be about a household's numbers: {field: sentence}."""
    if adults + children < 1:
        return {"adults": _("At least one person has to ride.")}
    if child_seats > children:
        return {"children": _("There are more child seats than children.")}
    return {}
