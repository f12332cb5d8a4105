"""Every code has its words."""

from dispatch.incidents.models import IncidentKind, Told
from dispatch.incidents.words import KIND_WORDS, TOLD_WORDS


def test_every_kind_and_everybody_told_has_words():
    assert set(KIND_WORDS) == set(IncidentKind)
    assert set(TOLD_WORDS) == set(Told)
    assert len({str(one) for one in KIND_WORDS.values()}) == len(IncidentKind)
