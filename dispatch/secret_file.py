"""A secret of one line that lies in a file of its own, for this program alone."""

import stat
from pathlib import Path


class UnusableSecret(Exception):
    """What is in the file is not used; the message says why, never what is in it."""


def read(file: Path | None) -> str:
    """The secret in `file`. Read each time it is needed: whoever changes it writes it anew.

    Raises
        UnusableSecret: there is none, others can read it, or it is not one line of plain signs.
    """
    try:
        mode, secret = file.stat().st_mode, file.read_text().strip()  # type: ignore[union-attr]
    except (OSError, ValueError, AttributeError):
        raise UnusableSecret("cannot be read") from None
    if mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UnusableSecret("open to others")
    if not secret or not secret.isascii() or not secret.isprintable():
        raise UnusableSecret("not in its format")
    return secret
