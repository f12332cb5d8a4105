"""Pausing the service from the command line."""

from dispatch import cli
from dispatch.config import Settings
from dispatch.db.transactions import Database
from dispatch.people import freezing


def test_the_service_is_paused_also_when_it_is_said_twice(settings: Settings, database: Database):
    for _time in range(2):
        assert cli.main(["freeze", "--data-dir", str(settings.data_dir)]) == 0
    with database.transaction(reads_only=True) as session:
        assert freezing.is_frozen(session)
