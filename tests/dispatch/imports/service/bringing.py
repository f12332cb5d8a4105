"""Bringing sheets into a group: the places and addresses that every other sheet needs."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from dispatch.imports import service
from dispatch.imports.report import Report, RowReport
from dispatch.imports.rules import Sheet
from dispatch.people.models import Group
from dispatch.policy.actor import SYSTEM
from tests.dispatch.imports.reading.sheets import DRIVER, REQUEST, a_csv

NOW = datetime(2027, 3, 1, 17, 0, tzinfo=UTC)
PLACE = {
    "name": "Alder Clinic",
    "kind": "clinic",
    "lat": "49.26",
    "lon": "-123.1",
    "house_number": "1",
    "street": "Clinic Road",
}
ADDRESS = {
    "house_number": "12",
    "street": "Alder Street",
    "city": "Bayside",
    "postcode": "",
    "lat": "49.25",
    "lon": "-123.1",
}
VALID = {
    Sheet.PLACES: PLACE,
    Sheet.ADDRESSES: ADDRESS,
    Sheet.DRIVERS: DRIVER,
    Sheet.REQUESTS: REQUEST,
}


def bring(
    session: Session, group: Group, sheet: Sheet, *changes: dict[str, str], **options: object
) -> Report:
    """Import rows that differ from the valid one of their kind by `changes`."""
    data = a_csv([VALID[sheet] | change for change in changes])
    return service.import_sheet(session, SYSTEM, data, group=group, sheet=sheet, now=NOW, **options)


def bring_town(session: Session, group: Group) -> None:
    """A clinic and two houses, as the valid rows of drivers and requests name them."""
    bring(session, group, Sheet.PLACES, {})
    bring(session, group, Sheet.ADDRESSES, {}, {"house_number": "14", "lat": "49.2503"})


def states(report: Report) -> list[str]:
    """What became of each row."""
    return [row.state.value for row in report.rows]


def said(row: RowReport) -> str:
    """Everything that is said about a row."""
    return " ".join(row.sentences)
