"""Reading an address file, as counties publish them: number, street, city, postcode, lon, lat."""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from dispatch.places.gazetteer.extract import BadExtract
from dispatch.places.gazetteer.frame import Frame
from dispatch.places.gazetteer.spelling import fold
from dispatch.places.gazetteer.staging import Source, Staging
from dispatch.places.sealed import Point

_NEEDED = ("number", "street", "lon", "lat")
_SPELLINGS = {
    "number": {"number", "housenumber", "house number", "addr num", "numero", "num", "no"},
    "street": {"street", "streetname", "street name", "calle", "via"},
    "city": {"city", "town", "place", "municipality", "ciudad", "localidad", "municipio"},
    "postcode": {"postcode", "zip", "zipcode", "zip code", "postal code", "codigo postal", "cp"},
    "lon": {"lon", "long", "lng", "longitude", "longitud", "x"},
    "lat": {"lat", "latitude", "latitud", "y"},
}
_SOUTHERNMOST = -60.0
"""Degrees: no street lies farther south, but the longitudes of America do."""
_EVERY = 5_000
_MOST_NOTES = 5


@dataclass
class Reading:
    """What came of an address file."""

    taken: int = 0
    left_out: int = 0
    why: list[str] = field(default_factory=list)
    """Why the first few rows were left out."""
    frame: Frame | None = None

    def leave_out(self, line: int, reason: str) -> None:
        """Count a row that cannot be used."""
        self.left_out += 1
        if len(self.why) < _MOST_NOTES:
            self.why.append(f"Line {line}: {reason}")

    def take(self, point: Point) -> None:
        """Count a row, and widen the frame to hold it."""
        self.taken += 1
        here = Frame(point[0], point[1], point[0], point[1])
        self.frame = self.frame.with_(here) if self.frame else here


def read(path: Path, staging: Staging, seen: Callable[[int], None]) -> Reading:
    """Put the rows of the address file at `path` into `staging`.

    Raises
        BadExtract: it is no table, a column is missing, or no row can be used.
    """
    reading = Reading()
    for line, row in _rows(path):
        _take(row, line, staging, reading)
        if line % _EVERY == 0:
            seen(line)
    staging.settle()
    if not reading.taken:
        why = " ".join(reading.why) or "It has no rows."
        raise BadExtract(f"No address of {path.name} can be used. {why}")
    return reading


def _take(row: dict[str, str], line: int, staging: Staging, reading: Reading) -> None:
    number, street = row["number"].strip(), row["street"].strip()
    try:
        point = _degrees(row["lat"]), _degrees(row["lon"])
    except ValueError:
        reading.leave_out(line, "the coordinates are no numbers.")
        return
    if not _SOUTHERNMOST <= point[0] <= 90 or abs(point[1]) > 180:
        swapped = _SOUTHERNMOST <= point[1] <= 90 and abs(point[0]) <= 180
        said = "latitude and longitude look swapped." if swapped else "nobody lives there."
        reading.leave_out(line, said)
    elif point == (0.0, 0.0):
        reading.leave_out(line, "the coordinates are empty.")
    elif not street or not number[:1].isdigit():
        reading.leave_out(line, "there is no house number or no street.")
    else:
        town, postcode = row.get("city", ""), row.get("postcode", "")
        staging.address(street, number, point, town=town, postcode=postcode, source=Source.FILE)
        reading.take(point)


def _degrees(text: str) -> float:
    return float(text.strip().replace(",", "."))


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open("rb") as file:
        start = file.read(65_536)
    encoding = _encoding(path)
    first = start.decode(encoding, "replace").splitlines()[:1]
    if b"\0" in start or not first:
        raise BadExtract(f"{path.name} is empty, or no text.")
    separator = max(",;\t|", key=first[0].count)
    with io.TextIOWrapper(path.open("rb"), encoding, newline="") as text:
        rows = csv.reader(text, delimiter=separator)
        columns = _columns(next(rows), path.name)
        try:
            for row in rows:
                if row:
                    row += [""] * (max(columns.values()) + 1 - len(row))
                    yield rows.line_num, {name: row[at] for name, at in columns.items()}
        except csv.Error as error:
            raise BadExtract(f"{path.name}, line {rows.line_num}: {error}.") from error


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        for line in file:
            try:
                line.decode("utf-8-sig")
            except UnicodeDecodeError:
                return "cp1252"
    return "utf-8-sig"


def _columns(headings: list[str], name: str) -> dict[str, int]:
    folded = [fold(heading.replace("_", " ")) for heading in headings]
    columns = {
        meaning: index
        for meaning, spellings in _SPELLINGS.items()
        for index, heading in reversed(list(enumerate(folded)))
        if heading in spellings
    }
    missing = [meaning for meaning in _NEEDED if meaning not in columns]
    if missing:
        raise BadExtract(
            f"{name} has no column {', '.join(missing)}. An address file needs: number, street, "
            "lon, lat; and may have city, postcode."
        )
    return columns
