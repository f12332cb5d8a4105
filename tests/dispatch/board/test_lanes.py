"""Drivers on the timeline: who has time or drives, those with rides first."""

from types import SimpleNamespace

from dispatch.board.lanes import lanes_of
from dispatch.drivers import queries as drivers
from tests.build import DAY, a_coordinator, a_driver, a_group


def test_who_drives_comes_before_who_only_has_time(any_session):
    group = a_group(any_session)
    rosa = a_coordinator(any_session, group)
    free, busy = a_driver(any_session, group), a_driver(any_session, group)
    any_session.flush()
    staff = drivers.drivers_on(any_session, rosa, group, DAY)
    names = {free.id: "Ahmed", busy.id: "Zoe"}
    row = SimpleNamespace(driver_id=busy.id)
    found = lanes_of(staff, names, [row], DAY, group)
    assert [(one.name, one.rows) for one in found] == [("Zoe", [row]), ("Ahmed", [])]
    assert all(one.shifts for one in found)
