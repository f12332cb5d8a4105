"""Every code of the rules and of the matcher has a sentence for a coordinator."""

from datetime import UTC, datetime

import pytest

from dispatch.planning.mapping import TOO_LATE
from dispatch.planning.reasons import (
    failure_sentence,
    refusal_sentence,
    relax_sentence,
    unserved_sentence,
)
from dispatch.planning.results import ALL_RULED_OUT, CUT_OFF, NOBODY_OFFERS, OFF_ROAD
from dispatch.planning.rules import Obstacle, Refusal
from matching.solution import Reason

NINE = datetime(2027, 3, 9, 17, 0, tzinfo=UTC)
FACTS = {
    Obstacle.OUTSIDE_WINDOW: {"first": NINE, "last": NINE},
    Obstacle.CAR_TOO_SMALL: {"name": "booster", "needs": 2, "has": 1},
    Obstacle.SKILL_MISSING: {"name": "lang:es"},
}


OURS = (OFF_ROAD, CUT_OFF, NOBODY_OFFERS, ALL_RULED_OUT)


def said(obstacle, facts=None):
    return refusal_sentence(Refusal(obstacle, facts or FACTS.get(obstacle, {})), "{:%H:%M}".format)


def test_every_obstacle_has_a_sentence_of_its_own():
    sentences = {said(obstacle) for obstacle in Obstacle}
    assert len(sentences) == len(Obstacle)
    assert all(one.endswith(".") for one in sentences)


def test_a_window_is_said_with_both_its_ends():
    facts = {"first": NINE, "last": NINE.replace(minute=30)}
    assert said(Obstacle.OUTSIDE_WINDOW, facts) == (
        "The pickup would have to be between 17:00 and 17:30."
    )


@pytest.mark.parametrize(
    ("name", "needs", "words"),
    [
        ("seats", 5, "5 seats"),
        ("seats", 1, "1 seat,"),
        ("infant", 1, "1 infant seat,"),
        ("convertible", 2, "2 toddler seats"),
        ("booster", 3, "3 boosters"),
    ],
)
def test_what_a_car_lacks_is_counted_and_named(name, needs, words):
    assert words in said(Obstacle.CAR_TOO_SMALL, {"name": name, "needs": needs, "has": 0})


def test_a_wheelchair_is_no_language():
    assert "wheelchair" in said(Obstacle.SKILL_MISSING, {"name": "wheelchair"})
    assert "language" in said(Obstacle.SKILL_MISSING, {"name": "lang:ar"})


def test_every_reason_of_the_matcher_has_a_sentence_of_its_own():
    codes = [*(reason.value for reason in Reason), TOO_LATE, *OURS]
    assert len({unserved_sentence(code) for code in codes}) == len(codes)


@pytest.mark.parametrize(
    ("needs", "sentence"),
    [
        ({"wheelchair": 1}, "It needs a car that takes a wheelchair."),
        ({"seats": 5}, "It needs 5 seats."),
        ({"infant": 2, "lang:prs": 1}, "It needs 2 infant seats and a driver who speaks Dari."),
        (
            {"convertible": 1, "booster": 1, "wheelchair": 1},
            "It needs 1 toddler seat, 1 booster, and a car that takes a wheelchair.",
        ),
    ],
)
def test_what_nobody_has_is_named(needs, sentence):
    assert relax_sentence({"needs": needs}) == sentence


def test_what_nobody_has_is_said_before_what_would_help():
    relax = {"kind": "skills", "name": "wheelchair", "drivers": ["a"], "needs": {"wheelchair": 1}}
    assert relax_sentence(relax) == (
        "It needs a car that takes a wheelchair. Without the wheelchair, one driver can."
    )


@pytest.mark.parametrize("code", ["crashed", "no_plan", "wrong_plan", "invalid"])
def test_every_failure_of_a_run_has_a_sentence(code):
    assert failure_sentence(code).endswith(".")


def test_nothing_is_said_where_nothing_small_would_help():
    assert relax_sentence(None) is None


@pytest.mark.parametrize(
    ("relax", "sentence"),
    [
        (
            {"kind": "pickup_window", "seconds": -600, "drivers": ["a"]},
            "If it may be 10 minutes earlier, one driver can.",
        ),
        (
            {"kind": "dropoff_window", "seconds": 601, "drivers": ["a", "b"]},
            "If it may be 11 minutes later, 2 drivers can.",
        ),
        (
            {"kind": "load", "name": "booster", "amount": 2, "drivers": ["a"]},
            "With 2 boosters less, one driver can.",
        ),
        (
            {"kind": "skills", "name": "wheelchair", "drivers": ["a", "b"]},
            "Without the wheelchair, 2 drivers can.",
        ),
        (
            {"kind": "skills", "name": "lang:prs", "drivers": ["a"]},
            "If the driver need not speak Dari, one driver can.",
        ),
        (
            {"kind": "max_drive_seconds", "seconds": 900, "drivers": ["a"]},
            "With 15 minutes more driving, one driver can.",
        ),
        (
            {"kind": "shift_hours", "seconds": -900, "drivers": ["a"]},
            "With 15 minutes more time, one driver can.",
        ),
    ],
)
def test_what_would_help_is_said_in_whole_minutes(relax, sentence):
    assert relax_sentence(relax) == sentence
