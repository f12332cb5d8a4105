"""What the README says is there, and what is there the README says."""

import ast
import re
from collections.abc import Iterator

import click
import pytest

from dispatch import cli
from tests.house import sources
from tests.house.sources import ROOT, Module

README = ROOT / "README.md"
COMMAND = re.compile(r"python3 -m dispatch ([a-z][^\n`|#]*)")
"""A command as somebody would type it."""
BESIDE = {
    "test": "started before the libraries are there",
    "prove": "of the tests",
    "demo": "may be made before the rest",
}
"""Commands that the command line's own list need not have, with the reason."""
OF_THE_SYSTEM = {"CREDENTIALS_DIRECTORY"}
"""Settings that the service manager makes; said in the README under its own words."""


@pytest.fixture(scope="module")
def readme() -> str:
    """The README; a repository without one fails here, in words."""
    assert README.is_file(), "there is no README.md"
    return README.read_text()


def commands(group: click.Group = cli.commands, before: str = "") -> Iterator[str]:
    """Every command that can be typed, with its group before it."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}"


def settings_of(module: Module) -> set[str]:
    """The names that `module` reads from the environment."""
    reads = [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "os.environ.get"
    ]
    return {node.args[0].value for node in reads}


def unknown_in(text: str) -> list[str]:
    """The commands in `text` that cannot be typed."""
    known = {*commands(), *BESIDE}
    typed = [match.group(1).strip() for match in COMMAND.finditer(text)]
    return [
        one for one in typed if not any(one == name or one.startswith(f"{name} ") for name in known)
    ]


def test_every_command_is_documented(readme: str):
    missing = [name for name in {*commands(), *BESIDE} if f"dispatch {name}" not in readme]
    assert missing == []


def test_every_setting_is_documented(readme: str):
    config = next(one for one in sources.modules("dispatch") if one.name == "dispatch.config")
    names = settings_of(config)
    assert names >= {"DATABASE_URL", "DISPATCH_DATA"}
    assert [name for name in names - OF_THE_SYSTEM if name not in readme] == []


def test_every_command_of_the_readme_exists(readme: str):
    assert COMMAND.search(readme)
    assert unknown_in(readme) == []


def test_an_unknown_command_would_be_noticed():
    assert unknown_in("`python3 -m dispatch upgrade --data-dir x`") == []
    assert unknown_in("python3 -m dispatch destroy everything\n") == ["destroy everything"]


def test_every_command_helps():
    for name in commands():
        command: click.Command = cli.commands
        for part in name.split():
            command = command.commands[part]
        assert command.help, name
