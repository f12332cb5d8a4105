"""When a driver can drive: the same page for the driver's phone and for the coordinator's desk."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from babel.dates import get_day_names
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch import i18n
from dispatch.clock import local_day
from dispatch.db.transactions import vault_of
from dispatch.drivers import forms, queries, rules, service
from dispatch.drivers.forms import Repeat
from dispatch.drivers.models import Driver
from dispatch.drivers.rules import Range
from dispatch.drivers.views.room import blueprint
from dispatch.errors import Refused
from dispatch.i18n import gettext as _
from dispatch.people.queries import shown_name
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.web import context

MONTHS_AHEAD = 12


@blueprint.get("/availability")
@blueprint.get("/drivers/<uuid:uid>/availability")
@needs(Action.CHANGE_AVAILABILITY)
def times(uid: UUID | None = None) -> ResponseReturnValue:
    """A month to tap, the week, the days off."""
    return _page(_driver(uid), uid)


@blueprint.post("/availability/week")
@blueprint.post("/drivers/<uuid:uid>/availability/week")
@needs(Action.CHANGE_AVAILABILITY)
def set_week(uid: UUID | None = None) -> ResponseReturnValue:
    """Offer the same hours every week."""
    driver = _driver(uid)
    week, errors = forms.parse_week(request.form)
    if week is None:
        return _page(driver, uid, errors=errors)
    service.set_weekly(context.session(), context.actor(), driver, week, **_seen())
    return _done(uid)


@blueprint.post("/availability/day")
@blueprint.post("/drivers/<uuid:uid>/availability/day")
@needs(Action.CHANGE_AVAILABILITY)
def set_day(uid: UUID | None = None) -> ResponseReturnValue:
    """Say what holds for one day, or for its weekday."""
    driver = _driver(uid)
    typed, errors = forms.parse_day(request.form)
    if typed is None:
        return _page(driver, uid, errors=errors)
    day, repeat, ranges = typed
    try:
        _settle(driver, day, repeat, ranges)
    except Refused as refused:
        return _page(driver, uid, errors={"from-0": " ".join(refused.reasons)})
    return _done(uid, day)


@blueprint.post("/availability/away")
@blueprint.post("/drivers/<uuid:uid>/availability/away")
@needs(Action.CHANGE_AVAILABILITY)
def add_away(uid: UUID | None = None) -> ResponseReturnValue:
    """Offer nothing for some days."""
    driver = _driver(uid)
    days, errors = forms.parse_away(request.form)
    if days is None:
        return _page(driver, uid, errors=errors)
    try:
        service.add_day_off(context.session(), context.actor(), driver, *days, **_seen())
    except Refused as refused:
        return _page(driver, uid, errors={"first_on": " ".join(refused.reasons)})
    return _done(uid)


@blueprint.post("/availability/back")
@blueprint.post("/drivers/<uuid:uid>/availability/back")
@needs(Action.CHANGE_AVAILABILITY)
def remove_away(uid: UUID | None = None) -> ResponseReturnValue:
    """Take days off back."""
    driver = _driver(uid)
    day = _day_of(request.form.get("day", ""))
    if day is not None:
        service.remove_day_off(context.session(), context.actor(), driver, day, **_seen())
    return _done(uid, day)


def _driver(uid: UUID | None) -> Driver:
    session, actor = context.session(), context.actor()
    if uid is None:
        return queries.own_driver(session, actor, context.group())
    return queries.get_driver(session, actor, uid)


def _settle(driver: Driver, day: date, repeat: Repeat, ranges: list[Range]) -> None:
    session, actor, now = context.session(), context.actor(), context.now()
    is_off = rules.is_day_off(driver, day)
    if repeat is Repeat.OFF:
        if not is_off:
            service.add_day_off(session, actor, driver, day, day, **_seen())
    elif repeat is Repeat.EVERY:
        service.set_weekly(session, actor, driver, {day.weekday(): ranges}, **_seen())
        if any(one.on == day for one in driver.dated):
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


def _day_of(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page(
    driver: Driver, uid: UUID | None, errors: dict[str, str] | None = None
) -> ResponseReturnValue:
    today = local_day(context.now(), context.group().zone)
    chosen = _day_of(request.values.get("day", ""))
    if chosen is not None and not today <= chosen <= today + service.FARTHEST:
        chosen = None
    month = _month(request.args.get("month", ""), chosen or today, today)
    values: Mapping[str, object] = request.form if errors else _values(driver, chosen)
    page = render_template(
        "drivers/times.html",
        layout="phone.html" if uid is None else "desk.html",
        driver=driver,
        name=shown_name(driver.user, vault_of(context.session())),
        base="/availability" if uid is None else f"/drivers/{uid}/availability",
        month=_month_words(month),
        earlier=None if month <= today.replace(day=1) else _month_words(_add_months(month, -1)),
        later=_month_words(_add_months(month, 1)) if month < _last_month(today) else None,
        weekday_letters=_weekdays("short"),
        weekdays=_weekdays("wide"),
        days=_days(driver, month, chosen, today, uid),
        chosen=chosen,
        chosen_off=chosen is not None and rules.is_day_off(driver, chosen),
        has_own_hours=any(one.on == chosen for one in driver.dated),
        today=today,
        rows=range(max(forms.RANGES, _most_ranges(driver))),
        values=values,
        errors=errors or {},
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
        has_own = any(one.on == chosen for one in driver.dated)
        values["repeat"] = (Repeat.ONLY if has_own else Repeat.EVERY).value
        if rules.is_day_off(driver, chosen):
            values["repeat"] = Repeat.OFF.value
    return values


def _most_ranges(driver: Driver) -> int:
    weekly = [one.weekday for one in driver.weekly]
    dated = [one.on for one in driver.dated]
    counts = [weekly.count(day) for day in weekly] + [dated.count(day) for day in dated]
    return min(max(counts, default=0), 12)


def _days(
    driver: Driver, month: date, chosen: date | None, today: date, uid: UUID | None
) -> list[dict[str, object]]:
    _first, length = monthrange(month.year, month.month)
    found = []
    for number in range(1, length + 1):
        day = month.replace(day=number)
        is_away = rules.is_day_off(driver, day)
        parts = [] if is_away else rules.parts_of(rules.ranges_on(driver, day))
        found.append(
            {
                "number": number,
                "words": _day_words(day, parts, is_away),
                "url": url_for("drivers.times", uid=uid, day=day.isoformat(), _anchor="day"),
                "parts": parts,
                "away": is_away,
                "today": day == today,
                "past": day < today,
                "chosen": day == chosen,
                "column": day.weekday() + 1,
            }
        )
    return found


def _day_words(day: date, parts: list[str], is_away: bool) -> str:
    said = {"morning": _("morning"), "afternoon": _("afternoon"), "evening": _("evening")}
    free = [said[part] for part in parts] or [_("not free")]
    return ", ".join([i18n.say_day(day, "d MMMM"), *([_("away")] if is_away else free)])


def _weekdays(width: str) -> list[str]:
    names = get_day_names(width, "stand-alone", locale=i18n.language())
    return [names[weekday] for weekday in range(7)]


def _month_words(month: date) -> dict[str, str]:
    return {
        "value": month.strftime("%Y-%m"),
        "words": i18n.say_day(month, "LLLL y"),
        "name": i18n.say_day(month, "LLLL"),
    }


def _month(text: str, around: date, today: date) -> date:
    asked = _day_of(f"{text}-01") or around.replace(day=1)
    return min(max(asked, today.replace(day=1)), _last_month(today))


def _last_month(today: date) -> date:
    return _add_months(today.replace(day=1), MONTHS_AHEAD)


def _add_months(month: date, count: int) -> date:
    months = month.year * 12 + month.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)
