"""Files encrypted to recipients, in the age format: whoever makes backups cannot read them."""

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pyrage

from dispatch.backups.listing import BadBackup

Recipient = pyrage.x25519.Recipient
Identity = pyrage.x25519.Identity


def recipients(texts: Sequence[str]) -> list[Recipient]:
    """The recipients that `age1…` texts name.

    Raises
        BadBackup: none, or one that is no recipient.
    """
    if not texts:
        raise BadBackup("Name at least one recipient: age1…")
    try:
        return [Recipient.from_str(text.strip()) for text in texts]
    except pyrage.RecipientError as error:
        raise BadBackup(f"No recipient of the age format: {error}") from error


def identities(file: Path) -> list[Identity]:
    """The identities in a file as `age-keygen` writes it.

    Raises
        BadBackup: it cannot be read, or holds none.
    """
    try:
        lines = [line.strip() for line in file.read_text().splitlines()]
        found = [Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (OSError, pyrage.IdentityError) as error:
        raise BadBackup(f"{file} holds no identity of the age format.") from error
    if not found:
        raise BadBackup(f"{file} holds no identity of the age format.")
    return found


def seal(files: dict[str, Path | bytes], target: Path, to: Sequence[Recipient]) -> None:
    """Pack `files`, by name, into `target` for the recipients; there whole or not at all."""
    unfinished = target.with_name(f"{target.name}.part")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, bytes) else content.read_bytes())
    packed.seek(0)
    with unfinished.open("wb") as file:
        unfinished.chmod(0o600)
        pyrage.encrypt_io(packed, file, list(to))
    unfinished.replace(target)


def unseal_into(file: Path, folder: Path, by: Sequence[Identity]) -> None:
    """Unpack what `seal` packed into `folder`.

    Raises
        BadBackup: none of the identities opens it, or it was altered.
    """
    opened = io.BytesIO()
    try:
        with file.open("rb") as sealed:
            pyrage.decrypt_io(sealed, opened, list(by))
        with zipfile.ZipFile(opened) as archive:
            archive.extractall(folder)
    except (pyrage.DecryptError, zipfile.BadZipFile, OSError) as error:
        raise BadBackup(f"{file} does not open with this identity, or was altered.") from error
