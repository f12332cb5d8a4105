"""The times that a driver offers: the week, single dates, days off."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from dispatch import clock, policy
from dispatch.audit import service as audit
from dispatch.drivers import rules
from dispatch.drivers.models import DatedAvailability, DayOff, Driver, WeeklyAvailability
from dispatch.drivers.rules import Range
from dispatch.errors import Refused, Stale
from dispatch.i18n import gettext as _
from dispatch.people.models import Group
from dispatch.policy import Action, Actor

_DAY = timedelta(days=1)
FARTHEST = timedelta(days=731)
"""Nobody knows their times further ahead than this."""


def set_weekly(
    session: Session,
    actor: Actor,
    driver: Driver,
    week: Mapping[int, Sequence[Range]],
    *,
    now: datetime,
    seen_version: int | None = None,
) -> None:
    """Offer these hours every week; weekdays (0 is Monday) that `week` leaves out stay.

    `seen_version` is the driver's version that a person saw, None for what no form sent.

    Raises
        Stale: the driver was changed since.
        Refused: hours overlap, or end before they start.
    """
    _may_change(actor, driver, seen_version, now)
    for ranges in week.values():
        _check_ranges(ranges)
    kept = [one for one in driver.weekly if one.weekday not in week]
    driver.weekly = kept + [
        WeeklyAvailability(weekday=weekday, starts_minute=start, ends_minute=end)
        for weekday, ranges in sorted(week.items())
        for start, end in sorted(ranges)
    ]
    _note(session, actor, driver, now)


def set_dated(
    session: Session,
    actor: Actor,
    driver: Driver,
    day: date,
    ranges: Sequence[Range],
    *,
    now: datetime,
    seen_version: int | None = None,
) -> None:
    """Offer these hours on `day` instead of the week's; none: the week holds again.

    Raises
        Stale: the driver was changed since.
        Refused: the day is past, hours overlap, or end before they start.
    """
    _may_change(actor, driver, seen_version, now)
    _check_days(session, driver, day, day, now)
    _check_ranges(ranges)
    kept = [one for one in driver.dated if one.on != day]
    driver.dated = kept + [
        DatedAvailability(on=day, starts_minute=start, ends_minute=end)
        for start, end in sorted(ranges)
    ]
    _note(session, actor, driver, now)


def add_day_off(
    session: Session,
    actor: Actor,
    driver: Driver,
    first_on: date,
    last_on: date,
    *,
    now: datetime,
    seen_version: int | None = None,
) -> DayOff:
    """Offer nothing from `first_on` through `last_on`.

    Raises
        Stale: the driver was changed since.
        Refused: the days are past, in the wrong order, or off already.
    """
    _may_change(actor, driver, seen_version, now)
    _check_days(session, driver, first_on, last_on, now)
    if any(one.first_on <= last_on and first_on <= one.last_on for one in driver.days_off):
        raise Refused(_("Some of these days are off already."))
    day_off = DayOff(first_on=first_on, last_on=last_on)
    driver.days_off.append(day_off)
    _note(session, actor, driver, now)
    return day_off


def take_week_off(
    session: Session,
    actor: Actor,
    driver: Driver,
    day: date,
    *,
    now: datetime,
    seen_version: int | None = None,
) -> None:
    """Offer nothing from `day` on until that week's Sunday; what is off already stays as it is.

    Raises
        Stale: the driver was changed since.
        Refused: the day is past, or too far ahead.
    """
    _may_change(actor, driver, seen_version, now)
    sunday = day + (6 - day.weekday()) * _DAY
    _check_days(session, driver, day, sunday, now)
    first = None
    for one in (day + number * _DAY for number in range((sunday - day).days + 2)):
        is_free = one <= sunday and not rules.is_day_off(driver, one)
        if is_free and first is None:
            first = one
        elif not is_free and first is not None:
            driver.days_off.append(DayOff(first_on=first, last_on=one - _DAY))
            first = None
    _note(session, actor, driver, now)


def remove_day_off(
    session: Session,
    actor: Actor,
    driver: Driver,
    day: date,
    *,
    now: datetime,
    seen_version: int | None = None,
) -> None:
    """Take back the days off that hold `day`; nothing happens if there are none."""
    _may_change(actor, driver, seen_version, now)
    driver.days_off = [one for one in driver.days_off if not one.first_on <= day <= one.last_on]
    _note(session, actor, driver, now)


def work_on(session: Session, actor: Actor, driver: Driver, day: date, *, now: datetime) -> None:
    """Take one day out of the days off; those around it stay off."""
    _may_change(actor, driver, None, now)
    kept = [one for one in driver.days_off if not one.first_on <= day <= one.last_on]
    for one in driver.days_off:
        if one not in kept:
            before, after = (one.first_on, day - _DAY), (day + _DAY, one.last_on)
            kept += [DayOff(first_on=a, last_on=z) for a, z in (before, after) if a <= z]
    driver.days_off = kept
    _note(session, actor, driver, now)


def _may_change(actor: Actor, driver: Driver, seen_version: int | None, now: datetime) -> None:
    policy.require(actor, Action.CHANGE_AVAILABILITY, driver, now)
    if seen_version is not None and driver.version != seen_version:
        raise Stale(_("These times were changed since you opened them. Nothing was overwritten."))


def _check_ranges(ranges: Sequence[Range]) -> None:
    if any(not 0 <= start < end <= rules.DAY_MINUTES for start, end in ranges):
        raise Refused(_("The end has to be later than the start."))
    if rules.overlapping(ranges) is not None:
        raise Refused(_("These hours overlap. Make one of them shorter, or join them."))


def _check_days(
    session: Session, driver: Driver, first_on: date, last_on: date, now: datetime
) -> None:
    today = clock.local_day(now, session.get_one(Group, driver.group_id).zone)
    if first_on < today:
        raise Refused(_("This day is over. Times can be changed from today on."))
    if last_on < first_on:
        raise Refused(_("The last day is before the first."))
    if last_on > today + FARTHEST:
        raise Refused(_("This is more than two years ahead."))


def _note(session: Session, actor: Actor, driver: Driver, now: datetime) -> None:
    driver.version += 1
    session.flush()
    audit.record(session, actor, Action.CHANGE_AVAILABILITY, driver, now=now)
