"""A steward's consent that a public geocoding server is asked: given after reading, ended at will.

Without it a server that belongs to strangers is never asked. It holds for one server by its name:
another name in the settings needs another consent.
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.geocoding_server import GeocodingServer
from dispatch.places.models import GeocoderConsent
from dispatch.policy import Action, Actor


def find_consent(session: Session, server: GeocodingServer) -> GeocoderConsent | None:
    """The consent that holds for `server`."""
    live = select(GeocoderConsent).where(
        GeocoderConsent.host == server.host, GeocoderConsent.ended_at.is_(None)
    )
    return session.scalars(live).one_or_none()


def may_be_asked(session: Session, server: GeocodingServer) -> bool:
    """Whether `server` is the group's own, or a stranger's that a steward allowed."""
    return not server.is_public or find_consent(session, server) is not None


def say_whether_asked(session: Session, server: GeocodingServer) -> str:
    """A sentence for the terminal of whoever starts the program."""
    if not server.is_public:
        return f"{server.host} is asked for addresses that the imported map does not know."
    if may_be_asked(session, server):
        return f"{server.host}, a public service, is asked for addresses: a steward allowed it."
    return (
        f"{server.host} is a public service and is not asked: it would learn where families live. "
        "A steward can read what it learns, and allow it, on the page /geocoder."
    )


def give(session: Session, actor: Actor, server: GeocodingServer, *, now: datetime) -> None:
    """Let `server` be asked from now on; nothing new where it may be already."""
    policy.require(actor, Action.ALLOW_GEOCODER, None, now)
    if may_be_asked(session, server):
        return
    given = GeocoderConsent(host=server.host, given_at=now)
    try:
        with session.begin_nested():
            session.add(given)
    except IntegrityError:  # another steward was first
        return
    audit.record(session, actor, Action.ALLOW_GEOCODER, given, now=now)


def end(session: Session, actor: Actor, server: GeocodingServer, *, now: datetime) -> None:
    """Let `server` be asked no more."""
    policy.require(actor, Action.STOP_GEOCODER, None, now)
    given = find_consent(session, server)
    if given is not None:
        given.ended_at = now
        session.flush()
        audit.record(session, actor, Action.STOP_GEOCODER, given, now=now)
