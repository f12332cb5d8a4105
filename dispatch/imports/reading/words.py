"""Making what people typed comparable: case, accents and punctuation do not matter."""

import re
import unicodedata

_WITHOUT_ACCENT = str.maketrans(
    {"đ": "d", "ø": "o", "ł": "l", "’": "'", "‘": "'", "–": "-", "—": "-"}
)
_NOT_ALPHANUMERIC = re.compile(r"[^\w]|_")


def fold(text: str) -> str:
    """`text` in lower case, without accents, with single spaces and plain quotes and dashes."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(bare.translate(_WITHOUT_ACCENT).split())


def squash(text: str) -> str:
    """The letters and digits of `text` alone, "&" as "and": "No Frills" and "nofrills" are one."""
    return _NOT_ALPHANUMERIC.sub("", fold(text).replace("&", " and "))
