"""The demo as a newcomer types it: a real start, a real stop, a second start."""

import http.client
import signal
import socket
import subprocess
from pathlib import Path

import pytest

from dispatch.demo import command, people, processes
from tests.services.demo import a_demo, children_of, port_of


def get(port: int, path: str) -> int:
    connection = http.client.HTTPConnection(processes.HOST, port, timeout=30)
    try:
        connection.request("GET", path)
        with connection.getresponse() as response:
            return response.status
    finally:
        connection.close()


def a_free_port() -> int:
    with socket.socket() as probe:
        probe.bind((processes.HOST, 0))
        return probe.getsockname()[1]


def end(process: subprocess.Popen[str], how: signal.Signals) -> int:
    """Stop a demo as a person would; its exit status, once its children are gone as well."""
    children = children_of(process.pid)
    process.send_signal(how)
    status = process.wait(60)
    assert len(children) == 2
    assert not any(Path(f"/proc/{child}").exists() for child in children)
    return status


def test_a_demo_shows_its_accounts_ends_when_asked_and_keeps_its_town(tmp_path):
    path, port = tmp_path / "demo", str(a_free_port())
    with a_demo(path, "--port", port) as (process, printed):
        assert "Made in" in printed
        assert people.PASS_PHRASE in printed
        assert all(one.person.email in printed for one in people.WITH_SIGN_IN)
        assert get(port_of(printed), "/signin") == http.HTTPStatus.OK
        assert end(process, signal.SIGINT) == 0
    made = (path / "demo.json").read_text()
    with a_demo(path, "--port", port) as (process, printed):
        assert "Made in" not in printed
        assert end(process, signal.SIGTERM) == 0
    assert (path / "demo.json").read_text() == made


def test_only_a_first_start_and_a_fresh_one_make_the_town(tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(command.filling, "fill", lambda _database, *, now, roads: made.append(now))
    monkeypatch.setattr(command, "_serve", lambda *_values: None)
    for fresh, towns in ((False, 1), (False, 1), (True, 2)):
        command.run(str(tmp_path / "demo"), port=8000, fresh=fresh)
        assert len(made) == towns


def test_a_town_that_was_only_begun_is_made_anew(tmp_path, monkeypatch):
    def break_off(_database, *, now, roads):
        raise RuntimeError("the lights went out")

    made = []
    monkeypatch.setattr(command, "_serve", lambda *_values: None)
    monkeypatch.setattr(command.filling, "fill", break_off)
    with pytest.raises(RuntimeError):
        command.run(str(tmp_path / "demo"), port=8000, fresh=False)
    monkeypatch.setattr(command.filling, "fill", lambda _database, *, now, roads: made.append(now))
    command.run(str(tmp_path / "demo"), port=8000, fresh=False)
    assert len(made) == 1


def test_a_demo_leaves_the_database_of_another_installation_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://somebody@elsewhere/families")
    settings = command.settings_of(str(tmp_path / "demo"), "http://127.0.0.1:8000")
    assert settings.database_url == f"sqlite:///{tmp_path / 'demo' / 'dispatch.db'}"
    assert "DATABASE_URL" not in command.environment_of(settings)


def test_a_directory_of_something_else_is_refused(tmp_path):
    (tmp_path / "main").mkdir()
    (tmp_path / "main" / "dispatch.db").write_text("families")
    with a_demo(tmp_path / "main", "--fresh") as (process, printed):
        assert "no demo" in printed
        assert process.wait(60) == 1
    assert (tmp_path / "main" / "dispatch.db").read_text() == "families"
