"""A secret in a file of its own."""

from pathlib import Path

import pytest

from dispatch import secret_file
from dispatch.secret_file import UnusableSecret


def written(folder: Path, text: str | bytes, mode: int = 0o600) -> Path:
    file = folder / "secret"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    file.chmod(mode)
    return file


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_it_is_read_without_the_end_of_its_line(tmp_path: Path, mode: int):
    assert secret_file.read(written(tmp_path, "Bearer a pass phrase\n", mode)) == (
        "Bearer a pass phrase"
    )


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_what_others_can_read_is_not_used(tmp_path: Path, mode: int):
    with pytest.raises(UnusableSecret, match="open to others"):
        secret_file.read(written(tmp_path, "secret", mode))


@pytest.mark.parametrize("text", ["", " \n", "one\r\nX-Other: two", "sécret", "a\tb", "a\0b"])
def test_what_is_not_one_plain_line_is_not_used(tmp_path: Path, text: str):
    with pytest.raises(UnusableSecret, match="format") as refused:
        secret_file.read(written(tmp_path, text))
    assert not text.strip() or text not in str(refused.value)


def test_what_is_not_there_or_no_text_cannot_be_read(tmp_path: Path):
    for file in (None, tmp_path / "none", tmp_path, written(tmp_path, b"\xff\xfe")):
        with pytest.raises(UnusableSecret, match="cannot be read"):
            secret_file.read(file)
