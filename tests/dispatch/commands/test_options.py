"""What several commands take and say."""

from dispatch import cli
from dispatch.commands.options import warn_of_server_log
from dispatch.db import server_log


def test_every_command_that_works_on_data_takes_their_directory():
    for name in ("run", "table"):
        command = cli.commands.commands["retention"].commands[name]
        assert "data_dir" in {parameter.name for parameter in command.params}


def test_what_a_superuser_has_to_do_is_printed_ready_to_be_typed(database, capsys, monkeypatch):
    warn_of_server_log(database)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(server_log, "left_to_do", lambda _engine: ["ALTER DATABASE a SET b = 'c'"])
    warn_of_server_log(database)
    said = capsys.readouterr().err
    assert "As its superuser:" in said
    assert "ALTER DATABASE a SET b = 'c';" in said
