"""What several commands take."""

from dispatch import cli


def test_every_command_that_works_on_data_takes_their_directory():
    for name in ("run", "table"):
        command = cli.commands.commands["retention"].commands[name]
        assert "data_dir" in {parameter.name for parameter in command.params}
