"""Importing a sheet: may they, what would each row do, do it all, record it.

Every room's rows are planned before any is carried out, so a rehearsal is the plan alone and a
row that cannot be leaves nothing behind. The transaction is the caller's: all rows or none.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from dispatch import policy
from dispatch.audit import service as audit
from dispatch.db import transactions
from dispatch.errors import Refused
from dispatch.imports import rules
from dispatch.imports.reading.outcome import Unreadable
from dispatch.imports.reading.tables import Table
from dispatch.imports.report import Report, RowReport
from dispatch.imports.rules import LookAtPin, Sheet
from dispatch.imports.service import addresses, drivers, places, requests
from dispatch.people.models import Group
from dispatch.policy import Action, Actor


class Planned(Protocol):
    """A row as it was planned."""

    report: RowReport

    def carry_out(self, session: Session, actor: Actor, *, group: Group, now: datetime) -> None:
        """Do what the plan says; nothing for a row that is known or refused."""
        ...


Plan = Callable[[Session, Group, Table, datetime, LookAtPin], Sequence[Planned]]
_PLANS: dict[Sheet, Plan] = {
    Sheet.PLACES: places.plan,
    Sheet.ADDRESSES: addresses.plan,
    Sheet.DRIVERS: drivers.plan,
    Sheet.REQUESTS: requests.plan,
}


def import_sheet(
    session: Session,
    actor: Actor,
    data: bytes,
    *,
    group: Group,
    sheet: Sheet | None,
    look_at_pin: LookAtPin = lambda _point: None,
    rehearse: bool = False,
    now: datetime,
) -> Report:
    """Take in the rows of a sheet; one of unknown kind is known by its headers.

    `look_at_pin` tells what the imported map says of a point; nothing where there is none.

    Rows on record already are left as they are, so importing a sheet again changes nothing. With
    `rehearse` nothing is changed at all.

    Raises
        Forbidden, NotFound: `actor` may not import into `group`.
        Refused: the file is no such sheet.
    """
    policy.require(actor, Action.IMPORT, group, now)
    transactions.take_turns(session, b"import" + group.uid.bytes)
    try:
        sheet = sheet or rules.sheet_of(data)
        table = rules.table_of(sheet, data)
    except Unreadable as error:
        raise Refused(error.sentence) from error
    planned = _PLANS[sheet](session, group, table, now, look_at_pin)
    if not rehearse:
        for one in planned:
            one.carry_out(session, actor, group=group, now=now)
        session.flush()
        audit.record(session, actor, Action.IMPORT, group, now=now, group_uid=group.uid)
    return Report(sheet.value, [one.report for one in planned], table.ignored)
