"""The way back."""

from datetime import time

import pytest

from dispatch.imports.reading.outcome import NoteKind, Unreadable
from dispatch.imports.reading.returns import read_return
from dispatch.rides.models import ReturnKind

TEN = time(10)


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("will call", ReturnKind.WILL_CALL), ("w/c", ReturnKind.WILL_CALL),
        ("call when done", ReturnKind.WILL_CALL), ("?", ReturnKind.WILL_CALL),
        ("llama al terminar", ReturnKind.WILL_CALL), ("wait & return", ReturnKind.WAIT),
        ("cuando avise", ReturnKind.WILL_CALL), ("Cuando avisen", ReturnKind.WILL_CALL),
        ("avisa", ReturnKind.WILL_CALL), ("avisan al salir", ReturnKind.WILL_CALL),
        ("cuando esté lista", ReturnKind.WILL_CALL), ("al terminar", ReturnKind.WILL_CALL),
        ("cuando salga", ReturnKind.WILL_CALL), ("when ready", ReturnKind.WILL_CALL),
        ("When she's done", ReturnKind.WILL_CALL), ("once they are ready", ReturnKind.WILL_CALL),
        ("ready", ReturnKind.WILL_CALL), ("on call", ReturnKind.WILL_CALL),
        ("driver waits", ReturnKind.WAIT), ("W/R", ReturnKind.WAIT),
        ("one way", ReturnKind.NONE), ("no", ReturnKind.NONE), ("sólo ida", ReturnKind.NONE),
    ],
)  # fmt: skip
def test_the_kind_of_return_is_read_without_a_question(cell: str, kind: ReturnKind):
    back = read_return(cell, appointment=TEN)
    assert (back.kind, back.at, back.notes) == (kind, None, ())


@pytest.mark.parametrize("cell", ["", "-", "yes", "round trip"])
def test_a_return_is_never_forgotten_for_want_of_a_word(cell: str):
    back = read_return(cell, appointment=TEN)
    assert back.kind is ReturnKind.WILL_CALL
    assert [note.kind for note in back.notes] == [NoteKind.CONFIRM]


def test_a_time_after_the_appointment_is_a_fixed_return():
    assert read_return("17h30", appointment=TEN).at == time(17, 30)


def test_an_hour_without_its_half_is_the_one_after_the_appointment():
    back = read_return("1:30", appointment=TEN)
    assert back.at == time(13, 30)
    assert [note.sentence for note in back.notes] == ["1:30 read as 13:30."]


@pytest.mark.parametrize("cell", ["9:00", "10:00", "9 am"])
def test_a_return_not_after_the_appointment_is_refused(cell: str):
    with pytest.raises(Unreadable) as refusal:
        read_return(cell, appointment=TEN)
    assert "not after the appointment at 10:00" in refusal.value.sentence


@pytest.mark.parametrize("cell", ["banana", "al", "cuando", "when", "already gone"])
def test_another_word_is_refused_with_what_can_be_written(cell: str):
    with pytest.raises(Unreadable) as refusal:
        read_return(cell, appointment=TEN)
    assert "will call, driver waits or one way" in refusal.value.sentence
