"""What was opened in need is known to its own desk and to stewards."""

from datetime import timedelta

import pytest

from dispatch.errors import NotFound
from dispatch.glass import queries, service
from dispatch.glass.models import Need, Verdict
from tests import build

REASON = "Carmen waits at the clinic and it closes"


@pytest.fixture
def group(session):
    """A group."""
    return build.a_group(session)


@pytest.fixture
def broken(session, group, now):
    """A closed family that Rosa opened."""
    family = build.a_family(session, group, withdrawn_at=now)
    rosa = build.a_coordinator(session, group)
    return service.break_glass(session, rosa, family, need=Need.LAW, reason=REASON, now=now)


@pytest.fixture
def tom(session, group):
    """A colleague."""
    return build.a_coordinator(session, group)


def test_the_own_desk_and_stewards_find_it(session, broken, tom):
    for who in (tom, build.a_steward(session)):
        assert queries.get_break(session, who, broken.uid) is broken
        assert queries.to_review(session, who) == [broken]


def test_another_desk_and_drivers_do_not(session, group, broken):
    stranger = build.a_coordinator(session, build.a_group(session))
    driver = build.driver_actor(build.a_driver(session, group))
    for who in (stranger, driver):
        assert queries.to_review(session, who) == []
        with pytest.raises(NotFound):
            queries.get_break(session, who, broken.uid)


def test_what_was_reviewed_waits_no_more(session, broken, tom, now):
    later = now + timedelta(hours=1)
    service.review(session, tom, broken, Verdict.NEEDED, now=later)
    assert queries.to_review(session, tom) == []
    assert queries.reviewed(session, tom) == [broken]


def test_it_is_overdue_after_three_days_and_not_before(session, broken, tom, now):
    due = now + timedelta(hours=72)
    assert queries.count_overdue(session, tom, now=due - timedelta(seconds=1)) == 0
    assert queries.count_overdue(session, tom, now=due) == 1
    service.review(session, tom, broken, Verdict.NEEDED, now=due)
    assert queries.count_overdue(session, tom, now=due) == 0
