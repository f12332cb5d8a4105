"""What is open in memory stays there: no core file, and no look from outside by the same user."""

import ctypes
import resource
import sys

_PR_GET_DUMPABLE = 3
_PR_SET_DUMPABLE = 4


def keep_to_itself() -> bool:
    """Let this process leave no core file and be traced by nobody; whether the system did it.

    Python cannot wipe a text once it is read: what a page showed may stay in the heap for a while.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None)
    libc.prctl(_PR_SET_DUMPABLE, 0)
    return libc.prctl(_PR_GET_DUMPABLE) == 0
