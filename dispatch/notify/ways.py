"""By which channels somebody is told: what the installation has, the person has, and the person
chose."""

from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from dispatch.notify.channels import CHANNELS, MAIL, SMS

if TYPE_CHECKING:
    from dispatch.people.models import User


def chosen(session: Session, user: "User | None") -> list[str]:
    """The channels by which `user` is told at once; the first that is open, where the person has
    none of those that were chosen."""
    open_ones = open_to(session, user)
    wanted = [one for one in open_ones if user is not None and _takes(user)[one]]
    return wanted or open_ones[:1]


def open_to(session: Session, user: "User | None") -> list[str]:
    """Every channel that reaches `user`, in the order in which they are tried."""
    return [one for one in session.info.get(CHANNELS, ()) if reaches(user, one)]


def reaches(user: "User | None", channel: str) -> bool:
    """Whether `user` has an address for `channel`, and wants to hear of things at all."""
    if user is None or user.state.value != "active" or not any(_takes(user).values()):
        return False
    has = {MAIL: user.sealed_email is not None, SMS: user.sealed_phone is not None}
    return has[channel]


def _takes(user: "User") -> dict[str, bool]:
    return {MAIL: user.takes_mail, SMS: user.takes_texts}
