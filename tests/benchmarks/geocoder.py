"""How good and how quick the local geocoder is: `python -m tests.benchmarks.geocoder --help`.

`--extract FILE` asks for addresses of the extract as people write them, and for addresses that
were taken out of it before the import. What is right is read from the extract itself, not from the
index.
`--made-up N` times the suggestions among N made-up addresses instead.
"""

import argparse
import csv
import random
import re
import resource
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import osmium

from dispatch.places.gazetteer import importing
from dispatch.places.gazetteer.extract import frame_of
from dispatch.places.gazetteer.found import MatchKind
from dispatch.places.gazetteer.geocoder import Gazetteer
from dispatch.places.roads import metres_between
from tests.benchmarks.pages import percentile

RIGHT = 60.0
"""Metres within which an answer is right."""
ASKED = 2_000
SHORT = {
    "Street": "St", "Avenue": "Ave", "Boulevard": "Blvd", "Road": "Rd", "Drive": "Dr",
    "Lane": "Ln", "Place": "Pl", "Court": "Ct", "Terrace": "Ter", "Parkway": "Pkwy",
    "North": "N", "South": "S", "East": "E", "West": "W",
}  # fmt: skip
KINDS = re.compile(r" (?:Street|Avenue|Boulevard|Road|Drive|Lane|Place|Court|Terrace|Parkway)$")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class House:
    """An address of the extract."""

    thing: str
    """What bears it: n123 or w123."""
    number: str
    street: str
    postcode: str
    point: tuple[float, float]


def houses_of(path: Path) -> list[House]:
    """Every address that the extract holds within its own frame."""
    frame, found = frame_of(path), []
    reading = osmium.FileProcessor(str(path)).with_locations()
    for thing in reading.with_filter(osmium.filter.KeyFilter("addr:housenumber")):
        street, number = thing.tags.get("addr:street"), thing.tags["addr:housenumber"]
        places = [thing.location] if thing.is_node() else [n.location for n in _nodes(thing)]
        places = [one for one in places if one.valid()]
        if not street or not places or not re.fullmatch(r"\d+(-\d+)?[A-Za-z]?", number):
            continue
        lats, lons = [one.lat for one in places], [one.lon for one in places]
        point = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
        if frame is None or frame.holds(point):
            name = f"{thing.type_str()}{thing.id}"
            found.append(House(name, number, street, thing.tags.get("addr:postcode", ""), point))
    return found


def _nodes(thing) -> list:
    return list(thing.nodes) if thing.is_way() else []


def slip(text: str, chance: random.Random, *, letters_only: bool = True) -> str:
    """`text` with one letter wrong, missing, twice or swapped with the next."""
    places = [at for at, one in enumerate(text) if one.isalpha() or not letters_only]
    at = chance.choice(places)
    kind = chance.randrange(4)
    other = chance.choice(LETTERS)
    if kind == 0:
        return text[:at] + other + text[at + 1 :]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + other + text[at:]
    return text[:at] + text[at + 1 : at + 2] + text[at] + text[at + 2 :]


def abbreviated(street: str) -> str:
    """`street` as the post writes it."""
    return " ".join(SHORT.get(word, word) for word in street.split())


def ways_of_writing(chance: random.Random) -> dict[str, Callable[[House], str]]:
    """By what was done to it, the text for an address."""
    return {
        "as it is": lambda one: f"{one.number} {one.street}",
        "lower case": lambda one: f"{one.number} {one.street}".lower(),
        "abbreviations": lambda one: f"{one.number} {abbreviated(one.street)}",
        "unit added": lambda one: f"{one.number} {one.street} Apt 3",
        "one typo in a letter": lambda one: f"{one.number} {slip(one.street, chance)}",
        "one typo anywhere in the street": lambda one: (
            f"{one.number} {slip(one.street, chance, letters_only=False)}"
        ),
        "suffix missing": lambda one: f"{one.number} {KINDS.sub('', one.street)}",
        "suffix missing, postcode given": lambda one: (
            f"{one.number} {KINDS.sub('', one.street)}, {one.postcode}"
        ),
        "hyphen left out": lambda one: f"{one.number.replace('-', '')} {one.street}",
        "all at once": lambda one: (
            f"{one.number} {slip(abbreviated(one.street), chance)} #3, {one.postcode}".lower()
        ),
    }


def ask(geocoder: Gazetteer, asked: list[tuple[House, str]], known: dict[str, list]) -> str:
    """One line of the report for the texts of one way of writing.

    `known` holds, by text, every point that it is the whole address of: where several lie apart,
    nobody can know which one is meant.
    """
    first = three = wrong_exact = ambiguous = nothing = 0
    seconds = []
    for house, text in asked:
        begun = time.perf_counter()
        found = geocoder.find(text, 3)
        seconds.append(time.perf_counter() - begun)
        away = [metres_between(house.point, one.point) for one in found]
        first += bool(away) and away[0] <= RIGHT
        three += any(one <= RIGHT for one in away)
        nothing += not found
        wrong_exact += bool(found) and away[0] > RIGHT and found[0].kind is MatchKind.EXACT
        points = known[text.lower()]
        ambiguous += any(metres_between(house.point, one) > RIGHT for one in points)
    share = 100 / len(asked)
    p50, p99 = statistics.median(seconds) * 1e3, percentile(seconds, 0.99) * 1e3
    return (
        f"first {first * share:6.2f} %  first three {three * share:6.2f} %  "
        f"wrong but exact {wrong_exact * share:5.2f} %  nothing {nothing * share:5.2f} %  "
        f"text of two addresses {ambiguous * share:5.2f} %  p50 {p50:4.1f} ms  p99 {p99:5.1f} ms"
    )


def without(path: Path, gone: set[str], target: Path) -> None:
    """A copy of the extract in which the things named in `gone` have no address."""
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for thing in osmium.FileProcessor(str(path)):
            if f"{thing.type_str()}{thing.id}" in gone:
                tags = {tag.k: tag.v for tag in thing.tags if not tag.k.startswith("addr:")}
                writer.add(thing.replace(tags=tags))
            else:
                writer.add(thing)


def held_out(path: Path, houses: list[House], chance: random.Random, folder: Path) -> str:
    """One line about addresses that the index never saw."""
    gone = chance.sample(houses, len(houses) // 10)
    without(path, {one.thing for one in gone}, folder / "held.osm.pbf")
    target = folder / "held.db"
    importing.take_extract(folder / "held.osm.pbf", target, _silent, old=folder / "none")
    geocoder = Gazetteer(target)
    errors, kinds = [], defaultdict(int)
    for house in gone:
        found = geocoder.find(f"{house.number} {house.street}, {house.postcode}", 1)
        kinds[found[0].kind.value if found else "nothing"] += 1
        if found and found[0].number:
            errors.append(metres_between(house.point, found[0].point))
    answered = 100 * len(errors) / len(gone)
    return (
        f"answered {answered:.1f} % of {len(gone)}  median {statistics.median(errors):.1f} m  "
        f"p90 {percentile(errors, 0.9):.1f} m  p99 {percentile(errors, 0.99):.1f} m  "
        f"{dict(kinds)}"
    )


def typing(geocoder: Gazetteer, texts: list[str]) -> str:
    """One line about suggestions, asked for after each letter from the third on."""
    seconds = []
    for text in texts:
        for end in range(3, len(text) + 1):
            begun = time.perf_counter()
            geocoder.complete(text[:end])
            seconds.append(time.perf_counter() - begun)
    p50, p99 = statistics.median(seconds) * 1e3, percentile(seconds, 0.99) * 1e3
    return (
        f"n {len(seconds)}  p50 {p50:.1f} ms  p99 {p99:.1f} ms  worst {max(seconds) * 1e3:.1f} ms"
    )


def real(path: Path, asked: int) -> Iterator[str]:
    """The report on an extract."""
    chance = random.Random(7)  # noqa: S311 -- a seeded benchmark
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        begun, used = time.perf_counter(), time.process_time()
        report = importing.take_extract(path, folder / "whole.db", _silent, old=folder / "none")
        yield (
            f"import: {time.perf_counter() - begun:.1f} s ({time.process_time() - used:.1f} s of "
            f"processor), {_memory():.0f} MB, file {(folder / 'whole.db').stat().st_size / 1e6:.1f}"
            f" MB; {report.lines()[0]}"
        )
        houses = houses_of(path)
        geocoder = Gazetteer(folder / "whole.db")
        geocoder.find("warm up", 1)
        sample = chance.sample(houses, min(asked, len(houses)))
        for way, write in ways_of_writing(chance).items():
            known = defaultdict(list)
            if "typo" not in way and "all" not in way:
                for one in houses:
                    known[write(one).lower()].append(one.point)
            yield f"{way:<32} {ask(geocoder, [(one, write(one)) for one in sample], known)}"
        texts = [f"{one.number} {one.street}" for one in sample[:300]]
        yield f"suggestions: {typing(geocoder, texts)}"
        yield f"suggestions with a typo: {typing(geocoder, [slip(one, chance) for one in texts])}"
        yield f"taken out before the import: {held_out(path, houses, chance, folder)}"
        yield f"memory at the end: {_memory():.0f} MB"


def made_up(count: int) -> Iterator[str]:
    """The report on `count` addresses of a made-up state: towns, streets, fifty houses each."""
    chance = random.Random(7)  # noqa: S311 -- a seeded benchmark
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        texts = _write_made_up(folder / "state.csv", count, chance)
        begun = time.perf_counter()
        report = importing.add_sheet(
            folder / "state.csv", folder / "state.db", _silent, old=folder / "none"
        )
        size = (folder / "state.db").stat().st_size / 1e6
        yield f"import: {time.perf_counter() - begun:.0f} s, {_memory():.0f} MB, file {size:.0f} MB"
        yield report.lines()[0]
        geocoder = Gazetteer(folder / "state.db")
        begun = time.perf_counter()
        geocoder.find("warm up", 1)
        yield f"first question: {time.perf_counter() - begun:.2f} s"
        yield f"suggestions: {typing(geocoder, texts)}"
        yield f"suggestions with a typo: {typing(geocoder, [slip(one, chance) for one in texts])}"
        yield f"memory at the end: {_memory():.0f} MB"


def _write_made_up(path: Path, count: int, chance: random.Random) -> list[str]:
    parts = ["ash", "bel", "cor", "dun", "el", "far", "glen", "hart", "ing", "kel", "lin", "mor"]
    ends = ["wood", "field", "ton", "dale", "brook", "ridge", "mont", "view", "ford", "ley"]
    names = [f"{a}{b}{c}".title() for a in parts for b in parts for c in ends]
    texts = []
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["number", "street", "city", "postcode", "lon", "lat"])
        for street in range(count // 50):
            town = street // 120
            lat, lon = 40 + (town // 30) * 0.1, -90 + (town % 30) * 0.1
            lat, lon = lat + chance.random() * 0.08, lon + chance.random() * 0.08
            name = f"{chance.choice(names)} {chance.choice(list(SHORT)[:10])}"
            city, postcode = f"{names[town % len(names)]}", f"{40000 + town}"
            for house in range(50):
                at = f"{lon + house * 0.0002:.6f}"
                rows.writerow([100 + 2 * house, name, city, postcode, at, f"{lat:.6f}"])
            if street % (count // 50 // 150 or 1) == 0:
                texts.append(f"{100 + 2 * chance.randrange(50)} {name}, {city}")
    return texts


def _memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def _silent(_what: str, _share: float | None) -> None:
    pass


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--extract", type=Path)
    parser.add_argument("--asked", type=int, default=ASKED)
    parser.add_argument("--made-up", type=int)
    wanted = parser.parse_args()
    lines = made_up(wanted.made_up) if wanted.made_up else real(wanted.extract, wanted.asked)
    for line in lines:
        print(line, flush=True)  # noqa: T201 -- its answer


if __name__ == "__main__":
    main()
