"""What systemd says of a service: whether its unit can be read, and what it leaves open."""

import shutil
import subprocess
from pathlib import Path

from tests.gaps import Group, declare

SYSTEMD = declare(
    "systemd",
    Group(
        "systemd", lambda: shutil.which("systemd-analyze") is not None, "apt-get install systemd"
    ),
)


def exposure(unit: Path) -> float:
    """How much of the machine the service of `unit` could reach, from 0 to 10."""
    said = _ask("security", "--offline=yes", "--no-pager", str(unit))
    verdict = next(line for line in said.splitlines() if "Overall exposure level" in line)
    return float(verdict.partition(": ")[2].split()[0])


def complaints(unit: Path) -> list[str]:
    """What systemd does not understand of `unit`; that its program is not there yet is no fault."""
    said = _ask("verify", "--man=no", str(unit)).splitlines()
    return [line for line in said if "is not executable" not in line]


def _ask(*words: str) -> str:
    asked = ["systemd-analyze", *words]
    return subprocess.run(
        asked, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    ).stdout
