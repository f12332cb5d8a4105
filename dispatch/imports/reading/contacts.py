"""Who to ask for: a family's number, names, phone numbers, mail addresses, notes."""

import re

from dispatch.i18n import gettext as _
from dispatch.imports.reading.outcome import Unreadable
from dispatch.imports.reading.words import fold

MOST_NOTE_CHARACTERS = 1_000
MOST_FAMILY_CHARACTERS = 12
MOST_NAME_CHARACTERS = 80
_QUOTED = 40
"""How much of an overlong cell a sentence repeats."""
_MAIL = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]{2,}")


def read_family(cell: str) -> str:
    """The family's number in the group's own counting, without spaces, in capitals.

    Raises
        Unreadable: missing or too long.
    """
    number = re.sub(r"\s+", "", cell).upper()
    if not number:
        raise Unreadable(_("The family's number is missing."))
    if len(number) > MOST_FAMILY_CHARACTERS:
        raise Unreadable(
            _(
                "%(cell)s is no family's number: it has more than %(most)s characters.",
                cell=cell[:_QUOTED],
                most=MOST_FAMILY_CHARACTERS,
            )
        )
    return number


def read_name(cell: str) -> str:
    """A person's name; an empty cell is an empty name.

    Raises
        Unreadable: too long.
    """
    name = " ".join(cell.split())
    if len(name) > MOST_NAME_CHARACTERS:
        raise Unreadable(
            _(
                "The name has %(length)s characters; keep it to %(most)s.",
                length=len(name),
                most=MOST_NAME_CHARACTERS,
            )
        )
    return name


def read_phone(cell: str) -> str:
    """A phone number as written; an empty cell is none.

    Raises
        Unreadable: letters, or too few or too many digits.
    """
    digits = re.sub(r"\D", "", cell)
    if cell and (re.search(r"[^\d\s().+/x-]", fold(cell)) or not 7 <= len(digits) <= 18):
        raise Unreadable(
            _("%(cell)s is not a phone number; write it like 604-555-0100.", cell=cell[:_QUOTED])
        )
    return " ".join(cell.split())


def read_mail(cell: str) -> str:
    """A mail address in lower case.

    Raises
        Unreadable: missing, or not one mail address.
    """
    if not cell:
        raise Unreadable(_("The mail address is missing; the driver signs in with it."))
    if not _MAIL.fullmatch(cell) or len(cell) > 254:
        raise Unreadable(
            _("%(cell)s is not a mail address; write it like ana@example.org.", cell=cell[:_QUOTED])
        )
    return cell.lower()


def read_note(cell: str) -> str:
    """A note as written.

    Raises
        Unreadable: too long.
    """
    if len(cell) > MOST_NOTE_CHARACTERS:
        raise Unreadable(
            _(
                "The note has %(length)s characters; keep it to %(most)s.",
                length=len(cell),
                most=MOST_NOTE_CHARACTERS,
            )
        )
    return cell
