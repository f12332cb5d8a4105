"""Periods, worked out and said in words."""

from dataclasses import dataclass
from datetime import date, timedelta

from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext
from dispatch.retention.terms import TERMS, Periods, Term

BACKUP_KEYS_DAYS = 7
"""How long a backup of the key store is kept: after that no copy opens what was erased."""
BACKUP_DATA_DAYS = 90
"""How long a backup of the database is kept; without its keys it opens nothing."""


@dataclass(frozen=True)
class Line:
    """A term in words, for one group."""

    thing: str
    starts: str
    kept: str
    ends: str


def family_erased_on(made_on: date, asked_for: date | None, days: int) -> date:
    """The day on which a family of no further wishes is erased, kept for whole `days` before.

    `asked_for` is the last day of any ride, past or to come; one that never asked counts from when
    it was entered.
    """
    return max(made_on, asked_for or made_on) + timedelta(days=days + 1)


def term_of(table: str) -> Term:
    """The line that `table` stands in.

    Raises
        LookupError: none; then nobody has decided how long it is kept.
    """
    for term in TERMS:
        if table in term.tables:
            return term
    raise LookupError(f"nobody has decided how long {table} is kept")


def named(name: str) -> Term:
    """The line of that name."""
    return next(term for term in TERMS if term.name == name)


def span_of(name: str) -> timedelta:
    """How long the line of that name is kept, where no group has a period of its own.

    Raises
        LookupError: groups set it, or it ends with something else.
    """
    days = named(name).period
    if not isinstance(days, int):
        raise LookupError(f"{name} has no period for all")
    return timedelta(days=days)


def table(group: Periods) -> list[Line]:
    """What `group` keeps and for how long, in the language of the page; backups at the end."""
    lines = [
        Line(str(term.thing), str(term.starts), say_period(term.days(group)), str(term.ends))
        for term in TERMS
    ]
    return [*lines, *_backups()]


def say_period(days: int | None) -> str:
    """A period in words."""
    if days is None:
        return _("until it is removed")
    if days == 0:
        return _("ends at once")
    return ngettext("%(num)s day", "%(num)s days", days)


def _backups() -> list[Line]:
    return [
        Line(
            _("Backups of the keys"),
            _("the backup"),
            say_period(BACKUP_KEYS_DAYS),
            _("deleted: after that, what was erased opens in no copy"),
        ),
        Line(
            _("Backups of the data, encrypted"),
            _("the backup"),
            say_period(BACKUP_DATA_DAYS),
            _("deleted; without the keys nothing sealed in them opens"),
        ),
    ]
