"""What counts as finished."""

import os
from pathlib import Path

import pytest

from dispatch.environment.state import LISTS, Environment

PO = "dispatch/translations/es/LC_MESSAGES/messages.po"


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    """A project with lists and nothing installed."""
    for path in LISTS.values():
        write(tmp_path / path, "flask==3\n")
    made = Environment(tmp_path)
    write(made.python, "")
    return made


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_nothing_stands_before_the_first_set_up(environment: Environment):
    assert not environment.stands()


def test_an_installed_list_counts_until_it_changes(environment: Environment):
    environment.note_installed("run")
    assert environment.stands()
    write(environment.root / LISTS["run"], "flask==4\n")
    assert not environment.stands()


def test_a_change_of_the_tests_list_leaves_the_run_time_list_installed(environment: Environment):
    environment.note_installed("run")
    environment.note_installed("test")
    write(environment.root / LISTS["test"], "pytest==10\n")
    assert environment.has("run")
    assert not environment.has("test")


@pytest.mark.parametrize("planted", ["", "{", "[]", '{"run": 3}', "\0", "null"])
def test_a_broken_record_counts_as_none(environment: Environment, planted: str):
    environment.note_installed("run")
    write(environment.folder / "ready.json", planted)
    assert not environment.stands()


def test_an_environment_whose_python_was_removed_does_not_stand(environment: Environment):
    environment.note_installed("run")
    environment.python.unlink()
    environment.python.symlink_to(environment.root / "gone")
    assert not environment.stands()


def test_forgetting_leaves_nothing_but_the_lock(environment: Environment):
    environment.note_installed("run")
    environment.lock.touch()
    (environment.folder / "lib64").symlink_to("bin")
    environment.forget()
    assert list(environment.folder.iterdir()) == [environment.lock]


def test_a_hook_the_project_does_not_have_is_left_out(environment: Environment):
    assert environment.stale_hooks("run") == []


def test_a_hook_runs_again_when_one_of_its_files_changed(environment: Environment):
    write(environment.root / "dispatch/i18n/__main__.py", "")
    write(environment.root / PO, "one")
    assert environment.stale_hooks("run") == ["dispatch.i18n compile"]
    environment.note_hook("dispatch.i18n compile")
    assert environment.stale_hooks("run") == []
    os.utime(environment.root / PO, ns=(1, 1))
    assert environment.stale_hooks("run") == ["dispatch.i18n compile"]


def test_the_application_does_not_wait_for_what_only_the_matcher_needs(environment: Environment):
    write(environment.root / "matching/compile.py", "")
    assert environment.stale_hooks("run") == ["matching.compile"]
    both = ["matching.compile", "matching.compile pooled"]
    assert environment.stale_hooks("matching") == environment.stale_hooks("test") == both


def test_what_is_noted_is_kept_beside_what_was_noted_before(environment: Environment):
    environment.note_python((3, 12), ["/usr/bin/python3.13"])
    environment.note_installed("run")
    assert environment.version() == (3, 12)
    assert environment.passed_over() == ["/usr/bin/python3.13"]
