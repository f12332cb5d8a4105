"""Importing a sheet: who may, which kind it is, all of it or nothing."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.audit.models import AuditEvent
from dispatch.db.transactions import Database
from dispatch.errors import Forbidden, NotFound, Refused
from dispatch.families.models import Family
from dispatch.imports import service
from dispatch.imports.rules import Sheet
from dispatch.people.models import Group
from dispatch.rides import service as rides
from tests.build import a_coordinator, a_group, a_steward
from tests.dispatch.imports.reading.sheets import a_csv
from tests.dispatch.imports.service.bringing import NOW, VALID, bring, bring_town, states


@pytest.mark.parametrize("sheet", list(Sheet))
def test_a_sheet_is_known_by_its_headers(session: Session, sheet: Sheet):
    group = a_group(session)
    actor = a_coordinator(session, group)
    data = a_csv([VALID[sheet]])
    report = service.import_sheet(session, actor, data, group=group, sheet=None, now=NOW)
    assert report.kind == sheet.value


def test_a_file_of_no_known_kind_is_refused(session: Session):
    group = a_group(session)
    actor = a_coordinator(session, group)
    with pytest.raises(Refused, match="Say which it is"):
        service.import_sheet(session, actor, b"a,b\n1,2\n", group=group, sheet=None, now=NOW)


def test_a_missing_column_is_named(session: Session):
    group = a_group(session)
    actor = a_coordinator(session, group)
    data = b"Driver,Email\nLuz,luz@example.org\n"
    with pytest.raises(Refused, match="Missing columns: Home, Seats"):
        service.import_sheet(session, actor, data, group=group, sheet=Sheet.DRIVERS, now=NOW)


def test_a_coordinator_of_another_group_imports_nothing(session: Session):
    group, other = a_group(session), a_group(session, name="Pine Valley Rides")
    actor = a_coordinator(session, other)
    with pytest.raises(NotFound):
        service.import_sheet(session, actor, b"", group=group, sheet=None, now=NOW)


def test_a_steward_imports_nothing(session: Session):
    group = a_group(session)
    with pytest.raises(Forbidden):
        service.import_sheet(session, a_steward(session), b"", group=group, sheet=None, now=NOW)


def bring_in_one_transaction(database: Database, group: Group, *rows: dict[str, str]) -> None:
    with database.transaction() as session:
        bring(session, session.get_one(Group, group.id), Sheet.REQUESTS, *rows)


def test_an_import_that_breaks_off_leaves_nothing(
    any_database: Database, monkeypatch: pytest.MonkeyPatch
):
    with any_database.transaction() as session:
        group = a_group(session)
        bring_town(session, group)
    submit, done = rides.submit, []

    def breaks_at_the_second(*args, **values):
        if done:
            raise RuntimeError("the lights went out")
        done.append(submit(*args, **values))

    monkeypatch.setattr(rides, "submit", breaks_at_the_second)
    with pytest.raises(RuntimeError):
        bring_in_one_transaction(any_database, group, {}, {"Date": "2027-03-10"})
    with any_database.transaction() as session:
        assert session.scalars(select(Family)).all() == []


def test_an_import_is_on_record_and_a_rehearsal_is_not(any_database: Database):
    with any_database.transaction() as session:
        group = a_group(session)
        bring(session, group, Sheet.PLACES, {}, rehearse=True)
        bring(session, group, Sheet.PLACES, {})
    with any_database.transaction() as session:
        rows = select(AuditEvent).where(AuditEvent.action == "import:run")
        assert [row.role for row in session.scalars(rows)] == ["system"]


def test_the_report_counts_every_row(session: Session):
    group = a_group(session)
    bring(session, group, Sheet.PLACES, {})
    report = bring(session, group, Sheet.PLACES, {}, {"name": ""}, {"name": "Bay School"})
    assert states(report) == ["known", "refused", "taken"]
    assert report.to_dict()["counts"] == {"taken": 1, "known": 1, "refused": 1}
    assert report.lines()[-1] == "3 rows: 1 taken, 1 on record already, 1 refused."
