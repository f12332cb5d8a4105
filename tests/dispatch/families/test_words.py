"""What a coordinator is told whose change of a family moved its rides."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from dispatch.families.facts import Followed
from dispatch.families.words import MOST_SAID, say_followed
from tests.build import DAY, a_group, a_ride

ZONE = ZoneInfo("America/Vancouver")


def test_each_kind_of_ride_has_its_sentence(session):
    group = a_group(session)
    quiet, lost, driving = (a_ride(session, group) for _ in range(3))
    will_call = a_ride(session, group, window_starts_at=None, window_ends_at=None)
    said = say_followed(Followed([quiet], [lost, will_call], [driving]), ZONE)
    assert said == [
        "One ride without a driver follows.",
        "These lost their driver and are open again: Tuesday 9 March, 10:00; Tuesday 9 March.",
        "Call the driver, this is under way: Tuesday 9 March, 10:00.",
    ]


def test_many_rides_are_counted_after_the_first_few(session):
    group = a_group(session)
    lost = [a_ride(session, group, service_on=DAY + timedelta(days=n)) for n in range(7)]
    [said] = say_followed(Followed([], lost, []), ZONE)
    assert said.count(";") == MOST_SAID
    assert said.endswith("; 3 more.")


def test_where_nothing_follows_nothing_is_said():
    assert say_followed(Followed([], [], []), ZONE) == []
    assert say_followed(None, ZONE) == []
