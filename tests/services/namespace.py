"""A network of its own for a command: loopback, and a way out that nobody answers but us counting.

Everything that leaves the machine would leave by one wire; its packets are counted, names that are
asked for included. `python -m tests.services.namespace FILE COMMAND...` is the inside of it.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.gaps import ROOT, Group, declare

_WIRE = "wire"
_LAID = (
    "ip link set lo up",
    f"ip link add {_WIRE} type veth peer name beyond",
    # Without addresses of version 6 the wire is silent until somebody speaks.
    f"ip link set {_WIRE} addrgenmode none",
    "ip link set beyond addrgenmode none",
    f"ip link set {_WIRE} up",
    "ip link set beyond up",
    f"ip addr add 192.0.2.1/24 dev {_WIRE}",
    "ip route add default via 192.0.2.254",
    f"ip neigh add 192.0.2.254 lladdr 02:00:00:00:00:01 dev {_WIRE}",
)


@dataclass(frozen=True)
class Outcome:
    """How a command ended, and what it sent out of the machine."""

    status: int
    output: str
    packets: int


def run(command: list[str], folder: Path, *, environ: dict[str, str] | None = None) -> Outcome:
    """Run `command` where nothing outside can be reached; `folder` holds the count meanwhile."""
    count = folder / "packets"
    done = subprocess.run(
        [*_unshare(), sys.executable, "-m", "tests.services.namespace", str(count), *command],
        cwd=ROOT,
        env={**os.environ, **(environ or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, int(count.read_text()))


def _unshare() -> list[str]:
    is_root = os.geteuid() == 0
    return ["unshare", "--net"] if is_root else ["unshare", "--map-root-user", "--net"]


@cache
def _is_present() -> bool:
    if not (shutil.which("unshare") and shutil.which("ip")):
        return False
    laying = " && ".join(_LAID)
    tried = [*_unshare(), "sh", "-c", laying]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


NAMESPACE = declare(
    "namespace",
    Group(
        "a network of its own",
        _is_present,
        "apt-get install iproute2, and run as root or allow user namespaces",
    ),
)


def _sent() -> int:
    """Packets that left by the wire."""
    for line in Path("/proc/net/dev").read_text().splitlines():
        name, _, numbers = line.partition(":")
        if name.strip() == _WIRE:
            return int(numbers.split()[9])
    raise LookupError("the wire is gone")


def _inside(count: Path, command: list[str]) -> int:
    for step in _LAID:
        subprocess.run(step.split(), check=True)
    before = _sent()
    status = subprocess.run(command, check=False).returncode
    count.write_text(str(_sent() - before))
    return status


if __name__ == "__main__":
    sys.exit(_inside(Path(sys.argv[1]), sys.argv[2:]))
