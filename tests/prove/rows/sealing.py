"""A sealed record opens unaltered, in its own place, and nowhere else."""

import secrets
from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from dispatch.crypto.keyring import Unreadable
from dispatch.crypto.keystore import KeyStore
from dispatch.crypto.sealed import Sealed, Slot
from dispatch.crypto.vault import Vault
from tests import build
from tests.prove.figure import Figure, Row, Workplace, control

ROW = Row(
    what="Sealed records altered (every bit, every length, head swapped) or moved to another row, "
    "column, table, owner or version; nonces",
    must="0 accepted, 0 nonces used twice",
    quick=4,
    full=100,
    fewest=lambda size: size * 900,
)
_OTHERS = ("driver", "sealed_phone")
_NONCES_EACH = 50


def prove(at: Workplace) -> Figure:
    """Try every forgery on `at.size` records of different lengths."""
    store = KeyStore(at.folder / "keys.db", build.a_key_file(at.folder / "master-key"))
    vault = Vault(store)
    tried = accepted = 0
    nonces: list[bytes] = []
    for number in range(at.size):
        slot = Slot("family", "sealed_name", uuid4(), uuid4())
        text = secrets.token_hex(1 + number * 3 % 60)
        sealed = vault.seal(slot, text)
        if vault.open(slot, sealed) != text:
            raise AssertionError("a record that nobody altered does not open")
        for where, record in _forgeries(vault, slot, sealed):
            tried += 1
            accepted += _opens(vault, where, record)
        nonces += [vault.seal(slot, text).record[4:16] for _one in range(_NONCES_EACH)]
        at.told(number / at.size)
    controls = _controls(vault)
    store.close()
    twice = len(nonces) - len(set(nonces))
    return Figure(
        looked_at=tried + len(nonces),
        unit="forgeries and nonces",
        measured=f"{accepted} accepted, {twice} nonces used twice",
        holds=accepted == 0 and twice == 0,
        controls=controls,
    )


def _forgeries(vault: Vault, slot: Slot, sealed: Sealed) -> Iterator[tuple[Slot, bytes]]:
    record = sealed.record
    for place in range(len(record) * 8):
        altered = bytearray(record)
        altered[place // 8] ^= 1 << place % 8
        yield slot, bytes(altered)
    for length in range(len(record)):
        yield slot, record[:length]
    yield slot, record + b"\0"
    yield slot, b"\1" + record[4:]  # said to be of the first version
    for moved in _elsewhere(vault, slot):
        yield moved, record


def _elsewhere(vault: Vault, slot: Slot) -> Iterator[Slot]:
    other_table, other_column = _OTHERS
    yield replace(slot, table=other_table)
    yield replace(slot, column=other_column)
    yield replace(slot, table="familysealed", column="_name")
    yield replace(slot, row=uuid4())
    yield replace(slot, row=slot.owner, owner=slot.row)
    owner = uuid4()
    vault.keys.sealing_key(owner)
    yield replace(slot, owner=owner)


def _opens(vault: Vault, slot: Slot, record: bytes) -> bool:
    try:
        vault.open(slot, Sealed(record))
    except Unreadable:
        return False
    return True


def _controls(vault: Vault) -> int:
    """A cipher that is not bound to its place, and a nonce used twice, have to be noticed."""
    slot = Slot("family", "sealed_name", UUID(int=1), uuid4())
    number, key = vault.keys.sealing_key(slot.owner)
    unbound = AESGCM(key).encrypt(b"n" * 12, b"Carmen", None)
    moves = AESGCM(key).decrypt(b"n" * 12, unbound, None) == b"Carmen"
    control(moves, "a record that opens wherever it is put")
    control(_opens(vault, slot, vault.seal(slot, "a").record), "a record that is accepted")
    lazy = [number.to_bytes(12, "big") for _one in range(2)]
    control(len(lazy) - len(set(lazy)) == 1, "a nonce that is used twice")
    return 3
