"""From an OpenStreetMap extract to the files of the road engine, by the engine's own programs."""

import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from dispatch.places.editions import NotBuilt, Told
from dispatch.places.roads import programs
from dispatch.places.roads.files import BASE
from dispatch.places.roads.programs import Programs

_LOOK = 0.25
"""Seconds between two words about how it goes."""
_NO_ENGINE = (
    "The road engine is not installed (its package needs Python 3.12 or newer; OSRM_BIN may name "
    "a folder with its programs). Everything else works; driving times stay estimates."
)
_STILL = "Everything else works; driving times stay estimates."
_SIGNS = (
    ("no edges remaining", "{file} has no roads for cars. "),
    ("unexpected eof", "{file} breaks off in the middle: copy or download it again. "),
    ("truncated", "{file} breaks off in the middle: copy or download it again. "),
    ("no space left", "There is no room left on the disk for the roads of {file}. "),
    ("bad_alloc", "There is too little memory for the roads of {file}. "),
    ("pbf error", "{file} is damaged, or no OpenStreetMap extract. "),
    ("xml", "{file} is damaged, or no OpenStreetMap extract. "),
)
"""What the programs say when they fail, in small letters, and what it means."""
_KILLED = -9


def build(source: Path, target: Path, told: Told, *, osrm_bin: Path | None = None) -> list[str]:
    """Make the folder `target` with the files for `source`; what to say of it on the terminal.

    The order of things in `source` does not matter. `osrm_bin` is the folder of the engine's
    programs, where these are not the ones of its wheel.

    Raises
        NotBuilt: the sentence says why, and what still works.
    """
    found = programs.find(osrm_bin)
    if found is None or not found.can_build:
        raise NotBuilt(_NO_ENGINE)
    target.mkdir(mode=0o700)
    base = target / BASE
    steps = (
        ("Roads: reading", [found.extract, "-p", found.profile, "-o", base, source.resolve()]),
        ("Roads: dividing into parts", [found.partition, base]),
        ("Roads: measuring the parts", [found.customize, base]),
    )
    for title, command in steps:
        _run([str(word) for word in command], target, source.name, partial(told, title, None))
    _remove_what_no_question_needs(found, target)
    return []


def _run(command: list[str], folder: Path, name: str, still: Callable[[], None]) -> None:
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        with subprocess.Popen(  # noqa: S603 -- the engine's own programs
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
        ) as process:
            try:
                status = _wait(process, still)
            except BaseException:
                process.kill()
                raise
        if status:
            said.seek(0)
            raise NotBuilt(_why(status, said.read(), name))


def _wait(process: "subprocess.Popen[bytes]", still: Callable[[], None]) -> int:
    while True:
        still()
        try:
            return process.wait(_LOOK)
        except subprocess.TimeoutExpired:
            continue


def _why(status: int, said: str, name: str) -> str:
    heard = said.lower()
    for sign, sentence in _SIGNS:
        if sign in heard:
            return sentence.format(file=name) + _STILL
    if status == _KILLED:
        return f"The system ended the road engine, most likely for lack of memory. {_STILL}"
    last = said.strip().splitlines()[-1:] or [f"status {status}"]
    return f"The road engine cannot read {name} ({last[0][-200:]}). {_STILL}"


def _remove_what_no_question_needs(found: Programs, target: Path) -> None:
    """The steps leave files for each other; a quarter of the room is theirs."""
    listed = subprocess.run(  # noqa: S603 -- the engine's own program
        [str(found.routed), "--list-inputs"], capture_output=True, text=True, check=True
    )
    needed = {line.split()[-1] for line in listed.stdout.splitlines() if line.strip()}
    for path in target.iterdir():
        if path.name.removeprefix(BASE.partition(".")[0]) not in needed:
            path.unlink()
