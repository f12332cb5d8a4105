"""The file of tiles: its header, and what it tells about itself.

PMTiles, version 3 (https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md): a header of
127 bytes, directories, metadata, tiles. A page asks for ranges of it.
"""

import gzip
import json
import struct
from dataclasses import dataclass
from pathlib import Path

_MAGIC = b"PMTiles\x03"
_HEADER = struct.Struct("<8s11Q6B4iB2i")
_METADATA_LENGTH = struct.Struct("<Q")
_METADATA_LENGTH_AT = 32
_GZIP, _VECTOR = 2, 1


@dataclass(frozen=True)
class Header:
    """What the first bytes of a file of tiles say."""

    metadata: tuple[int, int]
    """Offset and length, in bytes."""
    end: int
    """Where the last part ends: a shorter file is broken off."""
    tiles: int
    """How many there are."""
    zooms: tuple[int, int]
    """The least and the most."""
    frame: tuple[float, float, float, float]
    """South, west, north, east."""


def read_header(path: Path) -> Header | None:
    """The header of the file at `path`; None where it is no whole file of vector tiles."""
    try:
        with path.open("rb") as file:
            start = file.read(_HEADER.size)
            size = file.seek(0, 2)
    except OSError:
        return None
    if len(start) < _HEADER.size or not start.startswith(_MAGIC):
        return None
    _magic, *numbers = _HEADER.unpack(start)
    parts, tiles = list(zip(numbers[0:8:2], numbers[1:8:2], strict=True)), numbers[8]
    _clustered, inside, outside, kind, least, most = numbers[11:17]
    west, south, east, north = (degrees / 1e7 for degrees in numbers[17:21])
    end = max(offset + length for offset, length in parts)
    if end > size or not tiles or (inside, outside, kind) != (_GZIP, _GZIP, _VECTOR):
        return None
    return Header(parts[1], end, tiles, (least, most), (south, west, north, east))


def say_only(path: Path, metadata: dict[str, str]) -> None:
    """Let the finished file at `path` tell nothing about itself but `metadata`.

    What it told before is overwritten: the program that made it notes its own command line there,
    with paths of this machine.

    Raises
        ValueError: this is no file of tiles, or it told less than `metadata`.
    """
    header = read_header(path)
    if header is None:
        raise ValueError("not a file of tiles")
    offset, room = header.metadata
    said = gzip.compress(json.dumps(metadata, ensure_ascii=False).encode(), mtime=0)
    if len(said) > room:
        raise ValueError("no room for what is to be said")
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(said.ljust(room, b"\0"))
        file.seek(_METADATA_LENGTH_AT)
        file.write(_METADATA_LENGTH.pack(len(said)))
