"""The longest periods of all groups, and whether one lets addresses reach a map app."""

from dispatch.about.queries import any_lets_navigate, longest
from tests.build import a_group


def test_without_groups_it_is_what_a_new_group_begins_with(session):
    found = longest(session)
    assert (found.ride_days, found.family_days, found.before_minutes) == (30, 90, 120)


def test_nothing_is_kept_for_longer_than_it_says(session):
    a_group(session, ride_days=7, family_days=60)
    a_group(session, ride_days=14, family_days=31)
    found = longest(session)
    assert (found.ride_days, found.family_days) == (14, 60)


def test_one_group_that_lets_its_drivers_navigate_is_enough_to_say_so(session):
    group = a_group(session)
    assert not any_lets_navigate(session)
    a_group(session, lets_navigate=True)
    assert any_lets_navigate(session)
    assert not group.lets_navigate
