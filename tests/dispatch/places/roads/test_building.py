"""From an extract to the files of the road engine."""

import errno

import pytest

from dispatch.places.editions import NotBuilt
from dispatch.places.roads import building, files, programs
from dispatch.places.roads.osrm import Server
from dispatch.places.roads.programs import Programs
from tests.dispatch.places.roads.edition import engine_for
from tests.services.roads import GROUP, N1, S0, W0, W1, W3, write_town

SAYS = {
    "no edges": ("There are no edges remaining after parsing.", 1, "has no roads for cars"),
    "truncated": ("what(): PBF error: truncated data", 134, "breaks off in the middle"),
    "disk": ("Error: No space left on device", 1, "no room left on the disk"),
    "memory": ("terminate called: std::bad_alloc", 134, "too little memory"),
    "anything": ("a riddle", 1, "cannot read town.osm.pbf (a riddle)"),
    "nothing": ("", 1, "cannot read town.osm.pbf (status 1)"),
}


def silent(step, share):
    """Hear nothing of the progress."""


def built(source, target):
    return building.build(source, target, silent)


@pytest.fixture
def stand_in(tmp_path):
    """A function from a shell script to programs whose first step it is."""

    def make(script):
        folder = tmp_path / "bin"
        (tmp_path / "profiles").mkdir()
        (tmp_path / "profiles" / "car.lua").touch()
        folder.mkdir()
        for name in ("osrm-routed", "osrm-extract", "osrm-partition", "osrm-customize"):
            (folder / name).write_text(f"#!/bin/sh\n{script}\n")
            (folder / name).chmod(0o755)
        return folder

    return make


@pytest.mark.needs(GROUP)
def test_what_was_built_is_what_the_engine_reads(tmp_path):
    assert built(write_town(tmp_path / "town.osm.pbf"), tmp_path / "roads") == []
    with engine_for(tmp_path / "roads") as url:
        seconds = Server(url).table([W0, W3, S0]).seconds
    assert 60 < seconds[0][1] < 600
    assert seconds[0][2] is None


@pytest.mark.needs(GROUP)
def test_nothing_is_kept_that_the_engine_does_not_read(tmp_path, town_roads):
    names = {path.name.removeprefix("roads") for path in town_roads.iterdir()}
    assert files.files_in(town_roads)
    assert {".osrm.mldgr", ".osrm.names"} <= names
    assert not {".osrm.ebg", ".osrm.cnbg", ".osrm.restrictions"} & names


@pytest.mark.needs(GROUP)
def test_an_extract_in_any_order_gives_the_same_times(tmp_path, town_roads):
    built(write_town(tmp_path / "mixed.osm.pbf", lines_first=True), tmp_path / "roads")
    found = []
    for roads in (town_roads, tmp_path / "roads"):
        with engine_for(roads) as url:
            found.append(Server(url).table([W0, W1, W3, N1]).seconds)
    assert found[0] == found[1]


@pytest.mark.needs(GROUP)
def test_an_extract_without_roads_is_told_as_such(tmp_path):
    extract = write_town(tmp_path / "paths.osm.pbf", highway="footway")
    with pytest.raises(NotBuilt, match=r"paths\.osm\.pbf has no roads for cars"):
        built(extract, tmp_path / "roads")


@pytest.mark.needs(GROUP)
def test_an_extract_that_breaks_off_is_told_as_such(tmp_path):
    extract = write_town(tmp_path / "town.osm.pbf")
    extract.write_bytes(extract.read_bytes()[:-20])
    with pytest.raises(NotBuilt, match="breaks off in the middle"):
        built(extract, tmp_path / "roads")


@pytest.mark.needs(GROUP)
def test_what_is_no_extract_is_told_as_such(tmp_path):
    (tmp_path / "letter.osm.pbf").write_text("Dear group,")
    with pytest.raises(NotBuilt, match="no OpenStreetMap extract"):
        built(tmp_path / "letter.osm.pbf", tmp_path / "roads")


@pytest.mark.parametrize(("said", "status", "sentence"), SAYS.values(), ids=SAYS)
def test_what_the_programs_say_becomes_a_sentence(stand_in, tmp_path, said, status, sentence):
    folder = stand_in(f"echo '{said}' >&2; exit {status}")
    with pytest.raises(NotBuilt) as told:
        building.build(tmp_path / "town.osm.pbf", tmp_path / "roads", silent, osrm_bin=folder)
    assert sentence in str(told.value)
    assert "driving times stay estimates" in str(told.value)


def test_a_step_that_the_system_killed_is_told_as_a_lack_of_memory(stand_in, tmp_path):
    folder = stand_in("kill -9 $$")
    with pytest.raises(NotBuilt, match="lack of memory"):
        building.build(tmp_path / "town.osm.pbf", tmp_path / "roads", silent, osrm_bin=folder)


def test_without_the_programs_the_sentence_says_what_still_works(tmp_path, monkeypatch):
    monkeypatch.setattr(programs, "find", lambda folder: None)
    with pytest.raises(NotBuilt, match=r"3\.12 or newer.*Everything else works"):
        built(tmp_path / "town.osm.pbf", tmp_path / "roads")
    monkeypatch.setattr(programs, "find", lambda folder: Programs(tmp_path))
    with pytest.raises(NotBuilt, match="not installed"):
        built(tmp_path / "town.osm.pbf", tmp_path / "roads")


def test_each_step_is_told_and_whoever_is_told_may_stop_it(stand_in, tmp_path):
    folder = stand_in("sleep 60")

    def full(step, share):
        assert share is None
        raise OSError(errno.ENOSPC, step)

    with pytest.raises(OSError, match="Roads: reading"):
        building.build(tmp_path / "town.osm.pbf", tmp_path / "roads", full, osrm_bin=folder)


@pytest.mark.needs(GROUP)
def test_the_progress_names_the_three_steps(tmp_path):
    told = []
    extract = write_town(tmp_path / "town.osm.pbf")
    building.build(extract, tmp_path / "roads", lambda step, share: told.append(step))
    assert list(dict.fromkeys(told)) == [
        "Roads: reading",
        "Roads: dividing into parts",
        "Roads: measuring the parts",
    ]
