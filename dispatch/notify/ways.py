"""By which channels somebody is told: what the installation has, the person has, and the person
chose."""

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from dispatch.notify.channels import CHANNELS, MAIL, PUSH, SMS
from dispatch.notify.push import subscriptions

if TYPE_CHECKING:
    from dispatch.people.models import User


def chosen(session: Session, user: "User | None") -> list[str]:
    """The channels by which `user` is told at once; the first that is open, where the person has
    none of those that were chosen."""
    open_ones = open_to(session, user)
    wanted = [one for one in open_ones if user is not None and _takes(session, user)[one]]
    return wanted or open_ones[:1]


def open_to(session: Session, user: "User | None") -> list[str]:
    """Every channel that reaches `user`, in the order in which they are tried."""
    return [one for one in session.info.get(CHANNELS, ()) if reaches(session, user, one)]


def reaches(session: Session, user: "User | None", channel: str) -> bool:
    """Whether `user` has an address for `channel`, and did not turn it off with all others."""
    if user is None or user.state.value != "active":
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
