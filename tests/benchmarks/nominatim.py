"""Ours beside Nominatim's own library: `python -m tests.benchmarks.nominatim --extract FILE`.

Both take in the same extract and are asked the same texts, those of `tests.benchmarks.geocoder`.
A developer runs this by hand. It needs PostgreSQL with PostGIS and osm2pgsql (on Debian:
`apt-get install postgresql-15-postgis-3 osm2pgsql`; with `libsqlite3-mod-spatialite` Nominatim is
asked on SQLite too), and pip, which fetches `nominatim-db` and `nominatim-api` into a folder of
their own. Everything stands in that folder and is gone afterwards; the server answers on a socket
in it and is ended by its process. From the import on, Nominatim has no network.

An answer counts as exact where it has the house number: Nominatim says no more about it.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from dispatch.places.gazetteer import importing
from dispatch.places.gazetteer.found import MatchKind
from dispatch.places.gazetteer.geocoder import Gazetteer
from dispatch.places.roads import metres_between
from tests.benchmarks.geocoder import RIGHT, House, houses_of, ways_of_writing
from tests.benchmarks.pages import percentile
from tests.services import postgres

VERSION = "5.3.3"
ASKED = 1_000
THREADS = 2
NO_NETWORK = ["unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"])]
"""A command after these has no way out; sockets in the file system it has."""
ASKING = """
import json, pathlib, sys, time
from nominatim_api import NominatimAPI, SourceTable
with NominatimAPI(pathlib.Path(sys.argv[1])) as api:
    api.search("warm up")
    for line in sys.stdin:
        begun = time.perf_counter()
        found = api.search(json.loads(line), max_results=3)
        taken = time.perf_counter() - begun
        rows = [
            [one.centroid.lat, one.centroid.lon,
             bool(one.housenumber) and one.source_table is SourceTable.PLACEX]
            for one in found
        ]
        print(json.dumps([taken, rows]), flush=True)
"""
"""Run by Nominatim's own Python: a text a line in, seconds and candidates a line out."""


@dataclass(frozen=True)
class Answer:
    """What came of one text."""

    seconds: float
    found: list[tuple[float, float, bool]]
    """Latitude, longitude, and whether it is called exact; best first."""


Ask = Callable[[list[str]], Iterator[Answer]]


def missing() -> list[str]:
    """What this machine does not have, in words."""
    lacks = []
    if not postgres.is_installed():
        lacks.append("PostgreSQL (apt-get install postgresql)")
    elif not list(Path("/usr/share/postgresql").glob("*/extension/postgis.control")):
        lacks.append("PostGIS (apt-get install postgresql-15-postgis-3)")
    if not shutil.which("osm2pgsql"):
        lacks.append("osm2pgsql (apt-get install osm2pgsql)")
    if subprocess.run([*NO_NETWORK, "true"], check=False, capture_output=True).returncode:
        lacks.append("a network namespace of one's own (unshare --net)")
    return lacks


def installed(folder: Path, python: str) -> Path:
    """Nominatim's own Python, with the library in it."""
    subprocess.run([python, "-m", "venv", folder], check=True)
    inside = folder / "bin" / "python"
    packages = [f"nominatim-db=={VERSION}", f"nominatim-api=={VERSION}", "aiosqlite"]
    subprocess.run([inside, "-m", "pip", "install", "--quiet", *packages], check=True)
    return inside


def settings(host: str, project: Path) -> Path:
    """The project folder of a Nominatim that keeps its data on the server at the socket `host`."""
    project.mkdir()
    (project / ".env").write_text(
        f"NOMINATIM_DATABASE_DSN=pgsql:dbname=nominatim;host={host};user=postgres\n"
        "NOMINATIM_DATABASE_WEBUSER=postgres\nNOMINATIM_IMPORT_STYLE=address\n"
    )
    return project


def taken_in(python: Path, project: Path, extract: Path) -> float:
    """Seconds that Nominatim takes for the extract."""
    begun = time.perf_counter()
    _run(python, project, "import", "--osm-file", extract, "--threads", THREADS, "--no-updates")
    return time.perf_counter() - begun


def on_sqlite(python: Path, project: Path, folder: Path) -> Path | str:
    """The project folder of the same data on SQLite, or why there is none."""
    file = folder / "nominatim.sqlite"
    try:
        _run(python, project, "convert", "-o", file)
    except subprocess.CalledProcessError as error:
        return (error.stderr or error.stdout).strip().splitlines()[-1]
    other = folder / "on-sqlite"
    other.mkdir()
    (other / ".env").write_text(f"NOMINATIM_DATABASE_DSN=sqlite:dbname={file}\n")
    return other


def _run(python: Path, project: Path, *words: object) -> None:
    command = [*NO_NETWORK, python.with_name("nominatim"), *words, "--project-dir", project]
    subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True, cwd=project)


def theirs(python: Path, project: Path) -> Ask:
    """A function that asks Nominatim."""

    def ask(texts: list[str]) -> Iterator[Answer]:
        command = [*NO_NETWORK, str(python), "-c", ASKING, str(project)]
        lines = "".join(f"{json.dumps(text)}\n" for text in texts)
        done = subprocess.run(command, input=lines, check=True, stdout=subprocess.PIPE, text=True)
        for line in done.stdout.splitlines():
            seconds, rows = json.loads(line)
            yield Answer(seconds, [tuple(row) for row in rows])

    return ask


def ours(geocoder: Gazetteer) -> Ask:
    """A function that asks the local geocoder."""

    def ask(texts: list[str]) -> Iterator[Answer]:
        for text in texts:
            begun = time.perf_counter()
            found = geocoder.find(text, 3)
            taken = time.perf_counter() - begun
            rows = [(*one.point, one.kind is MatchKind.EXACT) for one in found]
            yield Answer(taken, rows)

    return ask


def line_of(asked: list[tuple[House, str]], ask: Ask) -> str:
    """The share of right answers, of wrong ones that are called exact, and milliseconds."""
    first = three = wrong_exact = nothing = 0
    seconds = []
    answers = ask([text for _house, text in asked])
    for (house, _text), answer in zip(asked, answers, strict=True):
        away = [metres_between(house.point, one[:2]) for one in answer.found]
        first += bool(away) and away[0] <= RIGHT
        three += any(one <= RIGHT for one in away)
        nothing += not away
        wrong_exact += bool(away) and away[0] > RIGHT and answer.found[0][2]
        seconds.append(answer.seconds)
    share = 100 / len(asked)
    p50, p99 = statistics.median(seconds) * 1e3, percentile(seconds, 0.99) * 1e3
    return (
        f"first {first * share:6.2f} %  three {three * share:6.2f} %  wrong but exact "
        f"{wrong_exact * share:5.2f} %  nothing {nothing * share:6.2f} %  "
        f"p50 {p50:5.1f} ms  p99 {p99:6.1f} ms"
    )


def compared(extract: Path, asked: int, python: str, folder: Path) -> Iterator[str]:
    """The report."""
    begun = time.perf_counter()
    importing.take_extract(extract, folder / "ours.db", _silent, old=folder / "none")
    yield f"import, ours: {time.perf_counter() - begun:.1f} s"
    inside = installed(folder / "venv", python)
    with postgres.serving() as server:
        project = settings(server["host"], folder / "project")
        yield f"import, Nominatim {VERSION}: {taken_in(inside, project, extract):.1f} s"
        askers = {"ours": ours(Gazetteer(folder / "ours.db"))}
        askers["Nominatim on PostgreSQL"] = theirs(inside, project)
        light = on_sqlite(inside, project, folder)
        if isinstance(light, Path):
            askers["Nominatim on SQLite"] = theirs(inside, light)
        else:
            yield f"Nominatim is not asked on SQLite: {light}"
        yield from _table(extract, asked, askers)


def _table(extract: Path, asked: int, askers: dict[str, Ask]) -> Iterator[str]:
    chance = random.Random(7)  # noqa: S311 -- the sample of the other benchmark
    houses = houses_of(extract)
    sample = chance.sample(houses, min(asked, len(houses)))
    yield f"{len(sample)} addresses"
    for way, write in ways_of_writing(chance).items():
        texts = [(one, write(one)) for one in sample]
        yield way
        for name, ask in askers.items():
            yield f"  {name:<24} {line_of(texts, ask)}"


def _silent(_what: str, _share: float | None) -> None:
    pass


def main() -> None:
    """Parse, look for what is needed, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extract", type=Path, required=True)
    parser.add_argument("--asked", type=int, default=ASKED)
    parser.add_argument("--python", default=sys.executable, help="The Python Nominatim runs on.")
    wanted = parser.parse_args()
    if lacks := missing():
        raise SystemExit("This machine has not: " + "; ".join(lacks) + ".")
    with tempfile.TemporaryDirectory() as made:
        try:
            for line in compared(wanted.extract, wanted.asked, wanted.python, Path(made)):
                print(line, flush=True)  # noqa: T201 -- its answer
        except subprocess.CalledProcessError as error:
            raise SystemExit(f"{error}\n{error.stderr or ''}{error.stdout or ''}") from error


if __name__ == "__main__":
    main()
