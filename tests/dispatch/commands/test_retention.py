"""`retention` on the command line."""

import pytest

from dispatch import cli
from dispatch.config import Settings
from dispatch.db.transactions import Database
from tests import build
from tests.conftest import Moment


@pytest.fixture
def withdrawn(database: Database, moment: Moment) -> None:
    with database.transaction() as session:
        family = build.a_family(session, build.a_group(session))
        family.withdrawn_at = moment.at


def test_a_dry_run_says_what_a_run_then_does(
    withdrawn: None, settings: Settings, capsys: pytest.CaptureFixture[str]
):
    data = ["--data-dir", str(settings.data_dir)]
    assert cli.main(["retention", "run", "--dry-run", *data]) == 0
    announced = capsys.readouterr().out
    assert "family: 1 due; rows: family 1, place 1" in announced
    assert "Nothing was erased." in announced
    assert cli.main(["retention", "run", *data]) == 0
    done = capsys.readouterr().out
    assert "family: 1 due; rows: family 1, place 1" in done
    assert "Before and after agree. Overdue: 0." in done


def test_the_table_is_printed_for_each_group(
    withdrawn: None, settings: Settings, capsys: pytest.CaptureFixture[str]
):
    assert cli.main(["retention", "table", "--data-dir", str(settings.data_dir)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Alder Bay Rides\n")
    assert "90 days after the last day it asked for a ride" in said
