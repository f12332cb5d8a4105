"""An extract becomes lines of JSON, one thing each, by layer."""

import json
from contextlib import closing
from pathlib import Path

import pytest

from dispatch.places.basemap import reading
from tests.dispatch.places.basemap.conftest import SOUTH, WEST, Drawing, town


def read(path: Path) -> dict[str, list[dict]]:
    """What was written, by layer."""
    folder = path.parent / "sheets"
    folder.mkdir()
    with closing(reading.Sheets(folder)) as sheets:
        reading.read(path, sheets, lambda _number: None)
    return {
        layer: [json.loads(line) for line in file.read_text().splitlines()]
        for layer, file in sheets.paths.items()
    }


def names(things: list[dict]) -> set[str]:
    return {thing["properties"].get("name") for thing in things}


def test_everything_is_in_its_layer(extract: Path):
    found = read(extract)
    assert {layer: len(things) for layer, things in found.items()} == {
        "water": 1, "landuse": 1, "buildings": 1, "roads": 2, "places": 1, "pois": 3,
    }  # fmt: skip
    assert names(found["roads"]) == {"Wealthy Street", "Calle Mayor"}
    assert names(found["pois"]) == {"Reeds Lake", "Garfield Park", "Clínica de la Paz"}


def test_a_lake_keeps_its_island(extract: Path):
    (lake,) = read(extract)["water"]
    ((outer, inner),) = lake["geometry"]["coordinates"]
    assert len(outer) == len(inner) == 5


def test_the_name_of_an_area_stands_in_its_middle(extract: Path):
    (park,) = [one for one in read(extract)["pois"] if one["properties"]["kind"] == "park"]
    assert park["geometry"]["coordinates"] == pytest.approx([WEST + 0.002, SOUTH + 0.007])


def test_nothing_of_a_house_is_written_but_its_walls(extract: Path):
    found = read(extract)
    text = json.dumps(found, ensure_ascii=False)
    assert [one["properties"] for one in found["buildings"]] == [{"kind": "building"}]
    assert not [word for word in ("120", "Carmen", "addr") if word in text]


def test_a_line_that_was_cut_off_keeps_its_parts(tmp_path: Path):
    drawn = Drawing()
    here = [drawn.point(east, 0) for east in range(6)]
    drawn.line(here[0], here[1], 99, here[3], here[4], here[4], here[5], highway="service")
    drawn.line(here[0], 99, highway="service")
    drawn.line(98, 99, highway="service", name="Elsewhere")
    found = read(drawn.write(tmp_path / "cut.osm.pbf"))
    assert [len(one["geometry"]["coordinates"]) for one in found["roads"]] == [2, 3]


def test_an_area_that_was_cut_off_is_left_out(tmp_path: Path):
    drawn = Drawing()
    drawn.area(drawn.line((0, 0), (1, 0), 99, (1, 1)), natural="water", name="Half a lake")
    drawn.area(77, natural="water", name="No lake")
    found = read(drawn.write(tmp_path / "cut.osm.pbf"))
    assert not any(found.values())


def test_the_sea_lies_behind_the_shore(tmp_path: Path):
    drawn = Drawing()
    drawn.line((0, 4), (10, 4), natural="coastline")
    (sea,) = read(drawn.write(tmp_path / "shore.osm.pbf", size=10))["water"]
    (ring,) = sea["geometry"]["coordinates"]
    assert sea["properties"] == {"kind": "sea"}
    assert min(north for _east, north in ring) == pytest.approx(SOUTH)
    assert max(north for _east, north in ring) == pytest.approx(SOUTH + 0.004)


def test_without_a_frame_no_sea_is_guessed(tmp_path: Path):
    drawn = Drawing()
    drawn.line((0, 4), (10, 4), natural="coastline")
    assert not read(drawn.write(tmp_path / "shore.osm.pbf"))["water"]


def test_a_file_that_is_no_extract_is_said_to_be_none(tmp_path: Path):
    path = tmp_path / "letter.osm.pbf"
    path.write_text("Dear all,")
    with pytest.raises(RuntimeError):
        read(path)


def test_what_went_by_is_told(tmp_path: Path):
    path = town().write(tmp_path / "town.osm.pbf")
    seen = []
    with closing(reading.Sheets(tmp_path)) as sheets:
        reading.read(path, sheets, seen.append)
    assert seen
