"""Taking in a map: all of it is put to use together, or none of it."""

import pytest

from dispatch.places import editions
from dispatch.places.editions import BadImport, NotBuilt
from dispatch.places.gazetteer.geocoder import in_folder
from dispatch.places.importing import import_file
from tests.dispatch.places.gazetteer.conftest import silent
from tests.dispatch.places.gazetteer.town import SOUTH, WEST, grand_bend

SHEET = f"number,street,city,postcode,lon,lat\n12,Larch Row,Ada,,{WEST},{SOUTH}\n"


@pytest.fixture
def extract(tmp_path):
    return grand_bend().write(tmp_path / "town.osm.pbf")


@pytest.fixture
def sheet(tmp_path):
    path = tmp_path / "county.csv"
    path.write_text(SHEET)
    return path


def drawn(source, target, _told):
    target.write_text(f"the map of {source.name}")
    return ["A map was drawn."]


def driven(source, target, _told):
    target.mkdir()
    (target / "files").write_text(f"the roads of {source.name}")
    return []


def failing(_source, target, _told):
    target.mkdir()
    (target / "half").touch()
    raise NotBuilt("There are no roads; streets are found all the same.")


def broken(_source, _target, _told):
    raise ZeroDivisionError


def test_every_product_of_an_extract_is_made_and_told(tmp_path, extract):
    said = import_file(extract, tmp_path, silent, {"map": drawn, "roads": driven})
    assert said[2:] == ["A map was drawn."]
    edition = editions.current(tmp_path)
    assert (edition / "map").read_text() == "the map of town.osm.pbf"
    assert (edition / "roads" / "files").read_text() == "the roads of town.osm.pbf"
    assert in_folder(tmp_path).find("1201 wealthy")


def test_a_product_that_cannot_be_made_is_told_and_the_rest_works(tmp_path, extract):
    said = import_file(extract, tmp_path, silent, {"roads": failing, "map": drawn})
    assert said[2:] == ["There are no roads; streets are found all the same.", "A map was drawn."]
    assert sorted(path.name for path in editions.current(tmp_path).iterdir()) == [
        "gazetteer.db",
        "map",
    ]


def test_a_fault_leaves_everything_as_it_was(tmp_path, extract):
    import_file(extract, tmp_path, silent, {"map": drawn})
    other = extract.with_name("other.osm.pbf")
    extract.replace(other)
    with pytest.raises(ZeroDivisionError):
        import_file(other, tmp_path, silent, {"map": drawn, "roads": broken})
    assert (editions.current(tmp_path) / "map").read_text() == "the map of town.osm.pbf"


def test_an_address_file_leaves_roads_and_map_in_use(tmp_path, extract, sheet):
    products = {"map": drawn, "roads": driven}
    import_file(extract, tmp_path, silent, products)
    import_file(sheet, tmp_path, silent, products)
    edition = editions.current(tmp_path)
    assert (edition / "map").read_text() == "the map of town.osm.pbf"
    assert (edition / "roads" / "files").exists()
    known = in_folder(tmp_path)
    assert known.find("12 larch row")
    assert known.find("1201 wealthy")


def test_a_file_that_cannot_be_used_leaves_the_old_in_use(tmp_path, extract, sheet):
    import_file(extract, tmp_path, silent, {})
    before = editions.current(tmp_path).resolve()
    sheet.write_text("a,b\n1,2\n")
    with pytest.raises(BadImport, match="no column number, street, lon, lat"):
        import_file(sheet, tmp_path, silent, {})
    assert editions.current(tmp_path).resolve() == before
    assert in_folder(tmp_path).find("1201 wealthy")


def test_no_file_is_said(tmp_path):
    with pytest.raises(BadImport, match="There is no file"):
        import_file(tmp_path / "none.osm.pbf", tmp_path, silent, {})


def test_who_searches_meanwhile_sees_the_old_and_then_the_new(tmp_path, extract, sheet):
    import_file(sheet, tmp_path, silent, {})
    known = in_folder(tmp_path)
    assert known.find("1201 wealthy") == []
    import_file(extract, tmp_path, silent, {})
    assert known.find("1201 wealthy")
