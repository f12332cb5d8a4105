"""What the tests of people share: one password and its hash, made once, because hashing is slow."""

import pytest

from dispatch.people import passwords

_GOOD = "plum otter vane 44"


@pytest.fixture(scope="session")
def password() -> str:
    """A password that is good enough."""
    return _GOOD


@pytest.fixture(scope="session")
def password_hash() -> str:
    """What is stored of it."""
    return passwords.hash_of(_GOOD)
