"""A month of a driver's days, in the words and marks of the page."""

from calendar import monthrange
from datetime import date, timedelta
from uuid import UUID

from babel.dates import get_day_names
from flask import url_for

from dispatch import i18n
from dispatch.drivers import rules
from dispatch.drivers.models import Driver
from dispatch.i18n import gettext as _

MONTHS_AHEAD = 12


def days_of(
    driver: Driver, month: date, chosen: date | None, today: date, uid: UUID | None
) -> list[dict[str, object]]:
    """What `templates/parts/month.html` shows of each day; `uid` as in the address of the page."""
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


def weekdays(width: str) -> list[str]:
    """The names of the weekdays from Monday, "short" or "wide"."""
    names = get_day_names(width, "stand-alone", locale=i18n.language())
    return [names[weekday] for weekday in range(7)]


def next_monday(day: date) -> date:
    """The first day of the week after that of `day`."""
    return day + timedelta(days=7 - day.weekday())


def month_words(month: date) -> dict[str, str]:
    """A month as an address and as a heading say it."""
    return {
        "value": month.strftime("%Y-%m"),
        "words": i18n.say_day(month, "LLLL y"),
        "name": i18n.say_day(month, "LLLL"),
    }


def day_asked(text: str) -> date | None:
    """The day that `text` says, if it says one."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def month_asked(text: str, around: date, today: date) -> date:
    """The first day of the month to show: the one asked for, or that of `around`; none gone by."""
    asked = day_asked(f"{text}-01") or around.replace(day=1)
    return min(max(asked, today.replace(day=1)), last_month(today))


def last_month(today: date) -> date:
    """The first day of the last month that can be shown."""
    return add_months(today.replace(day=1), MONTHS_AHEAD)


def add_months(month: date, count: int) -> date:
    """The first day of the month `count` months later."""
    months = month.year * 12 + month.month - 1 + count
    return date(months // 12, months % 12 + 1, 1)
