"""The tests of the law, the grants, the keys, the eraser and the log notice faults planted there.

Faults are planted one at a time (a changed comparison, a dropped argument, another constant), and
the tests of the room that reach the changed function are run. Those that nobody can notice are
listed in `tests.prove.survivors` with the reason why they are no faults, and are not tried.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.gaps import ROOT
from tests.prove.figure import Figure, Row, Workplace, control
from tests.prove.survivors import EXPLAINED, NOTICED, words_of

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
        "dispatch/places/rules.py",
        "dispatch/planning/service/looking.py",
        "dispatch/erasing/**/*.py",
    ),
    (
        "tests/dispatch/policy",
        "tests/dispatch/crypto",
        "tests/dispatch/audit",
        "tests/dispatch/places/test_grants.py",
        "tests/dispatch/places/test_service.py",
        "tests/dispatch/places/test_looks.py",
        "tests/dispatch/places/test_limits.py",
        "tests/dispatch/places/test_rules.py",
        "tests/dispatch/planning/service/test_looking.py",
        "tests/dispatch/erasing",
    ),
)
ROW = Row(
    what="faults planted in policy, grants, keys, eraser and log that their tests notice",
    must=">= 98 %; policy 100 %, survivors explained",
    quick=0,
    full=1,
    fewest=lambda size: 4_000 if size else 15,
    is_long=True,
    comes_first=True,
)
_UNTESTED = """

def unguarded(one: int) -> bool:
    \"\"\"Planted: no test asks for this.\"\"\"
    return one > 0
"""
_PLANTED = "dispatch.policy.endpoints.x_unguarded"
_SETTINGS = r"""
[tool.mutmut]
source_paths = ["dispatch"]
# What an error says to developers is nobody's promise; its class is.
do_not_mutate_patterns = ['raise \w+\(']
"""


def prove(at: Workplace) -> Figure:
    """Plant every fault in a copy of the project and run the tests that reach it."""
    copy = at.folder / "copy"
    _copy(copy)
    fates, said = _run(copy, *(FULL if at.size else QUICK), at)
    planted = [name for name in fates if name.startswith(_PLANTED)]
    control(bool(planted) and all(fates[name] != NOTICED for name in planted), "no test at all")
    control(NOTICED in fates.values(), f"any fault at all: {said}")
    left = {name: fate for name, fate in fates.items() if name not in planted}
    explained = [name for name, fate in left.items() if fate == EXPLAINED]
    unexplained = [name for name, fate in left.items() if fate not in (NOTICED, EXPLAINED)]
    of_the_law = [name for name in unexplained if name.startswith(LAW)]
    share = 1 - len(unexplained) / len(left)
    listed = "".join(f"\n  {words_of(name, copy)}" for name in unexplained)
    return Figure(
        looked_at=len(left),
        unit="faults",
        measured=(
            f"{share:.1%} noticed, {len(explained)} explained; policy "
            f"{len(of_the_law)} unnoticed{listed}"
        ),
        holds=share >= GOAL and not of_the_law,
        controls=len(planted),
    )


def _copy(copy: Path) -> None:
    """The project with an untested function in it."""
    unwanted = shutil.ignore_patterns("__pycache__", "*.nbi", "*.nbc", "browser")
    for name in ("dispatch", "matching", "templates", "static", "tests"):
        shutil.copytree(ROOT / name, copy / name, ignore=unwanted)
    for name in ("conftest.py", "requirements.txt", "requirements.in"):
        shutil.copy(ROOT / name, copy)
    endpoints = copy / "dispatch" / "policy" / "endpoints.py"
    endpoints.write_text(endpoints.read_text() + _UNTESTED)
    project = (ROOT / "pyproject.toml").read_text()
    (copy / "pyproject.toml").write_text(project + _SETTINGS)


def _run(
    copy: Path, files: tuple[str, ...], tests: tuple[str, ...], at: Workplace
) -> tuple[dict[str, str], str]:
    """Plant and test: what became of each fault, and the last that was said."""
    there = [path for path in tests if (copy / path).exists()]
    fates, said = {}, ""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.prove.planting", *files, "--", *there],
        cwd=copy,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as running:
        for line in running.stdout or ():
            said = (said + line)[-2_000:]
            found = re.fullmatch(r"(\d+)/(\d+) (\w+) (\S+)\n", line)
            if found:
                fates[found.group(4)] = found.group(3)
                at.told(int(found.group(1)) / int(found.group(2)))
    return fates, said
