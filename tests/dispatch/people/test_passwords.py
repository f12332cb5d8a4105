"""Passwords: argon2id, a few at a time, never very long."""

import unicodedata
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from time import sleep

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type

from dispatch.errors import TooMany
from dispatch.people import passwords


@pytest.fixture
def never_hashes(monkeypatch: pytest.MonkeyPatch):
    def fail(*_arguments: object) -> None:
        raise AssertionError("this should not have been hashed")

    monkeypatch.setattr(passwords, "_HASHER", type("Hasher", (), {"verify": fail, "hash": fail})())


def test_the_right_password_fits_and_no_other(password: str, password_hash: str):
    assert passwords.fits(password_hash, password)
    assert not passwords.fits(password_hash, password.upper())


def test_the_hash_is_argon2id_with_64_mib(password_hash: str):
    made = extract_parameters(password_hash)
    assert (made.type, made.memory_cost, made.time_cost) == (Type.ID, 65536, 3)


def test_nobodys_hash_costs_what_a_real_one_costs():
    """So that an unknown account takes as long as a known one."""
    assert not passwords.is_outdated(passwords._NOBODYS)


def test_where_there_is_no_account_the_work_is_done_all_the_same(
    monkeypatch: pytest.MonkeyPatch, password: str
):
    checked = []

    class Hasher:
        def verify(self, stored: str, _password: str) -> bool:
            checked.append(stored)
            return True

    monkeypatch.setattr(passwords, "_HASHER", Hasher())
    assert not passwords.fits(None, password)
    assert checked == [passwords._NOBODYS]


def test_a_very_long_text_is_refused_before_it_is_hashed(never_hashes: None):
    assert not passwords.fits("anything", "x" * (passwords.LONGEST + 1))
    assert not passwords.fits(None, "x" * 1_000_000)


def test_what_is_stored_is_not_a_hash_fits_nothing(password: str):
    assert not passwords.fits("not a hash", password)


def test_one_password_fits_however_the_keyboard_composes_it():
    typed = "cañón azul y limón verde"
    decomposed = unicodedata.normalize("NFD", typed)
    assert decomposed != typed
    assert passwords.fits(passwords.hash_of(typed), decomposed)


def test_a_weaker_hash_is_outdated(password_hash: str):
    assert not passwords.is_outdated(password_hash)
    assert passwords.is_outdated(password_hash.replace("m=65536", "m=8192"))


def test_only_two_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch):
    inside, most, lock = 0, 0, Lock()

    class Hasher:
        def hash(self, _password: str) -> str:
            nonlocal inside, most
            with lock:
                inside += 1
                most = max(most, inside)
            sleep(0.02)
            with lock:
                inside -= 1
            return "hashed"

    monkeypatch.setattr(passwords, "_HASHER", Hasher())
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(passwords.hash_of, ["word"] * 16))
    assert most == 2


def test_a_crowd_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch, never_hashes: None):
    monkeypatch.setattr(passwords, "_WAIT_SECONDS", 0)
    for _place in range(2):
        passwords._turns.acquire()
    try:
        with pytest.raises(TooMany):
            passwords.hash_of("word")
    finally:
        for _place in range(2):
            passwords._turns.release()
