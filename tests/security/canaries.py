"""Values that are like no other, and a scanner that finds them however they are written down."""

import base64
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from urllib.parse import quote

FAMILY = {
    "name": "Zqcarmencita",
    "phone": "604-555-0731",
    "line": "4817 Zqlarchmont Row",
    "unit": "Zqunit 7",
    "town": "Zqvancouverton",
    "directions": "Zqsidedoor behind the hedge",
    "latitude": "49.2713",
    "longitude": "-123.1127",
    "notes": "Zqstrollerino folds",
    "rider": "Zqlucecita",
    "request note": "Zqoxygenbottle",
    "incident": "Zqfendertown bent",
}
"""What is planted about one family, by what it is."""
DRIVER = {
    "name": "Zqyusufino",
    "email": "zqyusufino@example.org",
    "phone": "604-555-0842",
    "line": "5717 Zqquaymont Street",
    "latitude": "49.2757",
    "longitude": "-123.1009",
}
"""What is planted about one driver."""


@cache
def spellings(value: str) -> frozenset[bytes]:
    """The ways in which `value` could be written down."""
    digits = "".join(one for one in value if one.isdigit())
    texts = {value, value.lower(), value.upper()}
    if value.startswith("604"):
        texts |= {digits, f"+1{digits}"}
    if value.lstrip("-").replace(".", "").isdigit():
        texts.add(value.lstrip("-"))
    plain = {text.encode() for text in texts} | {json.dumps(text).encode()[1:-1] for text in texts}
    return frozenset(
        plain
        | {text.encode("utf-16-le") for text in texts}
        | {quote(text).encode() for text in texts}
        | {one.hex().encode() for one in plain}
        | {part for one in plain for part in _in_base64(one)}
    )


def found_in(content: bytes, values: Iterable[str]) -> list[str]:
    """Which of `values` stand in `content`, in any spelling."""
    return [value for value in values if any(one in content for one in spellings(value))]


def found_in_files(folder: Path, values: Iterable[str]) -> list[tuple[str, str]]:
    """Which of `values` stand in which file under `folder`."""
    wanted = list(values)
    return [
        (str(path.relative_to(folder)), value)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for value in found_in(path.read_bytes(), wanted)
    ]


def _in_base64(text: bytes) -> set[bytes]:
    """What of `text` is the same whatever stands before it in a base64 text."""
    whole = (base64.b64encode(b"\0" * shift + text)[shift and 4 :] for shift in range(3))
    return {one[: len(one) // 4 * 4 - 4] for one in whole if len(one) > 12}
