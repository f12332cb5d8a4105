"""The log of who saw what was changed from outside: the stewards learn it, and nobody else.

Whoever can do that has been inside the machine, so that it is told on the pages and in the
program's own log alike.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.audit.verifying import Verdict
from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext
from dispatch.people import alarms
from dispatch.people.factors.models import NoticeKind
from dispatch.people.models import Alarm, User, UserState
from dispatch.people.service import notices


def _say(_session: Session, alarm: Alarm) -> str:
    facts = alarm.facts
    if facts["broken_at"] is not None:
        return _("The log of who saw what was changed at row %(row)s.", row=facts["broken_at"])
    if facts["missing_from"] is not None:
        return _(
            "Rows of the log of who saw what are gone: it once had a row %(row)s.",
            row=facts["missing_from"],
        )
    return ngettext(
        "One line among the notes outside of the log was not written by this service.",
        "%(num)s lines among the notes outside of the log were not written by this service.",
        facts["untrue"],
    )


BROKEN = alarms.register(alarms.Kind("log:broken", say=_say))


def tell_tampering(session: Session, verdict: Verdict, *, now: datetime) -> bool:
    """Tell the stewards what a look at the log found; once a day (UTC), whether this was it."""
    is_new = alarms.raise_alarm(
        session,
        BROKEN,
        group_id=None,
        about_id=None,
        once=f"{BROKEN.name}:{now.date().isoformat()}",
        facts={
            "broken_at": verdict.broken_at,
            "missing_from": verdict.missing_from,
            "untrue": verdict.untrue,
        },
        now=now,
    )
    stewards = select(User).where(User.is_steward, User.state == UserState.ACTIVE)
    for user in session.scalars(stewards) if is_new else ():
        notices.tell(session, user, NoticeKind.LOG_BROKEN, now=now)
    return is_new
