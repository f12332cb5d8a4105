"""Message encryption for Web Push, against the example of RFC 8291 and a browser of our own."""

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec

from dispatch.notify.push import encrypting
from tests.services.push import Browser, data, text

PLAIN = b"When I grow up, I want to be a watermelon"
"""Appendix A of RFC 8291, with every number that it draws by lot."""
SENDER = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
RECEIVER = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
POINT = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH, SALT = "BTBZMqHH6r4Tts7J_aSIgg", "DGv6ra1nlYgDCS1FRnbzlw"
ENCRYPTED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
    "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def private(number: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(data(number)), ec.SECP256R1())


def test_the_example_of_the_standard_comes_out_to_the_bit():
    found = encrypting.record(
        PLAIN + b"\x02", data(POINT), data(AUTH), own=private(SENDER), salt=data(SALT)
    )
    assert text(found) == ENCRYPTED


def test_the_browser_of_these_tests_reads_the_example_of_the_standard():
    browser = Browser(key=private(RECEIVER), auth=data(AUTH))
    assert text(browser.point) == POINT
    assert browser.decrypted(data(ENCRYPTED)) == PLAIN


@pytest.mark.parametrize("plain", [b"", b"a", "¿Mañana? \0\0".encode(), b"a" * 511])
def test_only_the_browser_reads_it_and_its_length_tells_nothing(plain: bytes):
    browser, other = Browser(), Browser()
    found = encrypting.encrypted(plain, browser.point, browser.auth)
    assert browser.decrypted(found) == plain
    assert len(found) == len(encrypting.encrypted(b"", other.point, other.auth))
    with pytest.raises(InvalidTag):
        other.decrypted(found)
    with pytest.raises(InvalidTag):
        browser.decrypted(found[:-1] + bytes([found[-1] ^ 1]))


def test_nothing_is_used_twice():
    browser = Browser()
    made = {encrypting.encrypted(b"a", browser.point, browser.auth)[:86] for _time in range(50)}
    assert len(made) == 50


def test_what_does_not_fit_or_is_no_point_is_refused():
    browser = Browser()
    with pytest.raises(ValueError, match="too long"):
        encrypting.encrypted(b"a" * 512, browser.point, browser.auth)
    with pytest.raises(ValueError, match=r"."):
        encrypting.encrypted(b"a", b"\x04" + b"\x01" * 64, browser.auth)
