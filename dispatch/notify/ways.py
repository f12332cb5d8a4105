"""By which channels somebody is told: what the installation has, the reader has, and the reader
chose. A reader is a person with an account, or a family, which is told by text message or by a
call."""

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from dispatch.i18n import languages
from dispatch.notify import family_texts
from dispatch.notify.channels import CHANNELS, MAIL, PUSH, SMS
from dispatch.notify.models import Message
from dispatch.notify.push import subscriptions

if TYPE_CHECKING:
    from dispatch.families.models import Family
    from dispatch.people.models import User


def chosen(session: Session, message: Message) -> list[str]:
    """The channels by which its reader is told at once; the first that is open, where the reader
    has none of those that were chosen."""
    open_ones = open_to(session, message)
    if message.user is None:
        return open_ones
    takes = _takes(session, message.user)
    return [one for one in open_ones if takes[one]] or open_ones[:1]


def open_to(session: Session, message: Message) -> list[str]:
    """Every channel that reaches its reader, in the order in which they are tried."""
    here = session.info.get(CHANNELS, ())
    return [one for one in here if reaches(session, message, one)]


def reaches(session: Session, message: Message, channel: str) -> bool:
    """Whether its reader has an address for `channel`, and wants to be told."""
    if message.family is not None:
        is_said = channel == SMS and message.kind in family_texts.SAID
        return is_said and _takes_texts(message.family)
    return message.user is not None and _reaches_user(session, message.user, channel)


def may_text(session: Session, family: "Family") -> bool:
    """Whether `family` is told by text message here."""
    return SMS in session.info.get(CHANNELS, ()) and _takes_texts(family)


def _takes_texts(family: "Family") -> bool:
    """Whether it wants them, can be sent them, and there are words in its language."""
    return (
        family.takes_texts
        and family.sealed_phone is not None
        and not family.is_closed
        and family.language in languages()
    )


def _reaches_user(session: Session, user: "User", channel: str) -> bool:
    if user.state.value != "active":
        return False
    takes = _takes(session, user)
    has = {
        MAIL: user.sealed_email is not None,
        PUSH: takes[PUSH],
        SMS: user.sealed_phone is not None,
    }
    is_wanted = takes[PUSH] if channel == PUSH else takes[MAIL] or takes[SMS]
    return is_wanted and has[channel]


def _takes(session: Session, user: "User") -> dict[str, bool]:
    """What the person chose: a browser is subscribed, or it is not."""
    has_browser = bool(subscriptions.of(session, user.id))
    return {MAIL: user.takes_mail, PUSH: has_browser, SMS: user.takes_texts}
