"""The demo's map: imported beside other work, and no condition of the demo."""

import os
import sys

import pytest

from dispatch import config, installation
from dispatch.demo import mapping
from dispatch.places.gazetteer.geocoder import in_folder


@pytest.fixture
def environ(tmp_path):
    return {
        **os.environ,
        "DISPATCH_DATA": str(tmp_path),
        "PYTHONPATH": str(config.REPOSITORY),
    }


def test_at_the_end_of_the_block_the_map_is_there(tmp_path, environ, capsys):
    with mapping.being_imported(tmp_path, environ):
        pass
    assert in_folder(tmp_path).find("17 Quay Street")
    assert capsys.readouterr().err == ""


def test_a_map_that_fails_is_told_and_stops_nothing(tmp_path, environ, capsys, monkeypatch):
    failing = [sys.executable, "-c", "print('why'); raise SystemExit(1)"]
    monkeypatch.setattr(installation, "importing_command", lambda _extract: failing)
    with mapping.being_imported(tmp_path, environ):
        pass
    said = capsys.readouterr().err
    assert "was not imported" in said
    assert (tmp_path / "map.log").read_text() == "why\n"
    assert str(tmp_path / "map.log") in said


def test_what_breaks_the_block_ends_the_import(tmp_path, environ, monkeypatch):
    sleeping = [sys.executable, "-c", "import time; time.sleep(600)"]
    monkeypatch.setattr(installation, "importing_command", lambda _extract: sleeping)
    with pytest.raises(ZeroDivisionError), mapping.being_imported(tmp_path, environ):
        raise ZeroDivisionError
