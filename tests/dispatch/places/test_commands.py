"""The commands about the map."""

import io
import json
import sys

import pytest

from dispatch import cli
from tests.dispatch.places.gazetteer.town import SOUTH, WEST, grand_bend


@pytest.fixture
def run(tmp_path, capsys):
    """A function from the words of a command to its exit status and what it said."""

    def carry_out(command, *words):
        status = cli.main(["places", command, "--data-dir", str(tmp_path / "data"), *words])
        said = capsys.readouterr()
        return status, said.out, said.err

    return carry_out


@pytest.fixture
def extract(tmp_path):
    return str(grand_bend().write(tmp_path / "town.osm.pbf"))


def test_what_was_imported_is_found(run, extract):
    status, said, _wrong = run("import", extract)
    assert (status, said.splitlines()[0].split(",")[0]) == (0, "18 addresses")
    assert "1201 Wealthy Street Southeast" in run("find", "1201", "wealthy", "st", "se")[1]
    assert "Nothing is like it." in run("find", "99 Nowhere Road")[1]


def test_another_program_gets_one_list_a_line(run, extract, monkeypatch):
    run("import", extract)
    monkeypatch.setattr(sys, "stdin", io.StringIO("1243 Quarry St\n\nwealthy & diamond\n"))
    lines = [
        json.loads(line) for line in run("find", "--json", "--limit", "1", "-")[1].splitlines()
    ]
    assert [len(line) for line in lines] == [1, 0, 1]
    crossing = lines[2][0]
    assert (crossing["kind"], crossing["lat"], crossing["lon"]) == ("crossing", SOUTH, WEST)
    assert crossing["label"].startswith("Wealthy Street Southeast & Diamond")


def test_a_point_gets_the_nearest_address(run, extract):
    run("import", extract)
    words = ("--", str(SOUTH + 0.0003), str(WEST + 0.0011))
    assert "1201 Wealthy Street Southeast" in run("reverse", *words)[1]
    assert json.loads(run("reverse", "--json", "--", "0", "0")[1]) is None


def test_a_bad_file_is_one_sentence(run, tmp_path):
    (tmp_path / "town.osm.pbf").write_text("hello")
    status, said, wrong = run("import", str(tmp_path / "town.osm.pbf"))
    assert (status, said) == (1, "")
    assert "is not an OpenStreetMap extract" in wrong
    assert "Traceback" not in wrong


@pytest.mark.parametrize("words", [("find", "Elm"), ("reverse", "0", "0")])
def test_without_an_import_what_to_run_is_said(run, words):
    status, _said, wrong = run(*words)
    assert status == 1
    assert "python3 -m dispatch places import FILE" in wrong
