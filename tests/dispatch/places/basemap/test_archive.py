"""The header of a file of tiles says whether it can be used; the file tells nothing of us."""

import os
from pathlib import Path

import pytest

from dispatch.places.basemap import archive, features
from tests.dispatch.places.basemap.conftest import SOUTH, WEST


def test_the_header_of_a_file_is_read(tiles: Path):
    header = archive.read_header(tiles)
    assert header.zooms == (features.LEAST_ZOOM, features.MOST_ZOOM)
    assert header.tiles >= 10
    assert header.end == tiles.stat().st_size
    south, west, north, east = header.frame
    assert (south, west) == pytest.approx((SOUTH + 0.001, WEST), abs=0.0005)
    assert (north, east) == pytest.approx((SOUTH + 0.010, WEST + 0.010), abs=0.0005)


def test_a_missing_file_has_no_header(tmp_path: Path):
    assert archive.read_header(tmp_path / "none.pmtiles") is None
    assert archive.read_header(tmp_path) is None


@pytest.mark.parametrize("kept", [0, 6, 126, 127, 400])
def test_an_empty_or_broken_off_file_has_no_header(tiles: Path, kept: int):
    os.truncate(tiles, kept)
    assert archive.read_header(tiles) is None


def test_a_file_that_lacks_its_last_byte_is_broken_off(tiles: Path):
    os.truncate(tiles, tiles.stat().st_size - 1)
    assert archive.read_header(tiles) is None


@pytest.mark.parametrize(
    ("at", "byte"),
    [
        (0, b"X"),  # another kind of file
        (7, b"\2"),  # an older version
        (98, b"\1"),  # tiles that are not pressed
        (99, b"\2"),  # pictures
    ],
)
def test_another_kind_of_file_has_no_header(tiles: Path, at: int, byte: bytes):
    with tiles.open("r+b") as file:
        file.seek(at)
        file.write(byte)
    assert archive.read_header(tiles) is None


def test_a_file_without_tiles_is_none(tiles: Path):
    with tiles.open("r+b") as file:
        file.seek(72)
        file.write(bytes(8))
    assert archive.read_header(tiles) is None


def test_what_a_file_says_of_itself_is_overwritten(tiles: Path):
    before = tiles.read_bytes()
    archive.say_only(tiles, {"a": "b"})
    offset, length = archive.read_header(tiles).metadata
    after = tiles.read_bytes()
    assert archive.gzip.decompress(after[offset : offset + length]) == b'{"a": "b"}'
    assert len(after) == len(before)


def test_more_than_there_is_room_for_is_refused(tiles: Path):
    before = tiles.read_bytes()
    with pytest.raises(ValueError, match="room"):
        archive.say_only(tiles, {"a": os.urandom(2_000).hex()})
    assert tiles.read_bytes() == before


def test_only_a_file_of_tiles_is_written_to(tmp_path: Path):
    other = tmp_path / "letter.txt"
    other.write_text("Dear all,")
    with pytest.raises(ValueError, match="not a file of tiles"):
        archive.say_only(other, {"a": "b"})
    assert other.read_text() == "Dear all,"
