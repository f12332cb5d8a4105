"""The simple lines of the table: rows whose time is over go, with all that hangs on them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from dispatch import clock, retention
from dispatch.db.base import Base
from dispatch.drivers.models import DatedAvailability, DayOff, Driver
from dispatch.erasing.models import Erasure, ErasureState, LegalHold, RetentionReport
from dispatch.erasing.service import rides
from dispatch.incidents.models import Incident
from dispatch.notify.models import Message
from dispatch.people import sessions
from dispatch.people.models import Alarm, Group, Invitation, Motion, SignInFailure, WebSession
from dispatch.planning.models import DriverAction, MatchRun, Proposal
from dispatch.rides.models import Request, Ride
from dispatch.visits.models import FamilyCode, FamilyPhone

Ids = list[int]


@dataclass(frozen=True)
class Sweep:
    """One kind of row: which are due, and what is done before they go."""

    term: str
    """The line of the table."""
    table: str
    due: Callable[[Session, datetime], Ids]
    before: Callable[[Session, Ids], int] | None = None
    """Makes what stays; how many rows that is."""
    makes: str | None = None
    """The table of what stays."""


def sweeps() -> list[Sweep]:
    """Every sweep, in the order in which they are carried out."""
    return [
        Sweep("rides", Ride.__tablename__, _rides, before=rides.count, makes="past_ride"),
        Sweep("rides", Request.__tablename__, _requests),
        Sweep("rides", Proposal.__tablename__, _proposals),
        Sweep("runs", MatchRun.__tablename__, _runs),
        Sweep("messages", Message.__tablename__, _messages),
        _after("taps", DriverAction, DriverAction.received_at),
        Sweep("times", DatedAvailability.__tablename__, _dates),
        Sweep("times", DayOff.__tablename__, _days_off),
        Sweep("sessions", WebSession.__tablename__, _sessions),
        _after("guesses", SignInFailure, SignInFailure.at),
        _after("invitations", Invitation, Invitation.expires_at),
        _after("invitations", FamilyCode, FamilyCode.expires_at),
        _after("sessions", FamilyPhone, func.coalesce(FamilyPhone.ended_at, FamilyPhone.seen_at)),
        _after("receipts", Erasure, Erasure.erased_at, Erasure.state == ErasureState.ERASED),
        _after("receipts", RetentionReport, RetentionReport.ended_at),
        _after("incidents", Incident, Incident.made_at),
        _after("holds", LegalHold, func.coalesce(LegalHold.ended_at, LegalHold.expires_at)),
        _after("motions", Alarm, func.coalesce(Alarm.taken_at, Alarm.made_at)),
        _after("motions", Motion, func.coalesce(Motion.seconded_at, Motion.expires_at)),
    ]


def _after(
    term: str,
    model: type[Base],
    moment: InstrumentedAttribute | ColumnElement,
    *also: ColumnElement[bool],
) -> Sweep:
    """Rows that go so many days after `moment`, as the table says."""

    def due(session: Session, now: datetime) -> Ids:
        before = now - retention.span_of(term)
        return list(session.scalars(select(model.id).where(moment < before, *also)))

    return Sweep(term, model.__tablename__, due)


def _rides(session: Session, now: datetime) -> Ids:
    return rides.due_rides(session, now=now)


def _requests(session: Session, now: datetime) -> Ids:
    return rides.due_requests(session, now=now)


def _proposals(session: Session, now: datetime) -> Ids:
    """Of runs over days whose time is over; those of rides that stay for another reason too."""
    run_ids = _runs(session, now)
    return list(session.scalars(select(Proposal.id).where(Proposal.run_id.in_(run_ids))))


def _runs(session: Session, now: datetime) -> Ids:
    found: Ids = []
    for group in session.scalars(select(Group)):
        before = clock.local_day(now, group.zone) - timedelta(days=group.ride_days)
        chosen = select(MatchRun.id).where(
            MatchRun.group_id == group.id, MatchRun.service_on < before
        )
        found += session.scalars(chosen)
    return found


def _messages(session: Session, now: datetime) -> Ids:
    found: Ids = []
    for group in session.scalars(select(Group)):
        before = now - timedelta(days=group.message_days)
        chosen = select(Message.id).where(Message.group_id == group.id, Message.made_at < before)
        found += session.scalars(chosen)
    return found


def _dates(session: Session, now: datetime) -> Ids:
    return _of_drivers(session, now, DatedAvailability, DatedAvailability.on)


def _days_off(session: Session, now: datetime) -> Ids:
    return _of_drivers(session, now, DayOff, DayOff.last_on)


def _of_drivers(
    session: Session,
    now: datetime,
    model: type[DatedAvailability | DayOff],
    day: InstrumentedAttribute,
) -> Ids:
    found: Ids = []
    for group in session.scalars(select(Group)):
        before = clock.local_day(now, group.zone) - timedelta(days=group.ride_days)
        chosen = select(model.id).join(Driver).where(Driver.group_id == group.id, day < before)
        found += session.scalars(chosen)
    return found


def _sessions(session: Session, now: datetime) -> Ids:
    before = now - retention.span_of("sessions")
    over = or_(WebSession.ended_at < before, WebSession.made_at < before - sessions.ABSOLUTE)
    return list(session.scalars(select(WebSession.id).where(over)))
