"""Who we are to push services."""

from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidSignature

from dispatch.notify.push import vapid
from tests.conftest import NOW
from tests.services.gateway import Posted
from tests.services.push import data, signed_by, text

CONTACT = "mailto:rides@example.org"


def header(vault) -> Posted:
    said = vapid.authorization(vault, origin="https://push.example.org", contact=CONTACT, now=NOW)
    return Posted("/", {"Authorization": said}, b"")


def test_we_say_to_whom_until_when_and_who_can_be_asked(session):
    vault = session.info["vault"]
    claims = signed_by(header(vault), vapid.public_key(vault))
    until = int((NOW + vapid.HOLDS).timestamp())
    assert claims == {"aud": "https://push.example.org", "exp": until, "sub": CONTACT}
    assert timedelta(0) < vapid.HOLDS <= timedelta(hours=24)


def test_a_signature_that_was_changed_is_found(session):
    vault = session.info["vault"]
    posted = header(vault)
    token = posted.headers["Authorization"].split("t=")[1].split(",")[0]
    said, _, signature = token.rpartition(".")
    changed = bytearray(data(signature))
    changed[40] ^= 1
    wrong = posted.headers["Authorization"].replace(token, f"{said}.{text(bytes(changed))}")
    with pytest.raises(InvalidSignature):
        signed_by(Posted("/", {"Authorization": wrong}, b""), vapid.public_key(vault))


def test_the_key_is_the_same_in_every_process_and_another_elsewhere(session, tmp_path):
    vault = session.info["vault"]
    assert vapid.public_key(vault) == vapid.public_key(vault)
    assert len(data(vapid.public_key(vault))) == 65

    class Elsewhere:
        def derive_key(self, _purpose):
            return bytes(31) + b"\x07"

    assert vapid.public_key(Elsewhere()) != vapid.public_key(vault)


@pytest.mark.parametrize("derived", [bytes(32), b"\xff" * 32])
def test_whatever_is_derived_is_a_key(derived: bytes):
    class Odd:
        def derive_key(self, _purpose):
            return derived

    assert signed_by(header(Odd()), vapid.public_key(Odd()))
