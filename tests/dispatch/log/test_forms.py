"""What an address asks of the log."""

from datetime import date
from uuid import UUID

import pytest

from dispatch.log.forms import Question, parse

UID = UUID(int=7)


def test_an_address_asks_by_ids_and_a_day():
    typed = {
        "family": str(UID),
        "person": str(UID),
        "day": "2027-03-09",
        "all": "1",
        "before": "12",
    }
    asked = Question(family=UID, person=UID, day=date(2027, 3, 9), everything=True, before=12)
    assert parse(typed) == asked
    assert asked.address() == typed


@pytest.mark.parametrize("typed", ["Carmen", "604-555-0117", "", "12'; DROP", "9" * 40])
def test_what_cannot_be_read_counts_as_not_asked(typed: str):
    names = ("family", "person", "day", "all", "before")
    assert parse(dict.fromkeys(names, typed)) == Question()


def test_a_part_of_the_question_is_changed_for_the_next_page():
    assert Question(family=UID, before=9).address(before=None) == {"family": str(UID)}
