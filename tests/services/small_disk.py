"""A disk that can be filled: a small tmpfs, mounted where only the asking process sees it."""

import ctypes
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

_NEW_MOUNTS = 0x0002_0000
"""CLONE_NEWNS of the kernel's `unshare`."""
_BLOCK = 4096


@cache
def is_possible() -> bool:
    """Whether this machine lets this user mount one: root may, unless a container forbids it."""
    if not shutil.which("unshare"):
        return False
    laid = "mount --make-rprivate / && mount -t tmpfs tmpfs /tmp"
    tried = ["unshare", "--mount", "sh", "-c", laid]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0


def mount(folder: Path, size: int) -> None:
    """Mount an empty disk of `size` bytes at `folder`, for this process until it ends."""
    if ctypes.CDLL(None, use_errno=True).unshare(_NEW_MOUNTS):
        raise OSError(ctypes.get_errno(), "no mounts of one's own")
    subprocess.run(["mount", "--make-rprivate", "/"], check=True)
    folder.mkdir()
    laid = ["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(folder)]
    subprocess.run(laid, check=True)


def fill(folder: Path, leaves: int) -> None:
    """Fill the disk at `folder` but for `leaves` bytes, rounded up to whole blocks."""
    left = -(-leaves // _BLOCK)
    with (folder / "filling").open("wb") as file:
        blocks = os.statvfs(folder).f_bavail - left
        os.posix_fallocate(file.fileno(), 0, max(1, blocks) * _BLOCK)
