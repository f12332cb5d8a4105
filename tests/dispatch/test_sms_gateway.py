"""The settings of a gateway: named in full, never asked in clear, and told nothing but its part."""

import json
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from dispatch.sms_gateway import USUAL_BODY, BadSmsGateway, SmsGateway, named

TOKEN = Path("/etc/dispatch/sms-token")
FORM = "To={to}&From=%2B16045550100&Body={text}"
NASTY = ['"}, {"to": "+1', "&To=+1604", "{text} {to}", "a\r\nX-Other: 1", "ñ ¿ “ %41"]


@pytest.mark.parametrize(
    ("address", "is_encrypted", "place", "path"),
    [
        ("https://sms.example.org/messages", True, "sms.example.org", "/messages"),
        ("https://sms.example.org", True, "sms.example.org", "/"),
        ("https://sms.example.org:8443/2010/AC1/Messages.json", True, "sms.example.org:8443", None),
        ("http://127.0.0.1:9710/send", False, "127.0.0.1:9710", "/send"),
        ("http://localhost/send", False, "localhost", "/send"),
        ("http://[::1]:80/send", False, "[::1]:80", "/send"),
    ],
)
def test_a_gateway_is_named(address: str, is_encrypted: bool, place: str, path: str | None):
    found = named(address, "", "", TOKEN)
    assert (found.is_encrypted, found.place) == (is_encrypted, place)
    assert found.path == (path or "/2010/AC1/Messages.json")
    assert (found.body, found.token_file) == (USUAL_BODY, TOKEN)


def test_without_an_address_there_is_none():
    assert named("", "nonsense", "nonsense", TOKEN) is None


@pytest.mark.parametrize(
    ("address", "body", "prefix"),
    [
        ("http://sms.example.org/send", "", ""),
        ("http://10.0.0.5/send", "", ""),
        ("sms.example.org", "", ""),
        ("ftp://sms.example.org", "", ""),
        ("https://", "", ""),
        ("https://sms.example.org:many", "", ""),
        ("https://user:secret@sms.example.org/", "", ""),
        ("https://sms.example.org/?key=secret", "", ""),
        ("https://sms.example.org/#a", "", ""),
        ("https://sms.example.org/a b", "", ""),
        ("https://sms.example.org/a\r\nX-Other: 1", "", ""),
        ("https://sms example.org/", "", ""),
        ("https://sms.example.org", '{"to": "{to}"}', ""),
        ("https://sms.example.org", '{"to": "{to}", "text": "{text}"', ""),
        ("https://sms.example.org", "To={to}", ""),
        ("https://sms.example.org", "nonsense", ""),
        ("https://sms.example.org", "", "1"),
        ("https://sms.example.org", "", "+0"),
        ("https://sms.example.org", "", "+1604"),
    ],
)
def test_what_cannot_be_meant_is_refused(address: str, body: str, prefix: str):
    with pytest.raises(BadSmsGateway, match=r"DISPATCH_SMS_") as refused:
        named(address, body, prefix, None)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("text", NASTY)
def test_what_is_told_stays_one_value_of_json(text: str):
    body = '{"messages": [{"to": ["{to}"], "text": "{text}", "id": "x-{id}"}], "ttl": 60}'
    kind, written = named("https://sms.example.org", body, "", None).written(
        {"to": "+16045550117", "text": text, "id": "7"}
    )
    assert kind == "application/json"
    assert json.loads(written) == {
        "messages": [{"to": ["+16045550117"], "text": text, "id": "x-7"}],
        "ttl": 60,
    }


@pytest.mark.parametrize("text", NASTY)
def test_what_is_told_stays_one_field_of_a_form(text: str):
    kind, written = named("https://sms.example.org", FORM, "", None).written(
        {"to": "+16045550117", "text": text, "id": "7"}
    )
    assert kind == "application/x-www-form-urlencoded"
    assert parse_qs(written.decode(), strict_parsing=True) == {
        "To": ["+16045550117"],
        "From": ["+16045550100"],
        "Body": [text],
    }


@pytest.mark.parametrize(
    ("prefix", "typed", "dialled"),
    [
        ("+1", "604-555-0117", "+16045550117"),
        ("+1", "(604) 555.0117", "+16045550117"),
        ("+1", "1 604 555 0117", "+16045550117"),
        ("+1", "+44 7700 900123", "+447700900123"),
        ("+1", "0044 7700 900123", "+447700900123"),
        ("+49", "0171 1234567", "+491711234567"),
        ("", "+1 604-555-0117", "+16045550117"),
        ("", "604-555-0117", None),
        ("+1", "604-555-0117 ext 5", None),
        ("+1", "604-555-0117, +44 7700 900123", None),
        ("+1", "+0 604 555 0117", None),
        ("+1", "555", None),
        ("+1", "1" * 16, None),
        ("+1", "٦٠٤٥٥٥٠١١٧", None),
        ("+1", "+16045550117\r\nX-Other: 1", None),
        ("+1", "", None),
    ],
)
def test_a_number_is_dialled_however_it_was_typed(prefix: str, typed: str, dialled: str | None):
    assert SmsGateway(True, "sms.example.org", "/", prefix=prefix).dialled(typed) == dialled
