"""`audit` on the command line."""

import pytest

from dispatch import cli
from dispatch.audit import service as audit
from dispatch.config import Settings
from dispatch.db.transactions import Database
from dispatch.policy import Action
from dispatch.policy.actor import SYSTEM
from tests import build
from tests.conftest import NOW


@pytest.fixture
def noted(database: Database) -> None:
    with database.transaction() as session:
        group = build.a_group(session)
        for _one in range(2):
            audit.record(session, SYSTEM, Action.INVITE_DRIVER, group, now=NOW)


@pytest.mark.usefixtures("noted")
def test_a_whole_log_is_said_to_be_whole(settings: Settings, capsys):
    assert cli.main(["audit", "verify", "--data-dir", str(settings.data_dir)]) == 0
    assert "The log is whole: 2 rows, 0 anchors." in capsys.readouterr().out


@pytest.mark.usefixtures("noted")
def test_a_row_that_was_changed_is_said(settings: Settings, database: Database, capsys):
    with database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER audit_event_append_only")
        connection.exec_driver_sql("UPDATE audit_event SET outcome = 'refused'")
    assert cli.main(["audit", "verify", "--data-dir", str(settings.data_dir)]) == 1
    assert "whole" not in capsys.readouterr().out
