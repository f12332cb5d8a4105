"""Words that several rooms say the same way: languages people speak, seats that children need."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from babel import Locale
from babel.support import LazyProxy

from dispatch import i18n
from dispatch.i18n import gettext as _
from dispatch.i18n import lazy_gettext as _l
from dispatch.i18n import ngettext

_SPOKEN = (
    *("en", "es", "ar", "am", "fa", "fr", "ht", "kek", "mam", "my", "mxv", "ne"),
    *("prs", "ps", "pt", "quc", "ru", "so", "sw", "ti", "tl", "uk", "vi", "zh"),
)
_STEP = re.compile(r"(\d+) km ([NSEW])")
_OFFSET = re.compile(r"\d+ km [NSEW](?: \d+ km [EW])?")
"""How far a cell lies from the public place that it is named after, as `cells` writes it."""
_NAMES = {"kek": "Q’eqchi’", "mam": "Mam", "mxv": "Mixteco", "prs": "Dari", "quc": "K’iche’"}

SEAT_WORDS: dict[str, LazyProxy] = {
    "infant": _l("Infant seat"),
    "convertible": _l("Toddler seat"),
    "booster": _l("Booster"),
}
"""The kinds of child seats, from the smallest children to the largest."""


def language_name(code: str) -> str:
    """What a spoken language is called in the language of the page."""
    name = Locale.parse(i18n.language()).languages.get(code) or _NAMES.get(code) or code
    return name[:1].upper() + name[1:]


def spoken_languages(also: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Code and name of the languages to choose from, by name; with those of `also`."""
    codes = dict.fromkeys((*_SPOKEN, *filter(None, also)))
    return sorted(((code, language_name(code)) for code in codes), key=lambda pair: pair[1])


def say_cell(name: str) -> str:
    """The name of a cell in the language of the page: "Lakeview Clinic, 2 km N 1 km O"."""
    return name if i18n.language() == i18n.SOURCE else _cell_in(i18n.language(), name)


@lru_cache(maxsize=4096)
def _cell_in(_language: str, name: str) -> str:
    """Remembered for each language: a board says the same names hundreds of times."""
    head, comma, offset = name.rpartition(", ")
    if not _OFFSET.fullmatch(offset):
        return name
    return f"{head}{comma}{_STEP.sub(lambda found: _say_step(*found.groups()), offset)}"


def _say_step(km: str, to: str) -> str:
    return {
        "N": _("%(km)s km N", km=km),
        "S": _("%(km)s km S", km=km),
        "E": _("%(km)s km E", km=km),
        "W": _("%(km)s km W", km=km),
    }[to]


def say_seats(seats: Mapping[str, int]) -> list[str]:
    """ "1 infant seat", "2 boosters": the seats of a family or a car, without those of none."""
    said = {
        "infant": ngettext("%(num)s infant seat", "%(num)s infant seats", seats.get("infant", 0)),
        "convertible": ngettext(
            "%(num)s toddler seat", "%(num)s toddler seats", seats.get("convertible", 0)
        ),
        "booster": ngettext("%(num)s booster", "%(num)s boosters", seats.get("booster", 0)),
    }
    return [words for kind, words in said.items() if seats.get(kind)]
