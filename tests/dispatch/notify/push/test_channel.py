"""Letters to browsers, through a push service that does on purpose what those do at times."""

import socket
import threading
from dataclasses import replace
from uuid import UUID

import pytest

from dispatch.http_call import NoAnswer, Question, ask
from dispatch.notify.channels import Gone, Letter, RefusedForGood, TryLater, Unclear
from dispatch.notify.push import channel, vapid
from dispatch.notify.push.channel import PublicConnection, Push
from tests.conftest import NOW
from tests.services.gateway import Gateway, listening
from tests.services.push import Browser, leading_to, signed_by

CONTACT = "mailto:rides@example.org"
LETTER = Letter(
    uid=UUID(int=7),
    subject="Una pregunta sobre el martes 9 de marzo, 10:00",
    text="",
    brief="",
    url="https://rides.example.org/offers",
    off_url="https://rides.example.org/me",
    written_at=NOW,
)


@pytest.fixture
def vault(session):
    return session.info["vault"]


@pytest.fixture
def browser():
    return Browser()


def send(vault, service: Gateway, browser: Browser, letter: Letter = LETTER):
    with listening(service):
        Push(vault, CONTACT, leading_to(service)).send(browser.address.text(), letter)


def test_the_browser_reads_a_time_and_a_link_and_the_push_service_nothing(vault, browser):
    service = Gateway(201)
    send(vault, service, browser)
    [taken] = service.taken
    assert browser.read(taken) == {"title": LETTER.subject, "path": "/offers"}
    assert taken.path == browser.address.path
    assert signed_by(taken, vapid.public_key(vault))["aud"] == "https://push.example.org"
    assert {name: value for name, value in taken.headers.items() if name != "Authorization"} == {
        "Host": f"127.0.0.1:{service.port}",
        "Accept-Encoding": "identity",
        "Content-Length": str(len(taken.body)),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": "21600",
        "Urgency": "high",
    }
    assert b"marzo" not in taken.body


def test_the_length_tells_the_push_service_nothing(vault, browser):
    service = Gateway(201)
    with listening(service):
        for subject in ("A", "Una pregunta sobre el miércoles 30 de septiembre, 10:00 y 13:00"):
            push = Push(vault, CONTACT, leading_to(service))
            push.send(browser.address.text(), replace(LETTER, subject=subject))
    assert len({len(one.body) for one in service.taken}) == 1


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (404, Gone),
        (410, Gone),
        (400, RefusedForGood),
        (401, RefusedForGood),
        (403, RefusedForGood),
        (413, RefusedForGood),
        (301, RefusedForGood),
        (429, TryLater),
        (503, TryLater),
        (500, Unclear),
        (502, Unclear),
    ],
)
def test_what_a_push_service_answers_is_understood(vault, browser, status, kind):
    service = Gateway(status)
    with pytest.raises(kind) as refused:
        send(vault, service, browser)
    assert type(refused.value) is kind
    assert len(service.asked) == 1


def test_a_line_that_breaks_after_the_message_leaves_us_unsure(vault, browser):
    with pytest.raises(Unclear):
        send(vault, Gateway(breaks=True), browser)


def test_a_push_service_that_falls_silent_is_left(vault, browser, monkeypatch):
    monkeypatch.setattr(channel, "_ALL", 0.3)
    over = threading.Event()
    with pytest.raises(Unclear):
        send(vault, Gateway(hangs=over), browser)
    over.set()


def test_nobody_there_is_tried_again(vault, browser):
    with pytest.raises(TryLater):
        Push(vault, CONTACT, leading_to(Gateway(port=1))).send(browser.address.text(), LETTER)


def test_what_does_not_fit_is_refused(vault, browser):
    service = Gateway(201)
    with pytest.raises(RefusedForGood):
        send(vault, service, browser, replace(LETTER, subject="a" * 600))
    assert service.asked == []


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["10.0.0.5"],
        ["169.254.169.254"],
        ["::1"],
        ["93.184.215.14", "127.0.0.1"],
        ["::ffff:127.0.0.1"],
        [],
    ],
)
def test_a_name_that_leads_to_this_machine_or_its_network_is_not_spoken_to(monkeypatch, found):
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]
        places = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_asked, **_more: places)
        with pytest.raises(NoAnswer) as refused:
            ask(
                PublicConnection("push.example.org"),
                Question("POST", "/", {}, b""),
                seconds=5.0,
                most_bytes=10,
            )
        assert not refused.value.may_be_heard
        door.settimeout(0.1)
        with pytest.raises(TimeoutError):
            door.accept()


def test_the_address_that_was_looked_at_is_the_one_that_is_spoken_to(monkeypatch):
    asked, spoken_to = [], []

    def found(host, *_asked, **_more):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.215.14", 443))]

    def created(place, *_more):
        spoken_to.append(place)
        raise OSError("not in a test")

    monkeypatch.setattr(socket, "getaddrinfo", found)
    monkeypatch.setattr(socket, "create_connection", created)
    with pytest.raises(OSError, match="not in a test"):
        PublicConnection("push.example.org").connect()
    assert (asked, spoken_to) == (["push.example.org"], [("93.184.215.14", 443)])
