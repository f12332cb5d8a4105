"""Files for recipients: they open for them, whole, and for nobody else."""

from pathlib import Path

import pytest

from dispatch.backups import sealing
from dispatch.backups.listing import BadBackup
from dispatch.backups.sealing import Identity


def test_what_is_packed_opens_for_each_recipient(tmp_path: Path, identity: Identity):
    other = Identity.generate()
    (tmp_path / "file").write_bytes(b"from a file")
    target = tmp_path / "packed.age"
    to = sealing.recipients([str(identity.to_public()), str(other.to_public())])
    sealing.seal({"one": tmp_path / "file", "two": b"from memory"}, target, to)
    assert target.stat().st_mode & 0o777 == 0o600
    for number, opener in enumerate((identity, other)):
        sealing.unseal_into(target, tmp_path / str(number), [opener])
        assert (tmp_path / str(number) / "one").read_bytes() == b"from a file"
        assert (tmp_path / str(number) / "two").read_bytes() == b"from memory"
    assert b"from memory" not in target.read_bytes()


def test_a_stranger_and_an_altered_file_open_nothing(tmp_path: Path, identity: Identity):
    target = tmp_path / "packed.age"
    sealing.seal({"one": b"x" * 999}, target, [identity.to_public()])
    with pytest.raises(BadBackup, match="does not open"):
        sealing.unseal_into(target, tmp_path / "a", [Identity.generate()])
    content = bytearray(target.read_bytes())
    content[-1] ^= 1
    target.write_bytes(bytes(content))
    with pytest.raises(BadBackup, match="altered"):
        sealing.unseal_into(target, tmp_path / "b", [identity])


@pytest.mark.parametrize("texts", [[], ["age1nobody"], ["ssh-ed25519 AAAA"]])
def test_a_backup_for_nobody_is_refused(texts: list[str]):
    with pytest.raises(BadBackup):
        sealing.recipients(texts)


def test_an_identity_is_read_from_its_file(tmp_path: Path, identity_file: Path, identity: Identity):
    assert [str(one) for one in sealing.identities(identity_file)] == [str(identity)]
    for text in ("", "# nothing", "AGE-SECRET-KEY-NONE"):
        (tmp_path / "bad").write_text(text)
        with pytest.raises(BadBackup, match="no identity"):
            sealing.identities(tmp_path / "bad")
