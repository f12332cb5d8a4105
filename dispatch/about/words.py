"""Spans of time, said to people who read little."""

from dispatch.i18n import ngettext

_HOUR = 60


def say_span(minutes: int) -> str:
    """ "2 hours", "90 minutes"."""
    if minutes and minutes % _HOUR == 0:
        return ngettext("1 hour", "%(num)s hours", minutes // _HOUR)
    return ngettext("1 minute", "%(num)s minutes", minutes)
