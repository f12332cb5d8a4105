"""Whatever is typed or brought, a parser reads it or says what to mend (Atheris)."""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.gaps import ROOT
from tests.prove.figure import Figure, Row, Workplace, control

ROW = Row(
    what="made-up input to every parser of sheets, forms and addresses (Atheris)",
    must="0 uncaught errors",
    quick=300,
    full=8_000,
    fewest=lambda size: 20 * size,
    is_long=True,
)
_LISTS = "import json; from tests.prove import parsing; print(json.dumps(list(parsing.PARSERS)))"


def prove(at: Workplace) -> Figure:
    """Give every parser `at.size` inputs; one that breaks has to be noticed."""
    status, said = _read("planted", 5_000, at.folder)
    control(status != 0 and "LookupError" in said, "a parser that breaks")
    names = json.loads(_python("-c", _LISTS, folder=at.folder)[1].splitlines()[-1])
    inputs, parsers = at.size, len(names)
    if at.size == ROW.quick:  # a process for each takes longer than what it reads
        names, inputs = ["together"], at.size * parsers
    read, troubles = 0, []
    for number, name in enumerate(names):
        status, said = _read(name, inputs, at.folder)
        runs = re.search(r"stat::number_of_executed_units:\s*(\d+)", said)
        read += int(runs.group(1)) if runs else 0
        if status != 0:
            troubles.append(f"{name}: {_raised(said)}")
        at.told(number / len(names))
    return Figure(
        looked_at=read,
        unit=f"inputs to {parsers} parsers",
        measured=f"{len(troubles)} uncaught errors" + "".join(f"\n  {one}" for one in troubles),
        holds=not troubles,
        controls=1,
    )


def _read(name: str, runs: int, folder: Path) -> tuple[int, str]:
    return _python("-m", "tests.prove.parsing", name, str(runs), folder=folder)


def _python(*words: str, folder: Path) -> tuple[int, str]:
    """What a Python said and how it ended; an input that broke it is left in `folder`."""
    told = subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    return told.returncode, told.stdout.decode("utf-8", "replace")


def _raised(said: str) -> str:
    """The error and the input that raised it."""
    lines = said.splitlines()
    start = next((n for n, line in enumerate(lines) if "Uncaught Python exception" in line), 0)
    told = [
        line
        for line in lines[start:]
        if re.match(r"\w*(Error|Exception)\b|  File .*dispatch/", line)
    ]
    return "; ".join([*told[-2:], *(line for line in lines if line.startswith("Base64:"))])
