"""Every purpose has its word."""

from dispatch.rides.models import Purpose
from dispatch.rides.words import PURPOSE_WORDS


def test_every_purpose_has_a_word_of_its_own():
    assert set(PURPOSE_WORDS) == set(Purpose)
    assert len({str(word) for word in PURPOSE_WORDS.values()}) == len(Purpose)
