"""Becomes the program that it is told, which then ends with the process that started it.

Run as a script: `python leash.py PID PROGRAM ARGUMENT...`, where PID is whoever starts it. A hook
between fork and exec would do the same, but may hang in a process that has threads.
"""

import ctypes
import os
import resource
import signal
import sys

_SET_PARENT_DEATH_SIGNAL = 1
"""PR_SET_PDEATHSIG of Linux's prctl; it outlives the exec."""


def command(program: list[str]) -> list[str]:
    """The command line that starts `program` on the leash of this process.

    The thread that starts it has to live as long as it shall: the leash is tied to the thread.
    """
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *program]


def main(argv: list[str]) -> None:
    """Take the leash on, and become the program; returns only if the owner is gone already."""
    owner, *command = argv
    ctypes.CDLL(None).prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    # What a crash would write to the disk would hold the points of the last question.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if os.getppid() == int(owner):
        os.execv(command[0], command)  # noqa: S606 -- our own command, no shell wanted


if __name__ == "__main__":
    main(sys.argv[1:])
