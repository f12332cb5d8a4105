"""Letters that wait in a database: a driver, a ride, and what the driver is to be told."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.drivers.models import Driver
from dispatch.notify import service
from dispatch.notify.channels import CHANNELS, MAIL, SMS
from dispatch.notify.models import Delivery, Message, MessageKind
from dispatch.notify.rules import SETTLED
from dispatch.people.models import Group
from dispatch.planning.models import Assignment, AssignmentState
from dispatch.rides.models import RideState
from tests import build
from tests.build import TEN
from tests.conftest import NOW

BEFORE = NOW - SETTLED
"""What is decided then is told at the moment of tests."""


def an_offer(
    session: Session,
    group: Group,
    driver: Driver,
    *,
    at: datetime = TEN,
    now: datetime = BEFORE,
    **ride: object,
) -> Assignment:
    """A ride at `at` that `driver` is asked to drive, and told so."""
    asked = build.a_ride(
        session,
        group,
        service_on=at.date(),
        window_starts_at=at - timedelta(minutes=30),
        window_ends_at=at,
        state=RideState.OFFERED,
        **ride,
    )
    made = Assignment(
        group_id=group.id,
        ride=asked,
        driver=driver,
        user_id=driver.user_id,
        state=AssignmentState.OFFERED,
        pickup_at=at,
        dropoff_at=at + timedelta(minutes=20),
        busy_until=at + timedelta(minutes=30),
        approved_at=now,
    )
    session.add(made)
    session.flush()
    tell(session, made, MessageKind.RIDE_OFFERED, "offered", now)
    return made


def tell(
    session: Session, about: Assignment, kind: MessageKind, word: str, now: datetime = BEFORE
) -> None:
    """Tell the driver of `about` something."""
    service.tell_driver(
        session,
        kind=kind,
        user_id=about.user_id,
        ride=about.ride,
        facts={"pickup_at": about.pickup_at.isoformat()},
        once=f"{word}:{about.uid}",
        now=now,
    )


def with_mail(session: Session) -> Session:
    """The same session, of an installation that sends e-mail."""
    session.info[CHANNELS] = (MAIL,)
    return session


def with_texts(session: Session) -> Session:
    """The same session, of an installation that sends e-mail and text messages."""
    session.info[CHANNELS] = (MAIL, SMS)
    return session


def with_phone(session: Session, driver: Driver) -> Driver:
    """The same driver, who has a telephone now."""
    driver.user.seal("sealed_phone", "604-555-0118", session.info["vault"])
    session.flush()
    return driver


def deliveries_of(session: Session, about: Assignment) -> list[Delivery]:
    """What of the messages about it leaves the house, as it is stored."""
    chosen = select(Delivery).join(Message).where(Message.once.endswith(str(about.uid)))
    fresh = chosen.order_by(Delivery.id).execution_options(populate_existing=True)
    return list(session.scalars(fresh))
