"""From an extract to one file of tiles, or a sentence that says why not and what still works."""

import gzip
import json
from pathlib import Path

import pytest

from dispatch.places.basemap import archive, building
from dispatch.places.editions import NotBuilt
from tests.dispatch.places.basemap.conftest import Drawing, town

KILLED = "#!/bin/sh\nkill -9 $$\n"
ENDED = "#!/bin/sh\necho 'no room on the disk' >&2\nexit 1\n"


def silent(_step: str, _share: float | None) -> None:
    """Hear nothing."""


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """Where the file is to be, in a folder of its own."""
    folder = tmp_path / "edition"
    folder.mkdir()
    return folder / "map.pmtiles"


def test_the_tiles_hold_the_town(extract, target, shown):
    said = building.build(extract, target, silent)
    assert said == ["The map shows 2 stretches of road and 1 buildings."]
    things = shown(target)
    assert {one["layer"] for one in things} == {
        "water", "landuse", "buildings", "roads", "places", "pois",
    }  # fmt: skip
    (english,) = {one["name:en"] for one in things if one.get("name") == "Calle Mayor"}
    assert english == "Main Street"


def test_no_tile_knows_the_number_of_a_house(extract, target, shown):
    building.build(extract, target, silent)
    things = shown(target)
    assert {tuple(one) for one in things if one["layer"] == "buildings"} == {("layer", "kind")}
    said = {str(value) for one in things for value in one.values()}
    assert "Wealthy Street" in said
    assert not [text for text in said if "120" in text or "Carmen" in text]


def test_a_number_in_a_tile_would_be_seen(tmp_path, target, shown):
    drawn = town()
    drawn.line((0, 0), (5, 0), highway="residential", name="1201 Wealthy Street")
    building.build(drawn.write(tmp_path / "town.osm.pbf"), target, silent)
    assert "1201 Wealthy Street" in {one.get("name") for one in shown(target)}


def test_the_file_tells_whose_map_it_is_and_nothing_else(extract, target):
    building.build(extract, target, silent)
    offset, length = archive.read_header(target).metadata
    content = target.read_bytes()
    said = json.loads(gzip.decompress(content[offset : offset + length]))
    assert said == {"attribution": "© OpenStreetMap contributors"}
    for inside in (b"tippecanoe", b"geojson", str(target.parent).encode()):
        assert inside not in content


def test_nothing_else_is_left_beside_the_file(extract, target):
    building.build(extract, target, silent)
    assert [path.name for path in target.parent.iterdir()] == [target.name]


def test_an_older_file_is_replaced(extract, target):
    target.write_text("old")
    building.build(extract, target, silent)
    assert archive.read_header(target)


def test_it_is_told_how_far_it_is(extract, target):
    heard = []
    building.build(extract, target, lambda *what: heard.append(what))
    steps = list(dict.fromkeys(step for step, _share in heard))
    assert steps == ["Reading what the map shows", "Drawing the map"]
    shares = [share for _step, share in heard if share is not None]
    assert shares
    assert all(0 <= share <= 1 for share in shares)


def test_an_extract_without_roads_is_drawn_and_said_to_have_none(tmp_path, target):
    drawn = Drawing()
    drawn.square(0, 0, 3, leisure="park")
    said = building.build(drawn.write(tmp_path / "park.osm.pbf"), target, silent)
    assert "The extract has no roads: there is none on the map to find one's way by." in said


def refused(source: Path, target: Path) -> str:
    """The sentence with which `source` is refused; nothing is left of the attempt."""
    with pytest.raises(NotBuilt) as why:
        building.build(source, target, silent)
    assert list(target.parent.iterdir()) == []
    return str(why.value)


def test_an_extract_without_anything_to_draw_is_refused(tmp_path, target):
    drawn = Drawing()
    drawn.point(0, 0, addr_housenumber="5", addr_street="Wealthy Street")
    sentence = refused(drawn.write(tmp_path / "empty.osm.pbf"), target)
    assert sentence.startswith("No map was drawn: nothing in empty.osm.pbf can be drawn.")
    assert "the rest works" in sentence


def test_a_file_that_cannot_be_read_is_refused(tmp_path, target):
    path = tmp_path / "letter.osm.pbf"
    path.write_text("Dear all,")
    assert "letter.osm.pbf cannot be read" in refused(path, target)


def test_without_tippecanoe_a_sentence_says_so(extract, target, monkeypatch):
    monkeypatch.setattr(building, "find_program", lambda: None)
    assert "the program tippecanoe is not installed" in refused(extract, target)


@pytest.mark.parametrize(
    ("script", "why"), [(KILLED, "ended with -9"), (ENDED, "no room on the disk")]
)
def test_a_tippecanoe_that_does_not_finish_leaves_nothing(
    extract, target, tmp_path, monkeypatch, script, why
):
    program = tmp_path / "tippecanoe"
    program.write_text(script)
    program.chmod(0o700)
    monkeypatch.setattr(building, "find_program", lambda: program)
    assert f"tippecanoe did not finish ({why})" in refused(extract, target)


def test_a_tippecanoe_that_cannot_be_started_leaves_nothing(extract, target, tmp_path, monkeypatch):
    program = tmp_path / "tippecanoe"
    program.write_text("not a program")
    monkeypatch.setattr(building, "find_program", lambda: program)
    assert "tippecanoe cannot be started" in refused(extract, target)


def test_tippecanoe_is_found_on_the_path_too(tmp_path, monkeypatch):
    program = tmp_path / "tippecanoe"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o700)
    monkeypatch.setattr(building.importlib.util, "find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert building.find_program() == program
    monkeypatch.setenv("PATH", "")
    assert building.find_program() is None


def test_an_import_that_is_broken_off_ends_tippecanoe(extract, target):
    class Stopped(Exception):
        pass

    def told(step: str, _share: float | None) -> None:
        if step == "Drawing the map":
            raise Stopped

    with pytest.raises(Stopped):
        building.build(extract, target, told)
    assert list(target.parent.iterdir()) == []
