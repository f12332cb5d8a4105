"""The settings of a mail server: named in full, and never spoken to in clear on a network."""

from pathlib import Path

import pytest

from dispatch.mail_server import ADDRESS, BadMailServer, Line, MailServer, named

FROM, PASSWORD = "rides@example.org", Path("/etc/dispatch/smtp-password")


@pytest.mark.parametrize(
    ("address", "host", "port", "line"),
    [
        ("smtps://mail.example.org", "mail.example.org", 465, Line.TLS),
        ("smtps://mail.example.org:2465/", "mail.example.org", 2465, Line.TLS),
        ("smtp://mail.example.org", "mail.example.org", 587, Line.STARTTLS),
        ("smtp://[2001:db8::1]:25", "2001:db8::1", 25, Line.STARTTLS),
        ("smtp://127.0.0.1:25", "127.0.0.1", 25, Line.HERE),
        ("smtp://localhost:25", "localhost", 25, Line.HERE),
    ],
)
def test_a_server_is_named(address: str, host: str, port: int, line: Line):
    assert named(address, FROM, None) == MailServer(host, port, line, FROM)


def test_who_we_are_stands_in_the_address_and_the_password_in_a_file():
    found = named("smtp://rides%40example.org@localhost:25", FROM, PASSWORD)
    assert found == MailServer("localhost", 25, Line.STARTTLS, FROM, FROM, PASSWORD)


def test_without_an_address_there_is_none():
    assert named("", "", None) is None


@pytest.mark.parametrize(
    ("address", "sender", "password"),
    [
        ("mail.example.org:587", FROM, None),
        ("https://mail.example.org", FROM, None),
        ("smtp://", FROM, None),
        ("smtp://mail.example.org:many", FROM, None),
        ("smtp://mail.example.org/inbox", FROM, None),
        ("smtp://mail.example.org?tls=no", FROM, None),
        ("smtp://rides:secret@mail.example.org", FROM, PASSWORD),
        ("smtp://rides@mail.example.org", FROM, None),
        ("smtp://mail.example.org", FROM, PASSWORD),
        ("smtp://mail.example.org", "", None),
        ("smtp://mail.example.org", "Rides <rides@example.org>", None),
        ("smtp://mail.example.org", "rides@example.org\r\nBcc: all@example.org", None),
    ],
)
def test_what_cannot_be_meant_is_refused(address: str, sender: str, password: Path | None):
    with pytest.raises(BadMailServer, match=r"DISPATCH_") as refused:
        named(address, sender, password)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["a@b", "a b@example.org", "a@example.org\n", "<a@example.org>", "ä@example.org", "@x.y"],
)
def test_what_would_change_a_letters_head_is_no_address(text: str):
    assert not ADDRESS.fullmatch(text)
