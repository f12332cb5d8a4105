"""`python3 -m matching COMMAND`: the first step is into the project's own environment."""

import os
import sys
import time
from pathlib import Path

from dispatch import bootstrap

_IMPORTED_AT = time.monotonic()
_USUAL_START = 0.3
"""Seconds that an interpreter takes to start where the system does not tell."""


def main() -> int:
    """Run the command that was typed; its exit status."""
    bootstrap.ensure("test" if sys.argv[1:2] == ["bench"] else "matching")
    # Only now are the libraries there.
    from matching import cli

    return cli.main(sys.argv[1:] or ["--help"], spent=_seconds_since_start())


def _seconds_since_start() -> float:
    """Wall seconds since this process was started, its interpreter included.

    A process that first made its environment is older than its command; it gets a usual start.
    """
    usual = _USUAL_START + time.monotonic() - _IMPORTED_AT
    try:
        ticks = int(Path("/proc/self/stat").read_text("ascii").rsplit(")", 1)[1].split()[19])
        up = time.clock_gettime(time.CLOCK_BOOTTIME)
    except (OSError, ValueError, IndexError, AttributeError):
        return usual
    age = up - ticks / os.sysconf("SC_CLK_TCK")
    return age if 0 <= age < usual + 3.0 else usual


if __name__ == "__main__":
    sys.exit(main())
