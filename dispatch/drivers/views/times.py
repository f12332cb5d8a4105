"""When a driver can drive: the same page for the driver's phone and for the coordinator's desk."""

from collections.abc import Callable, Mapping
from datetime import date
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch.clock import local_day
from dispatch.db.transactions import vault_of
from dispatch.drivers import forms, queries, rules, service
from dispatch.drivers.forms import Repeat
from dispatch.drivers.models import Driver
from dispatch.drivers.rules import Range
from dispatch.drivers.views.month import (
    add_months,
    day_asked,
    days_of,
    last_month,
    month_asked,
    month_words,
    next_monday,
    weekdays,
)
from dispatch.drivers.views.room import blueprint
from dispatch.errors import Refused
from dispatch.i18n import gettext as _
from dispatch.people.queries import shown_name
from dispatch.policy import Action
from dispatch.policy.endpoints import View, needs
from dispatch.web import context


def _at(path: str, method: str = "POST") -> Callable[[View], View]:
    """Serve a view below the driver's own times, and below those of any driver of the group."""

    def declare(view: View) -> View:
        for base in ("/availability", "/drivers/<uuid:uid>/availability"):
            blueprint.route(f"{base}{path}", methods=[method])(view)
        return view

    return declare


@_at("", "GET")
@needs(Action.CHANGE_AVAILABILITY)
def times(uid: UUID | None = None) -> ResponseReturnValue:
    """A month to tap, the week, the days off."""
    return _page(_driver(uid), uid)


@_at("/week")
@needs(Action.CHANGE_AVAILABILITY)
def set_week(uid: UUID | None = None) -> ResponseReturnValue:
    """Offer the same hours every week, or none."""
    driver = _driver(uid)
    if "clear" in request.form:
        nothing: dict[int, list[Range]] = {weekday: [] for weekday in range(7)}
        service.set_weekly(context.session(), context.actor(), driver, nothing, **_seen())
        return _done(uid)
    week, errors = forms.parse_week(request.form)
    if week is None:
        return _page(driver, uid, errors)
    service.set_weekly(context.session(), context.actor(), driver, week, **_seen())
    return _done(uid)


@_at("/day")
@needs(Action.CHANGE_AVAILABILITY)
def set_day(uid: UUID | None = None) -> ResponseReturnValue:
    """Say what holds for one day, or for its weekday."""
    driver = _driver(uid)
    typed, errors = forms.parse_day(request.form)
    if typed is None:
        return _page(driver, uid, errors)
    try:
        _settle(driver, typed)
    except Refused as refused:
        return _page(driver, uid, {"from-0": " ".join(refused.reasons)})
    return _done(uid, typed.day)


@_at("/away")
@needs(Action.CHANGE_AVAILABILITY)
def add_away(uid: UUID | None = None) -> ResponseReturnValue:
    """Offer nothing for some days, or for a week."""
    driver = _driver(uid)
    session, actor = context.session(), context.actor()
    week = day_asked(request.form.get("week", ""))
    days, errors = forms.parse_away(request.form)
    if week is None and days is None:
        return _page(driver, uid, errors)
    try:
        if week is not None:
            service.take_week_off(session, actor, driver, week, **_seen())
        else:
            service.add_day_off(session, actor, driver, *days, **_seen())
    except Refused as refused:
        return _page(driver, uid, {"first_on": " ".join(refused.reasons)})
    return _done(uid)


@_at("/back")
@needs(Action.CHANGE_AVAILABILITY)
def remove_away(uid: UUID | None = None) -> ResponseReturnValue:
    """Take days off back."""
    driver = _driver(uid)
    day = day_asked(request.form.get("day", ""))
    if day is not None:
        service.remove_day_off(context.session(), context.actor(), driver, day, **_seen())
    return _done(uid, day)


def _driver(uid: UUID | None) -> Driver:
    session, actor = context.session(), context.actor()
    if uid is None:
        return queries.own_driver(session, actor, context.group())
    return queries.get_driver(session, actor, uid)


def _settle(driver: Driver, said: forms.DayTimes) -> None:
    session, actor, now = context.session(), context.actor(), context.now()
    day, repeat, ranges = said.day, said.repeat, said.ranges
    is_off = rules.is_day_off(driver, day)
    if repeat is Repeat.OFF:
        if not is_off:
            service.add_day_off(session, actor, driver, day, day, **_seen())
    elif repeat is Repeat.EVERY:
        week = dict.fromkeys([day.weekday(), *said.also], ranges)
        service.set_weekly(session, actor, driver, week, **_seen())
        if rules.has_own_hours(driver, day):
            service.set_dated(session, actor, driver, day, [], now=now)
    else:
        own = ranges if repeat is Repeat.ONLY else []
        service.set_dated(session, actor, driver, day, own, **_seen())
        if is_off:
            service.work_on(session, actor, driver, day, now=now)


def _seen() -> dict[str, object]:
    return {"now": context.now(), "seen_version": forms.seen_version(request.form)}


def _done(uid: UUID | None, day: date | None = None) -> ResponseReturnValue:
    flash(_("Saved."))
    return redirect(url_for("drivers.times", uid=uid, day=day and day.isoformat()), code=303)


def _page(
    driver: Driver, uid: UUID | None, errors: dict[str, str] | None = None
) -> ResponseReturnValue:
    today = local_day(context.now(), context.group().zone)
    chosen = day_asked(request.values.get("day", ""))
    if chosen is not None and not today <= chosen <= today + service.FARTHEST:
        chosen = None
    month = month_asked(request.args.get("month", ""), chosen or today, today)
    values: Mapping[str, object] = request.form if errors else _values(driver, chosen)
    page = render_template(
        "drivers/times.html",
        layout="phone.html" if uid is None else "desk.html",
        driver=driver,
        name=shown_name(driver.user, vault_of(context.session())),
        base="/availability" if uid is None else f"/drivers/{uid}/availability",
        month=month_words(month),
        earlier=None if month <= today.replace(day=1) else month_words(add_months(month, -1)),
        later=month_words(add_months(month, 1)) if month < last_month(today) else None,
        weekday_letters=weekdays("short"),
        weekdays=weekdays("wide"),
        days=days_of(driver, month, chosen, today, uid),
        chosen=chosen,
        copies=[] if chosen is None else _others(chosen),
        chosen_off=chosen is not None and rules.is_day_off(driver, chosen),
        has_own_hours=chosen is not None and rules.has_own_hours(driver, chosen),
        today=today,
        rows=range(max(forms.RANGES, _most_ranges(driver))),
        values=values,
        errors=errors or {},
        weeks=[(today, _("Not this week")), (next_monday(today), _("Not next week"))],
        away=[one for one in driver.days_off if one.last_on >= today],
        expired=rules.expired(driver.credentials, today),
        paper_words=forms.PAPER_WORDS,
    )
    return page, 422 if errors else 200


def _values(driver: Driver, chosen: date | None) -> dict[str, object]:
    values: dict[str, object] = {}
    for weekday in range(7):
        hours = sorted(
            (one.starts_minute, one.ends_minute) for one in driver.weekly if one.weekday == weekday
        )
        values.update(forms.ranges_as_values(hours, f"w{weekday}-"))
    if chosen is not None:
        values.update(forms.ranges_as_values(rules.ranges_on(driver, chosen)))
        has_own = rules.has_own_hours(driver, chosen)
        values["repeat"] = (Repeat.ONLY if has_own else Repeat.EVERY).value
        if rules.is_day_off(driver, chosen):
            values["repeat"] = Repeat.OFF.value
    return values


def _others(chosen: date) -> list[tuple[int, str]]:
    """The weekdays but that of `chosen`: what its hours may be copied to."""
    return [one for one in enumerate(weekdays("wide")) if one[0] != chosen.weekday()]


def _most_ranges(driver: Driver) -> int:
    weekly = [one.weekday for one in driver.weekly]
    dated = [one.on for one in driver.dated]
    counts = [weekly.count(day) for day in weekly] + [dated.count(day) for day in dated]
    return min(max(counts, default=0), 12)
