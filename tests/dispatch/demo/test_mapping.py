"""The demo's map: imported beside other work, and no condition of the demo."""

import os
import sys

import pytest

from dispatch import config, installation
from dispatch.demo import mapping, town
from dispatch.places.gazetteer.geocoder import in_folder
from dispatch.places.roads import programs

POINTS = [town.door("17 Quay Street"), town.door("48 Larch Row")]


@pytest.fixture
def environ(settings):
    return {
        **os.environ,
        "DISPATCH_DATA": str(settings.data_dir),
        "PYTHONPATH": str(config.REPOSITORY),
    }


def test_whoever_asks_for_the_roads_has_the_map(settings, environ, capsys):
    with mapping.roads_of(settings, environ) as roads:
        matrix = roads().matrix(POINTS)
        assert in_folder(settings.data_dir).find("17 Quay Street")
    assert matrix.is_estimate == (programs.find(None) is None)
    assert min(matrix.seconds[0][1], matrix.seconds[1][0]) > 200
    assert capsys.readouterr().err == ""


def test_a_map_that_fails_is_told_and_times_are_estimates(settings, environ, capsys, monkeypatch):
    failing = [sys.executable, "-c", "print('why'); raise SystemExit(1)"]
    monkeypatch.setattr(installation, "importing_command", lambda _extract: failing)
    with mapping.roads_of(settings, environ) as roads:
        assert roads().matrix(POINTS).is_estimate
    log = settings.data_dir / "map.log"
    assert f"was not imported. Why: {log}" in capsys.readouterr().err
    assert log.read_text() == "why\n"


def test_what_breaks_the_block_ends_the_import(settings, environ, monkeypatch):
    sleeping = [sys.executable, "-c", "import time; time.sleep(600)"]
    monkeypatch.setattr(installation, "importing_command", lambda _extract: sleeping)
    with pytest.raises(ZeroDivisionError), mapping.roads_of(settings, environ):
        raise ZeroDivisionError
