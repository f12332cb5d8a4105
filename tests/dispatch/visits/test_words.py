"""Who looked at what, in words for a family."""

import pytest

from dispatch.rides.rules import CANCEL_REASONS
from dispatch.visits.facts import OwnLook, Seen
from dispatch.visits.service.own_rides import REASONS
from dispatch.visits.words import REASON_WORDS, say_what, say_who


def look(now, role="coordinator", name="", what=(Seen.ADDRESS,)):
    return OwnLook(at=now, role=role, name=name, what=frozenset(what), in_need=False)


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("driver", "Marta, driver"),
        ("coordinator", "A coordinator"),
        ("steward", "A steward"),
        ("family", "You"),
        ("system", "The program"),
    ],
)
def test_people_of_the_desk_are_told_by_what_they_do(now, role, said):
    assert say_who(look(now, role, "Marta")) == said


def test_what_was_read_is_told_coarsely(now):
    said = [say_what(look(now, what=what)) for what in ([Seen.ADDRESS], [Seen.OTHER], Seen)]
    assert said == ["your address", "your name, phone or notes", "your address and name"]


def test_a_family_gives_only_reasons_that_are_counted():
    assert tuple(REASON_WORDS) == REASONS
    assert set(REASONS) <= set(CANCEL_REASONS)
