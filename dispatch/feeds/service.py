"""Making the link to one's rides, ending it, and what it shows."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.drivers.models import Driver
from dispatch.errors import Frozen, NotFound
from dispatch.feeds.ics import Entry
from dispatch.feeds.models import RideFeed
from dispatch.people import freezing
from dispatch.people import service as people
from dispatch.people.models import User, UserState
from dispatch.people.sessions import hash_of
from dispatch.places.models import Place
from dispatch.planning.coarse import pickup_between
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.policy import Action, Actor
from dispatch.rides.models import Ride

PAST, AHEAD = timedelta(days=7), timedelta(days=90)
"""How far the calendar sees."""
_SHOWN = (AssignmentState.OFFERED, AssignmentState.ACCEPTED, AssignmentState.COMPLETED)


def has_link(session: Session, actor: Actor, driver: Driver, *, now: datetime) -> bool:
    """Whether there is a link to the rides of `driver`."""
    policy.require(actor, Action.KEEP_FEED, driver, now)
    return session.scalar(_of(driver)) is not None


def make_link(session: Session, actor: Actor, driver: Driver, *, now: datetime) -> str:
    """A new link to the rides of `driver`: its token, which is kept nowhere. An older one ends."""
    end_link(session, actor, driver, now=now)
    token = secrets.token_urlsafe(32)
    session.add(RideFeed(driver_id=driver.id, token_hash=hash_of(token), made_at=now))
    session.flush()
    return token


def end_link(session: Session, actor: Actor, driver: Driver, *, now: datetime) -> None:
    """Let the link to the rides of `driver` show nothing any more; nothing happens without one."""
    policy.require(actor, Action.KEEP_FEED, driver, now)
    session.execute(delete(RideFeed).where(RideFeed.driver_id == driver.id))
    audit.record(session, actor, Action.KEEP_FEED, driver, now=now)


@people.when_closed
def let_go(session: Session, user: User, _now: datetime) -> None:
    """Whoever is let in again makes a new link: the old one may be with somebody else."""
    records = select(Driver.id).where(Driver.user_id == user.id)
    session.execute(delete(RideFeed).where(RideFeed.driver_id.in_(records)))


def entries(session: Session, token: str, *, now: datetime) -> tuple[User, list[Entry]]:
    """Whose rides the link with `token` shows, and when they are about, the first one first.

    The planned minute is never among it: a few of those draw a home on a map.

    Raises
        Frozen: the service is paused. A calendar that is told so keeps what it has, and asks again.
        NotFound: there is no such link, or its person's account is closed.
    """
    if freezing.is_frozen(session):
        raise Frozen
    found = session.scalars(
        select(RideFeed)
        .where(RideFeed.token_hash == hash_of(token))
        .options(joinedload(RideFeed.driver).joinedload(Driver.user))
    ).one_or_none()
    if found is None or found.driver.user.state is not UserState.ACTIVE:
        raise NotFound("feed")
    held = (
        select(Assignment)
        .where(
            Assignment.driver_id == found.driver_id,
            Assignment.state.in_(_SHOWN),
            Assignment.pickup_at.between(now - PAST, now + AHEAD),
        )
        .options(
            joinedload(Assignment.ride).options(
                joinedload(Ride.pickup_place).joinedload(Place.cell),
                joinedload(Ride.dropoff_place).joinedload(Place.cell),
            )
        )
        .order_by(Assignment.pickup_at)
    )
    return found.driver.user, [
        Entry(
            uid=one.uid,
            between=between,
            is_promised=one.state is not AssignmentState.OFFERED,
            changed_at=one.answered_at or one.approved_at,
        )
        for one in session.scalars(held)
        if (between := pickup_between(one.ride)) is not None
    ]


def _of(driver: Driver) -> object:
    return select(RideFeed.id).where(RideFeed.driver_id == driver.id)
