"""Use cases of drivers: their records and papers, and the times they offer."""

from dispatch.drivers.service.records import NumberTaken, drop_paper, record_paper, save
from dispatch.drivers.service.times import (
    FARTHEST,
    add_day_off,
    remove_day_off,
    set_dated,
    set_weekly,
    take_week_off,
    work_on,
)

__all__ = [
    "FARTHEST",
    "NumberTaken",
    "add_day_off",
    "drop_paper",
    "record_paper",
    "remove_day_off",
    "save",
    "set_dated",
    "set_weekly",
    "take_week_off",
    "work_on",
]
