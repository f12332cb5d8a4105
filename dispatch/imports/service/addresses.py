"""Known addresses of a sheet: kept to find the homes of later sheets by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from dispatch.i18n import gettext as _
from dispatch.imports import queries, rules
from dispatch.imports.models import KnownAddress
from dispatch.imports.reading.known import AddressRow, Point, read_addresses
from dispatch.imports.reading.outcome import Problem, Taken
from dispatch.imports.reading.tables import Table
from dispatch.imports.report import RowReport, RowState
from dispatch.imports.rules import LookAtPin
from dispatch.people.models import Group
from dispatch.policy import Actor

_MOST = {"house_number": 40, "street": 120, "city": 80, "postcode": 20}
"""Characters that fit."""


@dataclass(frozen=True)
class PlannedAddress:
    """A row of addresses."""

    report: RowReport
    row: AddressRow | None

    def carry_out(self, session: Session, _actor: Actor, *, group: Group, now: datetime) -> None:
        """Keep the address if it is new."""
        if self.row is None or self.report.state is not RowState.TAKEN:
            return
        session.add(
            KnownAddress(
                group_id=group.id,
                house_number=self.row.house_number,
                street=self.row.street,
                city=self.row.city,
                postcode=self.row.postcode,
                latitude=self.row.point.lat,
                longitude=self.row.point.lon,
            )
        )


def plan(
    session: Session, group: Group, table: Table, _now: datetime, look_at_pin: LookAtPin
) -> Sequence[PlannedAddress]:
    """What each row of addresses would do."""
    known = set(queries.known_addresses(session, group))
    outcomes = read_addresses(table)
    points = [one.point for one in known]
    middle = rules.middle_of(
        points + [one.value.point for one in outcomes if isinstance(one, Taken)]
    )
    planned = []
    for one in outcomes:
        if not isinstance(one, Taken):
            report = RowReport(one.number, RowState.REFUSED, problems=one.problems)
            planned.append(PlannedAddress(report, None))
            continue
        row = one.value
        what = f"{row.house_number} {row.street}"
        problems = (*_too_long(row), *_misplaced(row.point, middle, look_at_pin))
        state = RowState.KNOWN if row in known else RowState.TAKEN
        notes = one.notes
        if problems:
            state = RowState.REFUSED
        elif state is RowState.TAKEN:
            notes += rules.doubts_of(row.point, look_at_pin)
        planned.append(PlannedAddress(RowReport(one.number, state, what, notes, problems), row))
    return planned


def _misplaced(point: Point, middle: Point | None, look_at_pin: LookAtPin) -> tuple[Problem, ...]:
    if rules.is_swapped(point, middle, look_at_pin):
        return (Problem(_("Latitude and longitude look swapped.")),)
    if rules.is_astray(point, middle):
        sentence = _("This is far from where the other addresses are; mend the point.")
        return (Problem(sentence),)
    return ()


def _too_long(row: AddressRow) -> list[Problem]:
    return [
        Problem(_("The cell has more than %(most)s characters.", most=most), name)
        for name, most in _MOST.items()
        if len(getattr(row, name)) > most
    ]
