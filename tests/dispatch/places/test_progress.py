"""How far an import is, on the terminal."""

import io

import pytest

from dispatch.places.progress import Progress, Together


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def clock():
    """A clock that is moved by hand."""
    return [0.0]


def a_progress(stream, clock):
    return Progress(stream, lambda: clock[0])


def test_what_is_quick_passes_in_silence(clock):
    stream = Terminal()
    progress = a_progress(stream, clock)
    clock[0] = 1.9
    progress.told("Reading", None)
    progress.ended()
    assert stream.getvalue() == ""


def test_a_terminal_sees_one_line_with_a_bar(clock):
    stream = Terminal()
    progress = a_progress(stream, clock)
    for share in (0.0, 0.5):
        clock[0] += 2
        progress.told("Sorting", share)
    progress.ended()
    assert "Sorting [###############               ]  50% 4 s\n" in stream.getvalue()
    assert stream.getvalue().count("\n") == 1


def test_elsewhere_a_line_comes_seldom(clock):
    stream = io.StringIO()
    progress = a_progress(stream, clock)
    for _step in range(50):
        clock[0] += 0.1
        progress.told("Reading", None)
    progress.ended()
    assert stream.getvalue() == "Reading ... 2 s\nReading ... 4 s\n"


def test_what_two_threads_tell_is_one_line():
    heard = []
    together = Together(lambda step, share: heard.append((step, share)))
    with together.part() as one, together.part() as other:
        one("Roads", None)
        other("Map", 0.5)
        one("Roads", 0.25)
    with together.part() as alone:
        alone("Cells", None)
    assert heard == [
        ("Roads", None),
        ("Roads, Map 50%", None),
        ("Roads 25%, Map 50%", None),
        ("Cells", None),
    ]
