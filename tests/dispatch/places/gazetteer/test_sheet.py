"""Reading an address file."""

import pytest

from dispatch.places.gazetteer import sheet
from dispatch.places.gazetteer.extract import BadExtract
from dispatch.places.gazetteer.staging import Staging

HEAD = "number,street,city,postcode,lon,lat\n"
ROW = "1243,Quarry St,Ada,49301,-85.66,42.96\n"


@pytest.fixture
def staging(tmp_path):
    opened = Staging(tmp_path / "staged.db")
    yield opened
    opened.close()


@pytest.fixture
def read(staging, tmp_path):
    """A function from the bytes of a file to what came of it, and its rows."""

    def carry_out(content):
        path = tmp_path / "county.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        reading = sheet.read(path, staging, lambda _line: None)
        rows = "SELECT number, street, town, postcode, lat, lon, source FROM raw_address"
        return reading, staging.database.execute(rows).fetchall()

    return carry_out


EXPECTED = ("1243", "Quarry St", "Ada", "49301", 42.96, -85.66, 2)


@pytest.mark.parametrize(
    "content",
    [
        HEAD + ROW,
        (HEAD + ROW).replace(",", ";"),
        (HEAD + ROW).replace(",", "\t"),
        "\ufeff" + HEAD + ROW,
        "LON,LAT,NUMBER,STREET,UNIT,CITY,POSTCODE\n-85.66,42.96,1243,Quarry St,,Ada,49301\n",
        "Número;Calle;Ciudad;Código postal;Longitud;Latitud\n"
        "1243;Quarry St;Ada;49301;-85,66;42,96\n",
    ],
)
def test_the_columns_are_found_by_their_headings(read, content):
    assert read(content)[1] == [EXPECTED]


def test_a_file_of_an_older_encoding_is_read(read):
    row = "12,Calle Peña,Ada,,-85.66,42.96\n"
    assert read((HEAD + row).encode("cp1252"))[1][0][1] == "Calle Peña"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("12,Elm St,Ada,,42.96,-85.66\n", "swapped"),
        ("12,Elm St,Ada,,x,42.96\n", "no numbers"),
        ("12,Elm St,Ada,,0,0\n", "empty"),
        (",Elm St,Ada,,-85.66,42.96\n", "no house number"),
        ("12,,Ada,,-85.66,42.96\n", "no street"),
        ("12\n", "no numbers"),
    ],
)
def test_a_row_that_cannot_be_used_is_left_out_with_its_line_and_reason(read, row, reason):
    reading, rows = read(HEAD + ROW + row)
    assert (reading.taken, reading.left_out, len(rows)) == (1, 1, 1)
    assert reading.why[0].startswith("Line 3:")
    assert reason in reading.why[0]


def test_the_frame_is_around_what_was_taken(read):
    frame = read(HEAD + ROW + "12,Elm St,Ada,,-85.60,42.90\n")[0].frame
    assert (frame.south, frame.west, frame.north, frame.east) == (42.90, -85.66, 42.96, -85.60)


def test_a_missing_column_is_named(read):
    with pytest.raises(BadExtract, match="no column street, lat"):
        read("number,lon,city\n1,2,3\n")


def test_a_file_that_is_no_text_is_refused(read):
    with pytest.raises(BadExtract, match="no text"):
        read(b"PK\x03\x04\0\0\0")
