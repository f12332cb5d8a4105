"""Times of day as people write them."""

from datetime import time

import pytest

from dispatch.imports.reading.outcome import Unreadable
from dispatch.imports.reading.times import read_clock, read_time


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("9:00am", time(9)), ("10:45am", time(10, 45)), ("2.30 pm", time(14, 30)),
        ("3.30 p. m.", time(15, 30)), ("13h45", time(13, 45)), ("16h00", time(16)),
        ("16 h", time(16)), ("7pm", time(19)), ("noon", time(12)), ("Mediodía", time(12)),
        ("12:00 pm", time(12)), ("12 am", time(0)), ("15", time(15)), ("930", time(9, 30)),
        ("1530", time(15, 30)), ("15:30:00", time(15, 30)), ("03:00", time(3)),
        ("a las 3 de la tarde", time(15)), ("8 de la mañana", time(8)),
        ("12 de la noche", time(0)), ("9 o'clock", time(9)), ("13:45 pm", time(13, 45)),
    ],
)  # fmt: skip
def test_a_time_is_read_however_it_is_written(cell: str, meant: time):
    assert read_time(cell) == meant


@pytest.mark.parametrize("cell", ["25:70", "24:00", "12:60", "13:45 am", "soon", "-3", "9-10"])
def test_what_is_no_time_is_refused_with_an_example(cell: str):
    with pytest.raises(Unreadable) as refusal:
        read_time(cell)
    assert refusal.value.sentence == f"{cell} is not a time; write it like 14:30."


def test_an_hour_of_night_or_afternoon_is_asked_for():
    with pytest.raises(Unreadable) as refusal:
        read_time("3:15")
    assert "write 03:15 or 15:15" in refusal.value.sentence
    assert read_clock("3:15").other == time(15, 15)
