"""The rectangle that an extract covers."""

from dispatch.places.gazetteer.frame import Frame, from_text

FRAME = Frame(42.9, -85.7, 43.0, -85.6)


def test_a_frame_holds_what_lies_in_it():
    assert FRAME.holds((42.95, -85.65))
    assert not FRAME.holds((42.85, -85.65))
    assert FRAME.holds((42.85, -85.65), edge=0.1)


def test_two_frames_make_one_around_both():
    assert FRAME.with_(Frame(10, 20, 30, 40)) == Frame(10, -85.7, 43.0, 40)


def test_the_middle_lies_halfway():
    assert Frame(10, -20, 30, 40).middle == (20, 10)


def test_a_frame_is_stored_and_read_again():
    assert from_text(FRAME.text()) == FRAME
