"""Drivers of a sheet: each becomes a person who is invited, with car, week and limits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from dispatch import clock, i18n
from dispatch.drivers import queries as driver_records
from dispatch.drivers import service
from dispatch.drivers.facts import DriverFacts, OwnAddress
from dispatch.i18n import gettext as _
from dispatch.imports import queries
from dispatch.imports.reading.availability import Away
from dispatch.imports.reading.drivers import read_drivers
from dispatch.imports.reading.outcome import Note, NoteKind, Problem, Taken
from dispatch.imports.reading.rows import DriverRow
from dispatch.imports.reading.tables import Table
from dispatch.imports.report import RowReport, RowState
from dispatch.imports.rules import LookAtPin
from dispatch.imports.service.homes import address_of
from dispatch.people import queries as people
from dispatch.people import service as accounts
from dispatch.people.models import Group, Role, User, UserState
from dispatch.places.models import Place
from dispatch.policy import Actor


@dataclass(frozen=True)
class PlannedDriver:
    """A row of drivers."""

    report: RowReport
    row: DriverRow | None = None
    user: User | None = None
    """Somebody who has an account already."""
    start: Place | None = None
    """A public place that the driver starts from; None for an own address."""
    away: tuple[Away, ...] = ()

    def carry_out(self, session: Session, actor: Actor, *, group: Group, now: datetime) -> None:
        """Make the driver if it is new. The link of the invitation is made on the driver's page."""
        if self.row is None or self.report.state is not RowState.TAKEN:
            return
        row = self.row
        facts = DriverFacts(
            number=driver_records.next_number(session, group),
            seats=row.seats,
            child_seats=dict(row.child_seats),
            wheelchair=row.wheelchair,
            languages=row.languages,
            max_drive_minutes=row.most_drive_minutes,
            max_rides_week=row.most_rides_week,
            start=self.start or OwnAddress(*address_of(row.home), far_is_meant=True),
        )
        user = self._account(session, actor, group, now)
        driver = service.save(session, actor, facts, group=group, user=user, now=now)
        week = {
            weekday: [(_minute(one.start), _minute(one.end)) for one in hours]
            for weekday, hours in row.weekly.items()
        }
        if week:
            service.set_weekly(session, actor, driver, week, now=now)
        for away in self.away:
            service.add_day_off(session, actor, driver, away.first_on, away.last_on, now=now)

    def _account(self, session: Session, actor: Actor, group: Group, now: datetime) -> User:
        if self.row is None:
            raise LookupError("a row that was not read has no account")
        if self.user is not None and _drives_for(self.user, group):
            return self.user
        user, _code = accounts.invite(
            session,
            actor,
            group,
            Role.DRIVER,
            name=self.row.name,
            email=self.row.email,
            language=_language(self.row, group),
            now=now,
        )
        return user


def plan(
    session: Session, group: Group, table: Table, now: datetime, _look_at_pin: LookAtPin
) -> Sequence[PlannedDriver]:
    """What each row of drivers would do."""
    book = queries.book_of(session, group)
    today = clock.local_day(now, group.zone)
    planned = []
    for one in read_drivers(table, book.names, today=today):
        if not isinstance(one, Taken):
            report = RowReport(one.number, RowState.REFUSED, problems=one.problems)
            planned.append(PlannedDriver(report))
            continue
        row = one.value
        user = people.find_user_by_email(session, row.email)
        state, problems = _held_against(session, group, user)
        away, notes = _to_come(row.away, today)
        said = () if state is RowState.KNOWN else (*one.notes, *notes)
        report = RowReport(one.number, state, row.name, said, problems)
        planned.append(PlannedDriver(report, row, user, book.place(row.home), away))
    return planned


def _held_against(
    session: Session, group: Group, user: User | None
) -> tuple[RowState, tuple[Problem, ...]]:
    if user is None:
        return RowState.TAKEN, ()
    if queries.find_driver(session, group, user) is not None:
        return RowState.KNOWN, ()
    if user.state is UserState.SUSPENDED:
        sentence = _("The account of this e-mail is closed. A steward can open it again.")
        return RowState.REFUSED, (Problem(sentence, "email"),)
    return RowState.TAKEN, ()


def _to_come(away: Iterable[Away], today: date) -> tuple[tuple[Away, ...], tuple[Note, ...]]:
    """Days away from today on, without overlap; a note when some are past."""
    coming: list[Away] = []
    for one in sorted(away, key=lambda one: one.first_on):
        first = max(one.first_on, today)
        if coming and first <= coming[-1].last_on:
            coming[-1] = Away(coming[-1].first_on, max(coming[-1].last_on, one.last_on))
        elif first <= one.last_on:
            coming.append(Away(first, one.last_on))
    if any(one.last_on < today for one in away):
        return tuple(coming), (Note(NoteKind.READ, _("Days away that are past were left out.")),)
    return tuple(coming), ()


def _drives_for(user: User, group: Group) -> bool:
    return any(one.group_id == group.id and one.role is Role.DRIVER for one in user.memberships)


def _language(row: DriverRow, group: Group) -> str:
    """The first language of the driver's that the pages speak, else the group's."""
    return next((code for code in row.languages if code in i18n.languages()), group.language)


def _minute(wall: time) -> int:
    return wall.hour * 60 + wall.minute
