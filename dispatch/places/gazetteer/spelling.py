"""One spelling for every way of writing a street: case, accents, abbreviations, ordinals.

What is stored and what is typed go through the same functions, so that "W 16th Ave." and "west
sixteenth avenue" meet. English and Spanish forms; the tables hold what the postal services of the
United States, Canada and Spain abbreviate most.
"""

import re
import unicodedata
from functools import lru_cache

Words = tuple[str, ...]

DIRECTIONS = {
    "n": "north", "s": "south", "e": "east", "w": "west", "ne": "northeast", "nw": "northwest",
    "se": "southeast", "sw": "southwest", "o": "oeste", "no": "noroeste", "so": "suroeste",
}  # fmt: skip
_POINTS = frozenset(DIRECTIONS.values()) | {"norte", "sur", "este", "oriente", "poniente"}
_LAST = {
    "street": "st str strt", "avenue": "ave av aven avenida", "road": "rd",
    "boulevard": "blvd boul",
    "drive": "dr drv", "lane": "ln", "court": "ct crt", "place": "pl", "square": "sq",
    "terrace": "ter terr", "circle": "cir circ", "highway": "hwy", "parkway": "pkwy pky",
    "expressway": "expy", "freeway": "fwy", "crescent": "cres", "trail": "trl", "heights": "hts",
    "plaza": "plz", "point": "pt", "turnpike": "tpke tpk", "crossing": "xing", "center": "ctr",
    "mount": "mt", "fort": "ft", "route": "rte", "alley": "aly", "cove": "cv", "creek": "crk",
    "ridge": "rdg", "extension": "ext", "junction": "jct", "gardens": "gdns", "grove": "grv",
}  # fmt: skip
_FIRST = {
    "calle": "cl cll", "avenue": "avenida av avda avd avnda ave", "plaza": "pza pl plz plza pc",
    "paseo": "ps pso po", "carretera": "ctra carr", "camino": "cno cmno", "travesia": "trv trva",
    "ronda": "rda", "rua": "r", "calzada": "calz", "carrera": "cra kr", "glorieta": "gta",
    "boulevard": "bulevar blvr blvd", "prolongacion": "prol", "privada": "priv",
    "urbanizacion": "urb", "barrio": "bo", "poligono": "pol", "callejon": "cjon", "route": "rte",
}  # fmt: skip
_ANYWHERE = {
    "santa": "sta", "santo": "sto", "general": "gral", "doctora": "dra", "nuestra": "ntra",
    "senora": "sra", "mount": "mt", "fort": "ft", "coronel": "cnel", "capitan": "cap",
}  # fmt: skip
_COUNTED = {
    "1": "first primera primero", "2": "second segunda segundo", "3": "third tercera tercero",
    "4": "fourth cuarta", "5": "fifth quinta", "6": "sixth sexta", "7": "seventh septima",
    "8": "eighth octava", "9": "ninth novena", "10": "tenth decima", "11": "eleventh",
    "12": "twelfth", "13": "thirteenth", "14": "fourteenth", "15": "fifteenth", "16": "sixteenth",
    "17": "seventeenth", "18": "eighteenth", "19": "nineteenth", "20": "twentieth",
}  # fmt: skip


def _by_short(table: dict[str, str]) -> dict[str, str]:
    return {short: full for full, shorts in table.items() for short in shorts.split()}


LAST = _by_short(_LAST)
FIRST = _by_short(_FIRST)
ANYWHERE = _by_short(_ANYWHERE)
_ORDINALS = _by_short(_COUNTED)
_SHORT = {full: shorts.split()[0] for full, shorts in (_FIRST | _ANYWHERE | _LAST).items()} | {
    full: short for short, full in DIRECTIONS.items()
}
LAST_KINDS = frozenset(_LAST) - {"mount", "fort", "point", "center", "heights"} | {
    "way", "walk", "loop", "row", "path", "pike", "mews", "mall", "run", "pass", "close",
}  # fmt: skip
"""What kind of street it is, where that is said last."""
FIRST_KINDS = frozenset(_FIRST) | {"largo", "praca", "travessa", "andador", "alameda", "pasaje"}
"""The same where it is said first, as in Spanish."""
_ORDINAL = re.compile(r"(\d+)(st|nd|rd|th)")
_APOSTROPHES = str.maketrans("", "", "'’‘`´ªº°.")


def fold(text: str) -> str:
    """`text` without case, accents, punctuation and double spaces; ñ is n."""
    bare = text.translate(_APOSTROPHES) if text.isascii() else _without_marks(text)
    return " ".join("".join(c if c.isalnum() else " " for c in bare.casefold()).split())


def _without_marks(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES))
    return "".join(c for c in apart if not unicodedata.combining(c))


@lru_cache(maxsize=20_000)
def street_words(text: str) -> Words:
    """The words of a street's name in the one spelling: ("west", "16", "avenue")."""
    words = fold(_with_calle(text)).split()
    return tuple(_one(words, at) for at in range(len(words)))


def _with_calle(text: str) -> str:
    return re.sub(r"^\s*c\s*[/.]\s*(?=\w)", "calle ", text, flags=re.IGNORECASE)


def _one(words: list[str], at: int) -> str:
    word, is_first = words[at], at == 0
    is_alone = len(words) == 1
    ends = all(other in DIRECTIONS or other in _POINTS for other in words[at + 1 :])
    if word in ("st", "dr") and not is_alone:
        full = ("street", "saint") if word == "st" else ("drive", "doctor")
        return full[0] if ends and not is_first else full[1]
    ordinal = _ORDINAL.fullmatch(word)
    if ordinal and ordinal[2] == _ending(int(ordinal[1])):
        return ordinal[1]
    if word in _ORDINALS:
        return _ORDINALS[word]
    if is_alone:
        return word
    if is_first and word in FIRST:
        return FIRST[word]
    if word in DIRECTIONS and (is_first or ends or word not in ("o", "no", "so", "e", "y")):
        return DIRECTIONS[word]
    if not is_first and word in LAST:
        return LAST[word]
    return ANYWHERE.get(word, "avenue" if word == "avenida" else word)


def without_kind(words: Words) -> Words:
    """`words` without the one that says street, avenue, calle; all of them if nothing is left."""
    kept = words
    end = len(kept)
    while end > 1 and kept[end - 1] in _POINTS:
        end -= 1
    if end > 1 and kept[end - 1] in LAST_KINDS:
        kept = kept[: end - 1] + kept[end:]
    elif len(kept) > 1 and kept[0] in FIRST_KINDS:
        kept = kept[1:]
    return kept


def without_directions(words: Words) -> Words:
    """`words` without north, south and the like at either end; all of them if nothing is left."""
    start, end = 0, len(words)
    while end - start > 1 and words[start] in _POINTS:
        start += 1
    while end - start > 1 and words[end - 1] in _POINTS:
        end -= 1
    return words[start:end]


def has_kind(words: Words) -> bool:
    """Whether a word of `words` says street, avenue, calle."""
    return without_kind(words) != words


def with_ordinals(words: Words) -> Words:
    """`words` as they stand on a sign: 217th for 217."""
    return tuple(f"{word}{_ending(int(word))}" if word.isdecimal() else word for word in words)


def written_short(words: Words) -> Words:
    """`words` as they are written in a hurry: ("w", "16th", "ave")."""
    return tuple(_SHORT.get(word, word) for word in with_ordinals(words))


def _ending(number: int) -> str:
    if number // 10 % 10 == 1:
        return "th"
    return {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
