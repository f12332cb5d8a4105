"""One installation made ready, and what its processes are told."""

import stat
import subprocess
from pathlib import Path

from dispatch import installation
from dispatch.config import load
from dispatch.crypto.transit import ON_SERVER
from dispatch.db import upgrade
from dispatch.key_server import named
from tests.dispatch.crypto import transit_server


def test_what_is_missing_is_made_and_what_is_there_stays(tmp_path: Path):
    settings = load(str(tmp_path / "data"), testing=True)
    database = installation.prepare(settings)
    upgrade.check(database.engine)
    key = settings.master_key_file.read_bytes()
    installation.prepare(settings)
    assert settings.master_key_file.read_bytes() == key


def test_where_a_server_holds_the_master_key_no_file_is_made(tmp_path: Path):
    with transit_server.listening(tmp_path / "vault.sock") as there:
        there.token = None
        server = named(there.url, "transit/dispatch", None, None)
        settings = load(str(tmp_path / "data"), testing=True, key_server=server)
        database = installation.prepare(settings)
        assert set(database.vault.keys.count_by_version()) == {ON_SERVER + 1}
        database.vault.keys.close()
    assert not settings.master_key_file.exists()


def test_nobody_else_may_look_into_the_data_directory(tmp_path: Path):
    settings = load(str(tmp_path / "data"), testing=True)
    installation.prepare(settings)
    assert stat.S_IMODE(settings.data_dir.stat().st_mode) == 0o700


def test_a_child_finds_the_installation_and_the_program_from_anywhere(tmp_path: Path):
    settings = load(str(tmp_path / "data"), testing=True)
    installation.prepare(settings)
    python = installation.working_command()[0]
    told = subprocess.run(
        [python, "-c", "from dispatch import config; print(config.load().data_dir)"],
        cwd=tmp_path,
        env=installation.environment(settings),
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == str(settings.data_dir)
