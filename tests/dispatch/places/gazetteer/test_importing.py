"""Making the geocoder's file."""

import pytest

from dispatch.places.gazetteer import importing
from dispatch.places.gazetteer.extract import BadExtract
from dispatch.places.gazetteer.geocoder import Gazetteer
from tests.dispatch.places.gazetteer.conftest import make, silent
from tests.dispatch.places.gazetteer.town import SOUTH, WEST, Town, grand_bend

SHEET = "number,street,city,postcode,lon,lat\n"


@pytest.fixture
def target(tmp_path):
    return tmp_path / "data" / "gazetteer.db"


@pytest.fixture
def bring(tmp_path, target):
    """A function that writes a file and takes it in: the old file beside the new one."""
    target.parent.mkdir()

    def carry_out(content, name="town.osm.pbf"):
        path, old = tmp_path / name, target.with_name("old.db")
        if isinstance(content, Town):
            content.write(path)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        if target.exists():
            target.replace(old)
        take = importing.add_sheet if name.endswith(".csv") else importing.take_extract
        return take(path, target, silent, old=old)

    return carry_out


def best(target, text):
    found = Gazetteer(target).find(text)
    return found[0] if found else None


def test_a_report_counts_what_can_be_found(bring):
    report = bring(grand_bend())
    assert (report.houses, report.streets, report.crossings) == (18, 5, 1)
    assert report.notes == []
    assert report.lines() == ["18 addresses, 5 streets, 1 crossings, 3 named places can be found."]


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"hello", "town.osm.pbf", "not an OpenStreetMap extract"),
        (b"", "town.osm.pbf", "is empty"),
        (b"hello", "town.zip", "neither an OpenStreetMap extract"),
        (b"a,b\n1,2\n", "town.csv", "no column number, street, lon, lat"),
        (b"", "town.csv", "is empty"),
        (SHEET.encode(), "town.csv", "No address of town.csv"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(bring, content, name, sentence):
    with pytest.raises(BadExtract, match=sentence):
        bring(content, name)


def test_a_file_that_breaks_off_is_refused(bring, tmp_path):
    whole = grand_bend().write(tmp_path / "whole.osm.pbf").read_bytes()
    with pytest.raises(BadExtract, match="breaks off"):
        bring(whole[: len(whole) - 40])


def test_a_file_that_is_not_sorted_is_refused(tmp_path):
    path = grand_bend().write(tmp_path / "turned.osm.pbf", lines_first=True)
    with pytest.raises(BadExtract, match="not sorted"):
        make(path, tmp_path / "made.db")


def test_an_extract_without_addresses_says_what_still_works(bring, target):
    town = Town()
    joint = town.point(SOUTH, WEST)
    for name, end in (("Wealthy Street", (SOUTH, WEST + 0.01)), ("Diamond", (SOUTH + 0.01, WEST))):
        town.line([joint, town.point(*end)], highway="residential", name=name)
    report = bring(town)
    assert "no house numbers" in report.notes[0]
    assert best(target, "Wealthy & Diamond").kind.value == "crossing"


def test_an_extract_without_roads_says_what_still_works(bring, target):
    town = Town()
    town.house(SOUTH, WEST, "12", "Larch Row")
    assert "no named streets" in bring(town).notes[0]
    assert best(target, "12 Larch Row").kind.value == "exact"


def test_an_extract_with_nothing_to_find_is_refused(bring):
    town = Town()
    town.point(SOUTH, WEST, natural="tree")
    with pytest.raises(BadExtract, match="no addresses, no named streets and no named places"):
        bring(town)


def test_an_address_file_wins_over_the_map_and_over_counting(bring, target):
    bring(grand_bend())
    rows = [
        f"1201,Wealthy St SE,Grand Bend,49506,{WEST + 0.0011},{SOUTH + 0.0003}",
        f"1203,Wealthy St SE,Grand Bend,49506,{WEST + 0.0013},{SOUTH + 0.0004}",
    ]
    report = bring(SHEET + "\n".join(rows), "county.csv")
    assert report.houses == 19
    assert best(target, "1201 Wealthy St SE").point == (SOUTH + 0.0003, WEST + 0.0011)
    assert best(target, "1203 Wealthy St SE").kind.value == "exact"
    assert best(target, "wealthy & diamond").kind.value == "crossing"


def test_a_newer_address_file_wins_over_an_older_one(bring, target):
    for lat in (SOUTH, SOUTH + 0.0002):
        bring(f"{SHEET}12,Larch Row,Ada,,{WEST},{lat}\n", "county.csv")
    assert best(target, "12 Larch Row").point[0] == SOUTH + 0.0002
    assert len(Gazetteer(target).find("12 Larch Row")) == 1


def test_a_newer_extract_keeps_the_addresses_of_files(bring, target):
    bring(f"{SHEET}12,Larch Row,Ada,,{WEST},{SOUTH}\n", "county.csv")
    bring(grand_bend())
    assert best(target, "12 Larch Row").kind.value == "exact"
    assert best(target, "1201 Wealthy St SE").kind.value == "exact"
    again = bring(grand_bend())
    assert again.houses == 19


def test_streets_that_were_cut_off_are_told(bring):
    town = grand_bend()
    town.line([town.point(SOUTH, WEST), 9_999], highway="residential", name="Cut Street")
    assert bring(town).notes == [
        "1 of 6 named pieces of streets were left out: the extract has not all of their points."
    ]


def test_a_damaged_file_in_use_does_not_stand_in_the_way(bring, target):
    bring(grand_bend())
    target.write_bytes(b"damaged")
    assert bring(grand_bend()).houses == 18


@pytest.mark.parametrize(
    ("extract", "typed", "kind"),
    [
        ("queens_village_ny.osm.pbf", "99-10 217th Lane", "exact"),
        ("queens_village_ny.osm.pbf", "99-15 217th Steret", "exact"),
        ("queens_village_ny.osm.pbf", "99-10 217th", "street"),
        ("queens_village_ny.osm.pbf", "117-09 springfield blvd apt 2", "interpolated"),
        ("queens_village_ny.osm.pbf", "Hollis Ave & Springfield Blvd", "crossing"),
        ("vancouver_canada.osm.pbf", "375 Water St, Vancouver", "exact"),
        ("baltimore.osm.pbf", "2120 E Fairmount Ave", "exact"),
        ("porto_portugal.osm.pbf", "rua de camoes", "street"),
    ],
)
def test_a_real_extract_finds_what_lies_in_it(shared_data, tmp_path_factory, extract, typed, kind):
    made = tmp_path_factory.getbasetemp() / f"{extract}.db"
    if not made.exists():
        make(shared_data("data", "osm", extract), made)
    assert best(made, typed).kind.value == kind
