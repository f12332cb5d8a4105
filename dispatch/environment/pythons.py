"""Which of the installed Pythons carries the environment."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from dispatch.environment.state import SetupFailed

OLDEST = (3, 11)
PREFERRED = ((3, 12), (3, 13))
"""Best first: the road engine's wheels begin with the first, the last is the newest tried."""

_QUESTION = """
import json, sys, venv{needed}
print(json.dumps([getattr(sys, "_base_executable", sys.executable), *sys.version_info[:2]]))
"""


def newer() -> list[str]:
    """Where Pythons of the preferred versions seem to be, best first; none is started."""
    return [path for version in PREFERRED for path in _places(*version)]


def choose(
    needs_pip: bool, running: tuple[int, ...] = sys.version_info[:2]
) -> tuple[str, tuple[int, ...], list[str]]:
    """The interpreter to use: its path, its version, and the newer ones that cannot be used.

    The one that is running is taken if its version is a preferred one, else the best one that is
    installed, else the running one. `needs_pip` asks for one that can install pip.

    Raises
        SetupFailed: there is none.
    """
    is_in_range = OLDEST <= running <= PREFERRED[-1]
    passed_over = []
    places = [sys.executable] if running in PREFERRED else []
    places += newer() + ([] if is_in_range else _places(*OLDEST))
    for path in places:
        found = ask(path, needs_pip)
        if found and found[1] in (*PREFERRED, OLDEST):
            return (*found, passed_over)
        passed_over.append(path)
    if not is_in_range:
        raise SetupFailed(
            f"This is Python {_dotted(running)}; the project runs on {_dotted(OLDEST)} to "
            f"{_dotted(PREFERRED[-1])}. Install one of these, and type the same again: "
            "it will be found."
        )
    found = ask(sys.executable, needs_pip)
    if not found:
        raise SetupFailed(
            f"Python {_dotted(running)} lacks the part that makes environments. "
            "Install it with `apt-get install python3-venv`, and type the same again."
        )
    return (*found, passed_over)


def ask(path: str, needs_pip: bool) -> tuple[str, tuple[int, ...]] | None:
    """The interpreter behind `path`, which may be a link or a shim, and its version.

    None when it does not start or cannot make an environment.
    """
    question = _QUESTION.format(needed="; from ensurepip import version" if needs_pip else "")
    try:
        answer = subprocess.run(  # noqa: S603 an interpreter from PATH, as the shell would start it
            [path, "-c", question], capture_output=True, text=True, timeout=30, check=True
        )
        base, *version = json.loads(answer.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return base, tuple(version)


def _places(major: int, minor: int) -> list[str]:
    """PATH first, then what pyenv keeps, its latest first."""
    name = f"python{major}.{minor}"
    folders = [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    kept = sorted(pyenv.glob(f"{major}.{minor}.*"), key=_release, reverse=True)
    places = [folder / name for folder in folders] + [home / "bin" / name for home in kept]
    return [str(place) for place in places if os.access(place, os.X_OK)]


def _release(home: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", home.name)]


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(str(number) for number in version)
