"""What has to be said before a closed family is opened, and until when it is open."""

from datetime import timedelta

import pytest

from dispatch.glass import rules
from dispatch.glass.models import GlassBreak, Need

REASON = "Carmen waits at the clinic and it closes"


def test_a_need_and_a_sentence_are_enough():
    assert rules.trouble(Need.STRANDED, REASON) == {}


def test_without_a_need_it_is_not_opened():
    assert set(rules.trouble(None, REASON)) == {"need"}


@pytest.mark.parametrize("reason", ["", "because", "x" + " " * 40, "a b c d e f g h i j"])
def test_a_word_is_no_reason(reason: str):
    assert set(rules.trouble(Need.DANGER, reason)) == {"reason"}


def test_twenty_characters_are_a_reason():
    assert rules.trouble(Need.DANGER, "x" * 19) != {}
    assert rules.trouble(Need.DANGER, "x" * 20) == {}


def test_it_closes_by_time_or_earlier_if_somebody_ends_it(now):
    broken = GlassBreak(starts_at=now, ends_at=now + rules.OPEN_FOR)
    assert rules.closes_at(broken) == now + timedelta(minutes=30)
    broken.ended_at = now + timedelta(minutes=5)
    assert rules.closes_at(broken) == now + timedelta(minutes=5)


def test_a_review_is_overdue_after_three_days(now):
    broken = GlassBreak(review_by=now + rules.REVIEW_WITHIN)
    assert not broken.is_overdue(now + timedelta(hours=72) - timedelta(seconds=1))
    assert broken.is_overdue(now + timedelta(hours=72))
    broken.reviewed_at = now
    assert not broken.is_overdue(now + timedelta(days=30))
