"""Where the programs of the road engine are."""

import importlib.util

import pytest

from dispatch.places.roads import programs
from tests.services.roads import GROUP

STEPS = ("osrm-routed", "osrm-extract", "osrm-partition", "osrm-customize")


@pytest.fixture
def folder(tmp_path):
    """A folder with programs, and the rules for cars where an installation has them."""
    (tmp_path / "bin").mkdir()
    for name in STEPS:
        (tmp_path / "bin" / name).write_text("#!/bin/sh\n")
        (tmp_path / "bin" / name).chmod(0o755)
    (tmp_path / "share/osrm/profiles").mkdir(parents=True)
    (tmp_path / "share/osrm/profiles/car.lua").touch()
    return tmp_path / "bin"


def test_a_folder_that_is_named_goes_before_the_wheel(folder):
    assert programs.find(folder).routed == folder / "osrm-routed"


def test_the_server_itself_may_be_named(folder):
    assert programs.find(folder / "osrm-routed").folder == folder


def test_a_named_folder_without_the_server_is_not_passed_over(tmp_path):
    assert programs.find(tmp_path) is None


def test_a_program_that_cannot_be_started_is_none(folder):
    (folder / "osrm-routed").chmod(0o644)
    assert programs.find(folder) is None


def test_without_the_wheel_there_are_no_programs(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert programs.find(None) is None


def test_all_steps_and_the_rules_for_cars_are_needed_to_build(folder):
    assert programs.find(folder).can_build
    assert programs.find(folder).profile == folder.parent / "share/osrm/profiles/car.lua"
    (folder / "osrm-customize").unlink()
    assert not programs.find(folder).can_build


def test_without_rules_for_cars_nothing_is_built(folder):
    (folder.parent / "share/osrm/profiles/car.lua").unlink()
    assert programs.find(folder).profile is None
    assert not programs.find(folder).can_build


@pytest.mark.needs(GROUP)
def test_the_wheel_has_everything():
    assert programs.find(None).can_build
