"""Requests of a sheet: each becomes a family's request with its rides."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.db.transactions import vault_of
from dispatch.families import service as families
from dispatch.families.facts import FamilyFacts, Home
from dispatch.families.models import Family, FamilyState
from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext, say_day
from dispatch.imports import queries
from dispatch.imports.queries import Book
from dispatch.imports.reading.addresses import Found
from dispatch.imports.reading.outcome import Note, NoteKind, Problem, Taken
from dispatch.imports.reading.requests import read_requests
from dispatch.imports.reading.rows import RequestRow
from dispatch.imports.reading.tables import Table
from dispatch.imports.report import RowReport, RowState
from dispatch.imports.rules import LookAtPin
from dispatch.imports.service.homes import address_of
from dispatch.people.models import Group
from dispatch.places import service as places
from dispatch.places.models import Place, PlaceKind
from dispatch.places.sealed import point_of
from dispatch.policy import Actor
from dispatch.rides import rules
from dispatch.rides import service as rides
from dispatch.rides.models import Anchor, Request, ReturnKind
from dispatch.rides.rules import Asked

WAIT_MINUTES = 60
"""How long a driver waits where the sheet only says that one does."""


@dataclass(frozen=True)
class PlannedRequest:
    """A row of requests."""

    report: RowReport
    row: RequestRow | None = None
    asked: Asked | None = None
    """With stand-ins for places that are not stored yet."""
    token: str = ""
    home: Place | None = None
    """A public place where the family wants to be met; None for a home."""
    dropoff: Place | None = None
    """A public place; None for an address."""

    def carry_out(self, session: Session, actor: Actor, *, group: Group, now: datetime) -> None:
        """Enter the request if it is new, and the family before it."""
        if self.row is None or self.asked is None or self.report.state is not RowState.TAKEN:
            return
        family = queries.find_family(session, group, self.row.family)
        if family is None:
            facts = _family_facts(self.row, self.asked, self.home, group)
            family = families.save(session, actor, facts, group=group, now=now)
        dropoff = self.dropoff or _private(
            session, actor, family, self.row.dropoff, group=group, now=now
        )
        asked = replace(self.asked, pickup=family.place, dropoff=dropoff)
        rides.submit(session, actor, family, asked, form_token=self.token, now=now)


def plan(
    session: Session, group: Group, table: Table, now: datetime, _look_at_pin: LookAtPin
) -> Sequence[PlannedRequest]:
    """What each row of requests would do."""
    book = queries.book_of(session, group)
    outcomes = read_requests(
        table,
        book.names,
        zone=group.zone,
        today=clock.local_day(now, group.zone),
        most_riders=group.most_seats,
    )
    key = vault_of(session).derive_key("imported requests")
    tokens = {
        one.number: _token(key, group, one.value) for one in outcomes if isinstance(one, Taken)
    }
    known = queries.requests_by_token(session, tokens.values())
    stored = queries.families_by_number(session, group)
    planner = _Planner(session, group, book, stored, now)
    planned = []
    for one in outcomes:
        if isinstance(one, Taken):
            token = tokens[one.number]
            planned.append(planner.plan(one, token, known.get(token)))
        else:
            report = RowReport(one.number, RowState.REFUSED, problems=one.problems)
            planned.append(PlannedRequest(report))
    return planned


@dataclass(frozen=True)
class _Planner:
    """What every row is held against."""

    session: Session
    group: Group
    book: Book
    families: dict[str, Family]
    now: datetime

    def plan(self, one: Taken[RequestRow], token: str, known: Request | None) -> PlannedRequest:
        """What a row that was read would do."""
        row = one.value
        home, dropoff = self.book.place(row.home), self.book.place(row.dropoff)
        asked, notes = _asked(row, self.group)
        asked = replace(asked, pickup=home or _stand_in(1), dropoff=dropoff or _stand_in(2))
        what = f"{row.family}, {say_day(row.service_on)}"
        if known is not None:
            is_same = _says(known) == _would_say(asked, self.group.zone)
            report = RowReport(one.number, RowState.KNOWN, what, () if is_same else (_other(),))
            return PlannedRequest(report, row)
        family = self.families.get(row.family)
        problems = self._problems(asked, family)
        if family is not None and not self._lives_at(family, row.home, home):
            notes = (*notes, _elsewhere())
        state = RowState.REFUSED if problems else RowState.TAKEN
        report = RowReport(one.number, state, what, (*one.notes, *notes), problems)
        return PlannedRequest(report, row, asked, token, home, dropoff)

    def _problems(self, asked: Asked, family: Family | None) -> tuple[Problem, ...]:
        """What the rules for requests have against it."""
        if family is not None and family.state is FamilyState.LEFT:
            return (Problem(_("This family asks for no more rides."), "family"),)
        wrong = rules.mistakes(
            asked, zone=self.group.zone, most_seats=self.group.most_seats, now=self.now
        )
        return tuple(Problem(sentence) for sentence in wrong.values())

    def _lives_at(self, family: Family, home: Found, place: Place | None) -> bool:
        """Whether the family's place on record is where the sheet says: compared, never shown."""
        if place is not None or family.place.is_public:
            return family.place is place
        return point_of(family.place, vault_of(self.session)) == (home.point.lat, home.point.lon)


def _asked(row: RequestRow, group: Group) -> tuple[Asked, tuple[Note, ...]]:
    """What the row asks for, without its places, and what was supposed."""
    notes = []
    seats = sum(row.party.child_seats.values())
    children = max(row.party.children, seats)
    if children > row.party.children:
        sentence = ngettext(
            "Planned for %(num)s child, one for each seat.",
            "Planned for %(num)s children, one for each seat.",
            children,
        )
        notes.append(Note(NoteKind.CONFIRM, sentence))
    waits = row.return_kind is ReturnKind.WAIT
    if waits:
        sentence = _("The driver waits for %(minutes)s minutes.", minutes=WAIT_MINUTES)
        notes.append(Note(NoteKind.READ, sentence))
    back = row.return_at
    asked = Asked(
        pickup=_stand_in(1),
        dropoff=_stand_in(2),
        anchor=Anchor.ARRIVE_BY,
        on=row.service_on,
        at=row.appointment_at.astimezone(group.zone).time(),
        purpose=row.purpose,
        flexible_minutes=group.flexible_minutes,
        return_kind=row.return_kind,
        return_at=None if back is None else back.astimezone(group.zone).time(),
        return_flexible_minutes=group.flexible_minutes,
        wait_minutes=WAIT_MINUTES if waits else 0,
        adults=row.party.adults,
        children=children,
        child_seats=row.party.child_seats,
        wheelchair=row.party.wheelchair,
        notes=row.note,
    )
    return asked, tuple(notes)


def _stand_in(number: int) -> Place:
    """A place that will be stored when the row is carried out: for the rules, which compare."""
    return Place(id=-number, kind=PlaceKind.HOME)


def _family_facts(
    row: RequestRow, asked: Asked, meeting_point: Place | None, group: Group
) -> FamilyFacts:
    """The family as its first row shows it."""
    return FamilyFacts(
        number=row.family,
        language=row.language or group.language,
        adults=asked.adults,
        children=asked.children,
        child_seats=dict(asked.child_seats),
        wheelchair=asked.wheelchair,
        name=row.contact,
        phone=row.phone,
        where=meeting_point or Home(*address_of(row.home), far_is_meant=True),
    )


def _private(
    session: Session, actor: Actor, family: Family, found: Found, *, group: Group, now: datetime
) -> Place:
    """A drop-off that is no public place is the family's secret, like its home."""
    address, point = address_of(found)
    return places.save_private(
        session,
        actor,
        group=group,
        owner_uid=family.uid,
        kind=PlaceKind.OTHER_PRIVATE,
        address=address,
        point=point,
        far_is_meant=True,
        now=now,
    )


def _token(key: bytes, group: Group, row: RequestRow) -> str:
    """What makes it the same request: whose, when, where to. Keyed, since these can be guessed."""
    told = "\0".join(
        (str(group.uid), row.family, row.appointment_at.isoformat(), row.dropoff.label)
    )
    return hmac.new(key, told.encode(), hashlib.sha256).hexdigest()


def _says(request: Request) -> list[tuple[object, ...]]:
    """What a stored request asks for, without its places."""
    return [
        (ride.leg, ride.adults, ride.children, dict(ride.child_seats), ride.wheelchair)
        for ride in sorted(request.rides, key=lambda ride: ride.leg.value)
    ] + [(request.purpose, request.return_kind)]


def _would_say(asked: Asked, zone: ZoneInfo) -> list[tuple[object, ...]]:
    """The same of what the sheet asks for now."""
    seats = {kind: count for kind, count in asked.child_seats.items() if count}
    return [
        (one.leg, asked.adults, asked.children, seats, asked.wheelchair)
        for one in sorted(rules.planned(asked, zone), key=lambda one: one.leg.value)
    ] + [(asked.purpose, asked.return_kind)]


def _other() -> Note:
    sentence = _(
        "The sheet says something else now than when it was imported. "
        "Nothing was changed: change the request on its page."
    )
    return Note(NoteKind.CONFIRM, sentence)


def _elsewhere() -> Note:
    sentence = _(
        "The family is on record with another home, from where the ride starts. "
        "If it moved, change its page."
    )
    return Note(NoteKind.CONFIRM, sentence, "home")
