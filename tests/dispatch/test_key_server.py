"""The settings of a key server: named in full, and never asked in clear on a network."""

from pathlib import Path

import pytest

from dispatch.key_server import BadKeyServer, KeyServer, named

TOKEN, CA = Path("/etc/dispatch/key-token"), Path("/etc/dispatch/ca.pem")


@pytest.mark.parametrize(
    ("address", "scheme", "place"),
    [
        ("https://vault.example.org:8200", "https", "vault.example.org:8200"),
        ("https://vault.example.org/", "https", "vault.example.org"),
        ("https://[2001:db8::1]:8200", "https", "[2001:db8::1]:8200"),
        ("http://127.0.0.1:8200", "http", "127.0.0.1:8200"),
        ("http://[::1]:8200", "http", "[::1]:8200"),
        ("http://localhost:8200", "http", "localhost:8200"),
        ("unix:///run/vault/proxy.sock", "unix", "/run/vault/proxy.sock"),
    ],
)
def test_a_server_is_named(address: str, scheme: str, place: str):
    assert named(address, "team/transit/dispatch", TOKEN, CA) == KeyServer(
        scheme, place, "team/transit", "dispatch", TOKEN, CA
    )


def test_without_an_address_there_is_none():
    assert named("", "transit/dispatch", TOKEN, CA) is None


@pytest.mark.parametrize(
    "address",
    [
        "vault.example.org:8200",
        "https://",
        "ftp://vault.example.org",
        "https://vault.example.org:8200/v1/transit",
        "https://vault.example.org:8200?a=b",
        "https://name:word@vault.example.org",
        "https://vault.example.org:port",
        "https://vault example.org",
        "https://vault.example.org\u3002example",
        "unix://host/run/vault.sock",
        "unix:",
    ],
)
def test_what_names_no_server_is_refused(address: str):
    with pytest.raises(BadKeyServer, match="DISPATCH_KEY_SERVER must look like"):
        named(address, "transit/dispatch", TOKEN, None)


@pytest.mark.parametrize("host", ["vault.example.org", "10.0.0.5", "192.168.1.7", "vault"])
def test_keys_are_not_sent_in_clear_over_a_network(host: str):
    with pytest.raises(BadKeyServer, match="in clear"):
        named(f"http://{host}:8200", "transit/dispatch", TOKEN, None)


@pytest.mark.parametrize("key", ["dispatch", "", "transit/", "transit/../sys/seal", "a b/c"])
def test_a_key_has_a_mount_and_a_name(key: str):
    with pytest.raises(BadKeyServer, match="DISPATCH_KEY_SERVER_KEY"):
        named("https://vault.example.org", key, TOKEN, None)


def test_over_a_network_a_token_is_needed_and_on_this_machine_a_proxy_may_have_it():
    with pytest.raises(BadKeyServer, match="DISPATCH_KEY_SERVER_TOKEN"):
        named("https://vault.example.org", "transit/dispatch", None, None)
    assert named("unix:///run/vault/proxy.sock", "transit/dispatch", None, None) is not None
