"""The tests of the law, the grants, the keys, the eraser and the log notice faults planted there.

Faults are planted one at a time (a changed comparison, a dropped argument, another constant), and
the tests of the room that reach the changed function are run. Those that nobody noticed are listed
below with the reason why they are no faults, or they count.
"""

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from difflib import ndiff
from functools import cache
from pathlib import Path

from tests.gaps import ROOT
from tests.prove.figure import Figure, Row, Workplace, control
from tests.prove.survivors import EXPLAINED

LAW = "dispatch.policy."
GOAL = 0.98
QUICK = (("dispatch/policy/endpoints.py",), ("tests/dispatch/policy/test_endpoints.py",))
FULL = (
    (
        "dispatch/policy/*.py",
        "dispatch/crypto/*.py",
        "dispatch/audit/*.py",
        "dispatch/places/grants.py",
        "dispatch/places/service.py",
        "dispatch/places/looks.py",
        "dispatch/erasing/*.py",
    ),
    (
        "tests/dispatch/policy",
        "tests/dispatch/crypto",
        "tests/dispatch/audit",
        "tests/dispatch/places/test_grants.py",
        "tests/dispatch/places/test_service.py",
        "tests/dispatch/places/test_looks.py",
        "tests/dispatch/erasing",
    ),
)
ROW = Row(
    what="faults planted in policy, grants, keys, eraser and log that their tests notice",
    must=">= 98 %; policy 100 %, survivors explained",
    quick=0,
    full=1,
    fewest=lambda size: 800 if size else 3,
    is_long=True,
)
_UNTESTED = """

def unguarded(one: int) -> bool:
    \"\"\"Planted: no test asks for this.\"\"\"
    return one > 0
"""
_PLANTED = "dispatch.policy.endpoints.x_unguarded"
_COPIED = ("dispatch", "matching", "templates", "static", "tests")


def prove(at: Workplace) -> Figure:
    """Plant every fault in a copy of the project and run the tests that reach it."""
    files, tests = FULL if at.size else QUICK
    copy = at.folder / "copy"
    _copy(copy, files, tests)
    told = _run(copy, at)
    fates = _fates(copy)
    planted = [name for name, fate in fates.items() if name.startswith(_PLANTED)]
    control(bool(planted) and all(fates[name] != "killed" for name in planted), "no test at all")
    control("killed" in fates.values(), f"any fault at all: {told[-500:]}")
    left = {name: fate for name, fate in fates.items() if name not in planted}
    alive = [name for name, fate in left.items() if fate != "killed"]
    unexplained = [name for name in alive if _told_by(copy, name) not in EXPLAINED]
    of_the_law = [name for name in unexplained if name.startswith(LAW)]
    share = 1 - len(unexplained) / len(left)
    listed = "".join(f"\n  {_told_by(copy, name)}" for name in unexplained)
    return Figure(
        looked_at=len(left),
        unit="faults",
        measured=(
            f"{share:.1%} noticed, {len(alive) - len(unexplained)} survivors explained; policy "
            f"{len(of_the_law)} unnoticed{listed}"
        ),
        holds=share >= GOAL and not of_the_law,
        controls=len(planted),
    )


def _copy(copy: Path, files: tuple[str, ...], tests: tuple[str, ...]) -> None:
    """The project with an untested function in it, and what is to be planted where."""
    unwanted = shutil.ignore_patterns("__pycache__", "*.nbi", "*.nbc", "browser")
    for name in _COPIED:
        shutil.copytree(ROOT / name, copy / name, ignore=unwanted)
    for name in ("conftest.py", "requirements.txt", "requirements.in"):
        shutil.copy(ROOT / name, copy)
    endpoints = copy / "dispatch" / "policy" / "endpoints.py"
    endpoints.write_text(endpoints.read_text() + _UNTESTED)
    there = [path for path in tests if (copy / path).exists()]
    settings = {
        "source_paths": ["dispatch"],
        "only_mutate": list(files),
        # What an error says to developers is nobody's promise; its class is.
        "do_not_mutate_patterns": [r"raise \w+\("],
        # The tables and the sentences are read by the house's own tests.
        "do_not_mutate": ["*/models.py", "*/views.py", "*/forms.py"],
        "also_copy": [name for name in (*_COPIED, "conftest.py") if name != "dispatch"],
        "pytest_add_cli_args_test_selection": there,
        # A server for every fault would take hours; both databases are tested elsewhere.
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "-k", "not postgresql"],
        "track_dependencies": False,
        "use_git_change_detection": False,
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    project = (ROOT / "pyproject.toml").read_text()
    (copy / "pyproject.toml").write_text(f"{project}\n[tool.mutmut]\n" + "\n".join(lines) + "\n")


def _run(copy: Path, at: Workplace) -> str:
    """Plant and test; everything that was said."""
    said = ""
    with subprocess.Popen(
        [sys.executable, "-m", "mutmut", "run", "--max-children", "1"],
        cwd=copy,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        for line in running.stdout or ():
            said = (said + line)[-20_000:]
            share = re.search(r"(\d+)/(\d+)", line)
            if share:
                at.told(int(share.group(1)) / int(share.group(2)))
    return said


def _fates(copy: Path) -> dict[str, str]:
    """What became of each fault: killed where a test or the clock stopped it."""
    told = _ask(copy, "results", "--all", "true")
    found = dict(re.findall(r"^\s*(dispatch\.\S+): (.+)$", told, re.MULTILINE))
    return {
        name: "killed" if fate in ("killed", "timeout") else fate for name, fate in found.items()
    }


def _told_by(copy: Path, name: str) -> str:
    """A fault in words that stay true when others are added: function, line, line instead."""
    module, _, function = name.rpartition(".")
    path = copy / "mutants" / f"{module.replace('.', '/')}.py"
    bodies = _bodies(path)
    before = bodies[f"{function.partition('__mutmut')[0]}__mutmut_orig"]
    changed = [
        line
        for line in ndiff(before, bodies[function])
        if line.startswith(("- ", "+ ")) and "__mutmut_" not in line
    ]
    plain = function.partition("__mutmut")[0].removeprefix("x_").removeprefix("xǁ")
    where = f"{module}.{plain.replace('ǁ', '.')}"
    return " ".join([where, *(" ".join(line.split()) for line in changed)])


@cache
def _bodies(path: Path) -> dict[str, list[str]]:
    """The lines of every function, planted ones too, in a file of the copy."""
    return {
        node.name: ast.unparse(node).splitlines()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef)
    }


def _ask(copy: Path, *words: str) -> str:
    command = [sys.executable, "-m", "mutmut", *words]
    return subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False).stdout
