"""Languages: which there are, which one this page speaks, and how days and times are said.

English is the source; every other language is one folder under `translations/`. Outside a
request (worker, command line) the language is set with `speaking()`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.support import LazyProxy, Translations

from dispatch.i18n.catalogues import FOLDER, SOURCE, compile_catalogues, sources

_language: ContextVar[str] = ContextVar("language", default=SOURCE)
_catalogues: dict[str, Translations] = {}


def languages() -> list[str]:
    """The languages that can be chosen, the source first."""
    return [SOURCE, *(source.parent.parent.name for source in sources())]


def language() -> str:
    """The language spoken now."""
    return _language.get()


def set_language(code: str) -> None:
    """Speak `code` from here on in this context; an unknown one falls back to the source."""
    _language.set(code if code in languages() else SOURCE)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak `code` inside the block."""
    token = _language.set(code if code in languages() else SOURCE)
    try:
        yield
    finally:
        _language.reset(token)


def _catalogue() -> Translations:
    code = language()
    if code not in _catalogues:
        if code != SOURCE:
            compile_catalogues()
        _catalogues[code] = Translations.load(FOLDER, [code])
    return _catalogues[code]


def gettext(message: str, /, **values: object) -> str:
    """`message` in the language spoken now, with its `%(name)s` filled in."""
    said = _catalogue().ugettext(message)
    return said % values if values else said


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """The form of the message that fits `number`, filled in; `%(num)s` is the number."""
    said = _catalogue().ungettext(one, many, number)
    return said % {"num": number, **values}


def lazy_gettext(message: str) -> LazyProxy:
    """A message that is translated when it is shown: for tables made at import."""
    return LazyProxy(gettext, message, enable_cache=False)


def say_day(day: date, style: str | None = None) -> str:
    """`day` in words: "Tuesday 9 March", "martes 9 de marzo"."""
    return format_date(day, style or gettext("EEEE d MMMM"), locale=language())


def say_time(instant: datetime, zone: ZoneInfo, *, twelve_hours: bool = False) -> str:
    """The wall time of `instant` in `zone`: "13:10", or "1:10 PM"."""
    there = instant.astimezone(zone)
    if not twelve_hours:
        return f"{there:%H:%M}"  # the same in every language we have, and a board says it 500 times
    return format_time(there, "h:mm a", locale=language())
