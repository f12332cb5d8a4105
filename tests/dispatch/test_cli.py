"""The commands: what they print, what they leave behind, and their exit status."""

import json
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, select

from dispatch import cli, jobs
from dispatch.config import Settings
from dispatch.db.transactions import Database
from dispatch.people.models import User, UserState
from dispatch.places.importing import import_file
from dispatch.places.models import Place
from dispatch.planning.models import MatchRun, RunState
from tests.build import a_group
from tests.dispatch.imports.reading.sheets import a_csv
from tests.dispatch.imports.service.bringing import ADDRESS, PLACE
from tests.dispatch.places.gazetteer.town import grand_bend

RESULT = {"rides": 3, "served": 2, "drive_minutes": 40, "proven": True, "gap": 0.0, "seconds": 1}


@pytest.fixture
def group(database: Database):
    with database.transaction() as session:
        return a_group(session)


@pytest.fixture
def places(tmp_path: Path) -> str:
    file = tmp_path / "places.csv"
    file.write_bytes(a_csv([PLACE, PLACE | {"name": ""}]))
    return str(file)


def run(settings: Settings, *words: str) -> int:
    command, *rest = words
    return cli.main([command, "--data-dir", str(settings.data_dir), *rest])


def count(database: Database, kind: type) -> int:
    with database.transaction(reads_only=True) as session:
        return session.scalar(select(func.count()).select_from(kind))


@pytest.mark.parametrize("command", sorted(cli.commands.commands))
def test_every_command_says_what_it_does(command, capsys):
    assert cli.main([command, "--help"]) == 0
    assert len(cli.commands.commands[command].get_short_help_str(200)) > 5


def test_a_fresh_installation_has_keys_a_schema_and_a_steward(tmp_path: Path, capsys):
    words = ["--data-dir", str(tmp_path / "new"), "--name", "Helena", "--email", "h@example.org"]
    assert cli.main(["init", *words]) == 0
    assert "/invite/" in capsys.readouterr().out
    assert cli.main(["upgrade", "--data-dir", str(tmp_path / "new")]) == 0


def test_a_second_steward_of_one_e_mail_is_refused_in_a_sentence(settings, database, capsys):
    words = ["init", "--name", "Helena", "--email", "h@example.org"]
    assert run(settings, *words) == 0
    assert run(settings, *words) == 2
    assert "A steward has this e-mail already." in capsys.readouterr().err


def test_an_invited_person_waits_for_the_link(settings, database, group, capsys):
    with_data = ["--data-dir", str(settings.data_dir), "--group", group.name]
    person = ["--role", "driver", "--name", "Luz", "--email", "luz@example.org"]
    assert cli.main(["user", "invite", *with_data, *person]) == 0
    assert "/invite/" in capsys.readouterr().out
    with database.transaction() as session:
        assert session.scalars(select(User)).one().state is UserState.INVITED


def test_an_unknown_group_is_told_with_those_there_are(settings, database, group, places, capsys):
    assert run(settings, "import", "--group", "Elsewhere", places) == 2
    assert group.name in capsys.readouterr().err


def test_an_import_reports_every_row_and_fails_for_refused_ones(
    settings, database, group, places, capsys
):
    assert run(settings, "import", "--group", group.name, places) == 1
    said = capsys.readouterr().out
    assert "2  taken    Alder Clinic" in said
    assert "name: The name is missing." in said
    assert "2 rows: 1 taken, 0 on record already, 1 refused." in said
    assert count(database, Place) == 1


def test_an_import_can_be_read_by_a_program(settings, database, group, places, capsys):
    run(settings, "import", "--group", group.name, "--json", "places", places)
    told = json.loads(capsys.readouterr().out)
    assert [row["state"] for row in told["rows"]] == ["taken", "refused"]


def test_a_point_outside_of_the_imported_map_is_said(settings, group, tmp_path, capsys):
    extract = grand_bend().write(tmp_path / "town.osm.pbf")
    import_file(extract, settings.data_dir, lambda _step, _share: None, products={})
    file = tmp_path / "places.csv"
    file.write_bytes(a_csv([PLACE]))
    assert run(settings, "import", "--group", group.name, str(file)) == 0
    assert "outside of the map that is known here" in capsys.readouterr().out


def test_a_dry_run_leaves_nothing(settings, database, group, places, capsys):
    assert run(settings, "import", "--group", group.name, "--dry-run", places) == 1
    assert count(database, Place) == 0


def test_the_kind_can_be_said_and_has_to_fit(settings, database, group, tmp_path, capsys):
    file = tmp_path / "list.csv"
    file.write_bytes(a_csv([ADDRESS]))
    assert run(settings, "import", "--group", group.name, "addresses", str(file)) == 0
    assert run(settings, "import", "--group", group.name, "drivers", str(file)) == 2
    assert "Missing columns" in capsys.readouterr().err
    assert run(settings, "import", "--group", group.name, "songs", str(file)) == 2


def test_a_missing_file_is_a_sentence(settings, database, group, capsys):
    assert run(settings, "import", "--group", group.name, "nowhere.csv") == 1
    assert "nowhere.csv: No such file" in capsys.readouterr().err


def test_a_run_tells_how_many_rides_have_a_proposal(settings, database, group, capsys, monkeypatch):
    def carry_out(_database: Database, uid: UUID, **_values: object) -> None:
        with database.transaction() as session:
            run = session.scalars(select(MatchRun).where(MatchRun.uid == uid)).one()
            run.state, run.result = RunState.DONE, RESULT

    monkeypatch.setattr(jobs.worker, "carry_out", carry_out)
    assert run(settings, "match", "--group", group.name, "--day", "2027-03-09") == 0
    said = "2 of 3 rides have a proposal, 40 minutes of driving, proven best, 1 s"
    assert f"2027-03-09: {said}" in capsys.readouterr().out
