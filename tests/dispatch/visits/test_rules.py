"""Codes that can be read out, and how often somebody may guess."""

from datetime import timedelta

import pytest

from dispatch.visits import rules

CONFUSED = ("0O", "1IL", "BDGPTVZ", "NM", "SF", "UV", "5S")
"""Signs of which at most one may be in use: they look or sound alike."""


def test_a_code_has_more_than_fifty_bits_of_chance():
    assert len(set(rules.ALPHABET)) == len(rules.ALPHABET)
    assert len(rules.ALPHABET) ** rules.LENGTH > 2**51
    assert {len(rules.make_code()) for _ in range(20)} == {rules.LENGTH}


@pytest.mark.parametrize("signs", CONFUSED)
def test_signs_that_are_taken_for_each_other_do_not_meet(signs: str):
    assert len(set(signs) & set(rules.ALPHABET)) <= 1


@pytest.mark.parametrize("typed", ["k3mf7hra9xwc", " K3MF-7HRA 9XWC ", "Ｋ3MF·7HRA·9XWC"])
def test_however_it_is_typed_it_is_the_same_code(typed: str):
    assert rules.plain(typed) == "K3MF7HRA9XWC"


def test_a_code_is_said_in_groups_of_four():
    assert rules.shown("K3MF7HRA9XWC") == "K3MF 7HRA 9XWC"


def test_a_long_text_is_not_read_to_its_end():
    assert len(rules.plain("A" * 100_000)) <= 80


def test_wrong_codes_from_everywhere_rest_for_seconds_only(now):
    few = rules.FREE_EVERYWHERE - 1
    assert rules.wait_everywhere(few, now, now) == 0
    assert rules.wait_everywhere(few + 1, now, now) == 10
    assert rules.wait_everywhere(10_000, now - timedelta(seconds=10), now) == 0


def test_a_page_closes_after_a_week_unused_and_after_a_month_in_any_case(now):
    second, week = timedelta(seconds=1), rules.PHONE_IDLE
    assert not rules.is_over(now - week, now - week + second, now)
    assert rules.is_over(now - week, now - week, now)
    month = rules.PHONE_LASTS
    assert not rules.is_over(now - month + second, now, now)
    assert rules.is_over(now - month, now, now)


def test_the_page_says_when_it_closes(now):
    assert rules.closes_at(now, now) == now + rules.PHONE_IDLE
    late = now + timedelta(days=28)
    assert rules.closes_at(now, late) == now + rules.PHONE_LASTS


def test_the_oldest_phone_makes_room(now):
    assert rules.oldest_beyond([now] * 4) == 0
    assert rules.oldest_beyond([now] * 5) == 1
