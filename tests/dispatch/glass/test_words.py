"""Every need and every verdict has its words."""

from dispatch.glass.models import Need, Verdict
from dispatch.glass.words import NEED_WORDS, VERDICT_WORDS


def test_every_need_and_verdict_is_said():
    assert set(NEED_WORDS) == set(Need)
    assert set(VERDICT_WORDS) == set(Verdict)
