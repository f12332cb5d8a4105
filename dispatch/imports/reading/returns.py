"""The way back: at a time, when the party calls, with the driver waiting, or none."""

import re
from dataclasses import dataclass
from datetime import time

from dispatch.i18n import gettext as _
from dispatch.imports.reading.outcome import Note, NoteKind, Unreadable
from dispatch.imports.reading.times import read_clock
from dispatch.imports.reading.words import fold, squash
from dispatch.rides.models import ReturnKind


@dataclass(frozen=True)
class Return:
    """A way back; `at` is the local time of a fixed one, else None."""

    kind: ReturnKind
    at: time | None = None
    notes: tuple[Note, ...] = ()


# "?" says that somebody wants to get back and nobody knows yet when: that is a will-call.
_WILL_CALL = frozenset((
    "wc", "willcall", "call", "calls", "callus", "oncall", "open", "openreturn", "ready", "tbd",
    "tba", "unknown", "later", "llama", "llaman", "llamar", "llamara", "llamaran", "llame",
    "llamen", "avisa", "avisan", "avisar", "avisara", "avisaran", "avise", "avisen", "abierto",
    "porconfirmar", "nosesabe",
))  # fmt: skip
_CALL_WHEN = re.compile(
    r"\b(call|phone|text|ring)s? (us )?(when|after|once)\b"
    r"|\b(when|once|whenever) (\S+ )?((is|are) )?(ready|done|finished|over|calls?|called)\b"
    r"|\b(llam[ae]\w*|avis[ae]\w*) (cuando|al)\b"
    r"|\b(cuando|al|en cuanto) (\S+ )?(avis|llam|termin|acab|sal[eigu]|list[oa])\w*"
)
_WAIT = frozenset((
    "wait", "waits", "waiting", "wr", "wandr", "waitreturn", "waitandreturn", "driverwait",
    "driverwaits", "drivertowait", "espera", "esperar", "conductorespera", "elconductorespera",
    "choferespera", "elchoferespera",
))  # fmt: skip
_NONE = frozenset((
    "no", "none", "na", "nope", "oneway", "onewayonly", "noreturn", "notneeded", "ida", "soloida",
    "ninguno", "ninguna", "sinregreso", "sinvuelta",
))  # fmt: skip
_WANTED = frozenset((
    "yes", "y", "si", "return", "roundtrip", "bothways", "vuelta", "regreso", "idayvuelta",
))  # fmt: skip


def read_return(cell: str, *, appointment: time | None) -> Return:
    """What the column for the way back says.

    An empty cell is taken as will-call, to be confirmed: most rides are round trips, and a return
    kept open costs a question, while a forgotten one leaves a family standing at the clinic.

    Raises
        Unreadable: no kind of return, or a time not after `appointment`.
    """
    words = squash(cell)
    if not cell.strip("-– "):
        return _supposed(_("Nothing is said about the way back; taken as will-call."))
    if words in _WANTED:
        return _supposed(_("A return without a time; taken as will-call."))
    if not words or words in _WILL_CALL or _CALL_WHEN.search(fold(cell)):
        return Return(ReturnKind.WILL_CALL)
    if words in _WAIT:
        return Return(ReturnKind.WAIT)
    if words in _NONE:
        return Return(ReturnKind.NONE)
    return _at_a_time(cell, appointment)


def _supposed(sentence: str) -> Return:
    return Return(ReturnKind.WILL_CALL, notes=(Note(NoteKind.CONFIRM, sentence),))


def _at_a_time(cell: str, appointment: time | None) -> Return:
    try:
        clock = read_clock(cell)
    except Unreadable as unreadable:
        raise Unreadable(
            _(
                "%(cell)s says nothing about the way back;"
                " write a time like 14:30, will call, driver waits or one way.",
                cell=cell,
            )
        ) from unreadable
    if appointment is None or clock.at > appointment:
        return Return(ReturnKind.FIXED, clock.at)
    if clock.other is not None and clock.other > appointment:
        sentence = _("%(cell)s read as %(time)s.", cell=cell, time=f"{clock.other:%H:%M}")
        return Return(ReturnKind.FIXED, clock.other, (Note(NoteKind.READ, sentence),))
    raise Unreadable(
        _(
            "The way back at %(back)s is not after the appointment at %(appointment)s;"
            " mend one of the two.",
            back=f"{clock.at:%H:%M}",
            appointment=f"{appointment:%H:%M}",
        )
    )
