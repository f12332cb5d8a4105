"""Where a browser wants to be told: a public host over HTTPS, with keys; or nowhere."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from dispatch.notify.push import address
from dispatch.notify.push.address import BadAddress
from tests.services.push import Browser, text

SEVEN = Browser(key=ec.derive_private_key(7, ec.SECP256R1()))
"""A browser whose key is the same in every process."""


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:def-_1",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAA",
        "https://web.push.apple.com/QGuQ",
        "https://wns2-bl2p.notify.windows.com/w/?token=BQYAAA%2bw%3d",
        "https://push.example.org:443/a",
    ],
)
def test_the_endpoints_of_push_services_are_taken(endpoint: str):
    browser = Browser(endpoint=endpoint)
    found = browser.address
    assert address.read(found.text()) == found
    assert endpoint == f"{found.origin}{':443' if ':443' in endpoint else ''}{found.path}"


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "http://push.example.org/a",
        "ftp://push.example.org/a",
        "//push.example.org/a",
        "https://push.example.org:8443/a",
        "https://push.example.org:many/a",
        "https://user@push.example.org/a",
        "https://push.example.org/a#b",
        "https://push.example.org/a b",
        "https://push.example.org/a\r\nX-Other: 1",
        "https://push.example.org/ä",
        "https://localhost/a",
        "https://router/a",
        "https://router.local/a",
        "https://db.internal/a",
        "https://a.localhost/a",
        "https://127.0.0.1/a",
        "https://10.0.0.1/a",
        "https://2130706433/a",
        "https://0x7f.1/a",
        "https://[::1]/a",
        "https://[::ffff:10.0.0.1]/a",
        "https://push..example.org/a",
        "https://push.example.org./a",
        "https://-push.example.org/a",
        "https://push.example.org/" + "a" * 800,
    ],
)
def test_whatever_else_a_browser_names_is_refused(endpoint: str):
    good = Browser()
    with pytest.raises(BadAddress, match="endpoint"):
        address.told(endpoint, text(good.point), text(good.auth))


@pytest.mark.parametrize(
    ("point", "auth"),
    [
        ("", text(b"a" * 16)),
        (text(SEVEN.point), ""),
        (text(SEVEN.point), text(b"a" * 15)),
        (text(SEVEN.point[:-1]), text(b"a" * 16)),
        (text(b"\x04" + b"\x01" * 64), text(b"a" * 16)),
        (text(b"\x02" + SEVEN.point[1:33]), text(b"a" * 16)),
        ("not base64!", text(b"a" * 16)),
        (text(SEVEN.point) + "A" * 100, text(b"a" * 16)),
    ],
)
def test_keys_that_are_none_are_refused(point: str, auth: str):
    with pytest.raises(BadAddress, match="keys"):
        address.told("https://push.example.org/a", point, auth)


@pytest.mark.parametrize("where", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_everybodys_network_is_spoken_to(where: str):
    assert address.is_public(where)


@pytest.mark.parametrize(
    "where",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 -- looked at, not listened on
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
    ],
)
def test_no_address_of_ours_is(where: str):
    assert not address.is_public(where)


def test_an_endpoint_and_its_keys_print_as_nothing():
    browser = Browser()
    assert repr(browser.address) == "PushAddress()"


def test_the_same_browser_has_the_same_digest_and_no_other():
    one, other = Browser(), Browser()
    assert one.address.digest == one.address.digest
    assert one.address.digest != other.address.digest
