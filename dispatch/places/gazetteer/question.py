"""What a typed line may mean: number, street, town, unit. Several readings where it is not sure.

`usaddress` reads the forms of the United States; what is written in Spanish, at a crossing or
without commas is read here. Nothing is looked up: which reading is right shows when one of them
is found.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

import usaddress

from dispatch.places.gazetteer.spelling import fold

LONGEST = 200
"""Characters of a line; what is longer is no address."""
_WORDS = (
    "apt|apartment|unit|suite|ste|rm|room|lot|trlr|trailer|bldg|fl|floor|dept|depto|dpto|"
    "departamento|apto|apartamento|piso|planta|puerta|pta|esc|escalera|local|interior|int|"
    "manzana|mz|lote|lt|casa|portal|bloque"
)
_NAME = r"(?:\d{1,5}\s?-?[a-z]?|[a-z]-?\d{0,4}|bajo|izq|dcha)"
_UNITS = re.compile(
    rf"(?:\b(?:{_WORDS})\b\.?\s*#?\s*{_NAME}\b|\b\d{{1,2}}(?:st|nd|rd|th) floor\b|"
    rf"\b\d{{1,2}}\s?[ºª°]\s*(?:[a-z]|izq\w*|dcha|der\w*)?(?=\W|$)|\b(?:bajo|entresuelo)\b)",
    re.IGNORECASE,
)
_HASH = re.compile(rf"#\s*{_NAME}(?=\W|$)", re.IGNORECASE)
_UNIT_BEFORE = re.compile(r"^(?:#\s*)?(\w{1,5})\s+-\s+(?=\d)")
_POSTCODE = re.compile(
    r"\b(\d{5}(?:-\d{4})?|[a-z]\d[a-z] ?\d[a-z]\d|\d{4}-\d{3})\b(?!.*\d)", re.IGNORECASE
)
_NUMBER = r"\d{1,6}(?:\s*-\s*\d{1,4})?(?:\s\d/\d)?(?:[a-z]\b|\s[abcdfg]\b|\s?bis\b)?"
"""A letter apart from its number may be a direction: 12 E is the beginning of 12 East."""
_LEADING = re.compile(rf"^({_NUMBER}|\d{{1,6}}[a-z]?)\s+(?=\S)", re.IGNORECASE)
_TWO_LEADING = re.compile(r"^(\d{1,4})\s+(\d{1,4})\s+(?=\S)")
_TRAILING = re.compile(
    rf"^(.*?[^\W\d].*?)[\s,]+(?:n[ºo°]?\.?\s*|num(?:ero)?\.?\s*|#\s*)?({_NUMBER})$", re.IGNORECASE
)
_ONLY_NUMBER = re.compile(rf"(?:n[ºo°]?\.?|num\.?)?\s*#?\s*{_NUMBER}", re.IGNORECASE)
_CROSSED = re.compile(
    r"\s*[&@]\s*|\s+/\s+|\s+(?:and|at|y|e|con|esquina(?: con)?|esq\.?(?: con)?)\s+", re.IGNORECASE
)
_CORNER = re.compile(
    r"^\s*(?:the\s+)?(?:corner of|intersection of|esquina(?: de| con)?|cruce(?: de)?)\s+",
    re.IGNORECASE,
)
STATES = frozenset(
    re.findall(
        r"\w+",
        "al ak az ar ca co ct de dc fl ga hi id il in ia ks ky la me md ma mi mn ms mo mt ne nv nh "
        "nj nm ny nc nd oh ok or pa pr ri sc sd tn tx ut vt va wa wv wi wy ab bc mb nb nl ns on pe "
        "qc sk usa canada espana mexico michigan california texas florida maryland",
    )
)
"""What may stand behind a town and says nothing inside one region."""


@dataclass(frozen=True)
class Reading:
    """One way to understand what was typed. Only `street` is never empty."""

    street: str
    number: str = ""
    crossed: str = ""
    """The other street of a crossing."""
    town: str = ""
    postcode: str = ""
    unit: str = ""


def readings(text: str, towns: frozenset[str]) -> list[Reading]:
    """The ways to understand `text`, the likeliest first; none for an empty line.

    `towns`, folded, are the names that may end a line without a comma before them.
    """
    line = " ".join(text[:LONGEST].split())
    if not line:
        return []
    found: dict[Reading, None] = {}
    for reading in (*_crossings(line, towns), *_houses(line, towns)):
        if fold(reading.street):
            found.setdefault(reading)
    return list(found)


def _houses(line: str, towns: frozenset[str]) -> Iterator[Reading]:
    rest, unit = _without_unit(line)
    rest, postcode = _without_postcode(rest)
    pieces = [piece for piece in (piece.strip(" .") for piece in rest.split(",")) if piece]
    if not pieces:
        return
    found = [
        replace(reading, unit=unit, postcode=postcode)
        for street, town in _splits(pieces, towns)
        for reading in _numbered(street, town)
    ]
    if by_model := _by_model(line):
        found.insert(min(1, len(found)), by_model)
    yield from found


def _without_unit(line: str) -> tuple[str, str]:
    units = []

    def take(found: re.Match) -> str:
        if not line[: found.start()].strip(" ,") and found.end() == len(line):
            return found[0]
        units.append(found[0].strip(" ,"))
        return " "

    bare = _UNITS.sub(take, line)
    if re.search(r"\d", _HASH.sub(" ", bare)):
        bare = _HASH.sub(take, bare)
    if before := _UNIT_BEFORE.match(bare):
        units.append(before[1])
        bare = bare[before.end() :]
    return re.sub(r"^[\s,;-]+", "", bare), ", ".join(units)


def _without_postcode(line: str) -> tuple[str, str]:
    found = _POSTCODE.search(line)
    if not found or not found.start() or not re.search(r"[^\W\d]", line[: found.start()]):
        return line, ""
    return line[: found.start()] + " " + line[found.end() :], fold(found[1]).replace(" ", "")


def _splits(pieces: list[str], towns: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The street with its number, and the town, as commas, known towns and states part them."""
    street, others = pieces[0], pieces[1:]
    if others and (_ONLY_NUMBER.fullmatch(others[0]) or _ONLY_NUMBER.fullmatch(street)):
        street, others = f"{street} {others[0]}", others[1:]
    if others:
        yield street, _town(others)
        return
    words = street.split()
    if len(words) > 2 and fold(words[-1]) in STATES:
        words = words[:-1]
    for length in (4, 3, 2, 1):
        if len(words) > length + 1 and fold(" ".join(words[-length:])) in towns:
            yield " ".join(words[:-length]), fold(" ".join(words[-length:]))
            break
    yield street, ""


def _town(pieces: list[str]) -> str:
    for piece in pieces:
        words = fold(piece).split()
        while words and words[-1] in STATES:
            words.pop()
        if words and not any(word.isdigit() for word in words):
            return " ".join(words)
    return ""


def _numbered(street: str, town: str) -> Iterator[Reading]:
    two, leading = _TWO_LEADING.match(street), _LEADING.match(street)
    trailing = _TRAILING.match(street)
    if two:
        yield Reading(street[two.end() :], f"{two[1]}-{two[2]}", town=town)
    if leading:
        yield Reading(street[leading.end() :], leading[1].strip(), town=town)
    elif trailing:
        yield Reading(trailing[1].strip(" ,"), trailing[2].strip(), town=town)
    if leading and trailing:
        yield Reading(trailing[1].strip(" ,"), trailing[2].strip(), town=town)
    yield Reading(street, town=town)


@cache
def _parts_of_street() -> frozenset[str]:
    return frozenset(
        f"StreetName{part}" for part in (
            "", "PreDirectional", "PreModifier", "PreType", "PostType", "PostDirectional",
            "PostModifier",
        )
    )  # fmt: skip


def _by_model(line: str) -> Reading | None:
    """What the statistical model of addresses of the United States makes of `line`."""
    parts: dict[str, list[str]] = {}
    for word, label in usaddress.parse(line):
        kind = "StreetName" if label in _parts_of_street() else label
        parts.setdefault(kind, []).append(word.strip(",;"))
    said = {kind: " ".join(words) for kind, words in parts.items()}
    if "StreetName" not in said or not said.get("AddressNumber", "")[:1].isdigit():
        return None
    number = said["AddressNumber"] + said.get("AddressNumberSuffix", "")
    unit = (said.get(kind, "") for kind in ("OccupancyType", "OccupancyIdentifier"))
    return Reading(
        said["StreetName"],
        number,
        town=fold(said.get("PlaceName", "")),
        postcode=fold(said.get("ZipCode", ""))[:5],
        unit=" ".join(filter(None, unit)),
    )


def _crossings(line: str, towns: frozenset[str]) -> Iterator[Reading]:
    bare, postcode = _without_postcode(line)
    if _LEADING.match(bare) and not re.match(r"^\d+(?:st|nd|rd|th)\b", bare, re.IGNORECASE):
        return
    for cut in _CROSSED.finditer(_CORNER.sub("", bare)):
        whole = cut.string
        one, rest = whole[: cut.start()].strip(" ,"), whole[cut.end() :].strip(" ,")
        pieces = [piece.strip() for piece in rest.split(",") if piece.strip()]
        if not one or not pieces:
            continue
        for other, town in _splits(pieces, towns):
            yield Reading(one, crossed=other, town=town, postcode=postcode)
