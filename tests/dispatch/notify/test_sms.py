"""Letters as text messages, to a gateway that does on purpose what gateways do at times."""

import ssl
import threading
import time
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from dispatch.notify.channels import Letter, RefusedForGood, TryLater, Unclear
from dispatch.notify.sms import Sms
from dispatch.sms_gateway import SmsGateway
from tests.conftest import NOW
from tests.services.certificate import made_certificate
from tests.services.gateway import Gateway, listening

TO, DIALLED = "604-555-0117", "+16045550117"
BRIEF = "Una pregunta sobre el 9 mar, 10:00 https://rides.example.org/offers"
LETTER = Letter(
    uid=UUID(int=7),
    subject="Una pregunta",
    text="¿Sí?\n",
    brief=BRIEF,
    url="https://rides.example.org/offers",
    off_url="https://rides.example.org/me",
    written_at=NOW,
)
HERE = SmsGateway(False, "", "/send", prefix="+1")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_certificate(tmp_path_factory.mktemp("certificate"))


def send(gateway: Gateway, named: SmsGateway = HERE, to: str = TO, **more):
    with listening(gateway):
        place = f"127.0.0.1:{gateway.port}"
        Sms(replace(named, place=place), **{"most": 4.0, **more}).send(to, LETTER)


def test_a_message_arrives_with_its_number_and_its_words_and_nothing_else():
    gateway = Gateway()
    send(gateway)
    [taken] = gateway.taken
    assert (taken.path, taken.fields) == ("/send", {"to": DIALLED, "text": BRIEF})
    assert set(taken.headers) == {
        "Host",
        "Accept-Encoding",
        "Content-Type",
        "Content-Length",
    }


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_yes_is_a_yes(status: int):
    send(Gateway(status))


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_a_refusal_of_the_message_is_for_good(status: int):
    with pytest.raises(RefusedForGood) as refused:
        send(Gateway(status))
    assert refused.value.trouble == "refused"


@pytest.mark.parametrize(
    ("status", "trouble"),
    [(401, "login"), (403, "login"), (402, "not now"), (429, "not now"), (503, "not now")],
)
def test_a_refusal_of_ourselves_or_of_the_moment_may_pass(status: int, trouble: str):
    with pytest.raises(TryLater, match=trouble):
        send(Gateway(status))


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nobody_follows_to_another_place(status: int):
    gateway = Gateway(status)
    with pytest.raises(TryLater):
        send(gateway)
    assert [one.path for one in gateway.asked] == ["/send"]


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_fault_of_the_gateway_leaves_us_unsure(status: int):
    with pytest.raises(Unclear):
        send(Gateway(status))


def test_a_line_that_breaks_after_the_message_leaves_us_unsure():
    gateway = Gateway(breaks=True)
    with pytest.raises(Unclear):
        send(gateway)
    assert len(gateway.taken) == 1


def test_a_gateway_that_falls_silent_is_left_and_nobody_knows():
    over = threading.Event()
    began = time.monotonic()
    with pytest.raises(Unclear):
        send(Gateway(hangs=over), most=0.3)
    over.set()
    assert time.monotonic() - began < 3


def test_nobody_there_is_tried_again():
    with pytest.raises(TryLater, match="away"):
        Sms(replace(HERE, place="127.0.0.1:1")).send(TO, LETTER)


@pytest.mark.parametrize("to", ["", "nobody", "604-555-0117\r\nX-Other: 1", "+1604"])
def test_what_is_no_number_is_refused_before_anybody_is_asked(to: str):
    gateway = Gateway()
    with pytest.raises(RefusedForGood, match="number"):
        send(gateway, to=to)
    assert gateway.asked == []


def test_the_line_is_encrypted_and_the_gateway_checked(certificate: Path):
    theirs = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    theirs.load_cert_chain(certificate)
    gateway = Gateway(certificate=theirs)
    encrypted = replace(HERE, is_encrypted=True)
    with pytest.raises(TryLater, match="away"):
        send(gateway, encrypted)
    assert gateway.asked == []
    send(gateway, encrypted, trusted=ssl.create_default_context(cafile=certificate))
    assert len(gateway.taken) == 1


def test_who_we_are_is_said_with_what_the_file_holds(tmp_path: Path):
    file = tmp_path / "token"
    file.write_text("Bearer abc\n")
    file.chmod(0o600)
    gateway = Gateway()
    send(gateway, replace(HERE, token_file=file))
    assert gateway.taken[0].headers["Authorization"] == "Bearer abc"


@pytest.mark.parametrize(
    ("text", "mode", "trouble"),
    [
        ("Bearer abc", 0o640, "open to others"),
        ("Bearer abc\r\nX-Other: 1", 0o600, "format"),
        (None, 0o600, "cannot be read"),
    ],
)
def test_a_token_that_cannot_be_used_is_not_sent(
    tmp_path: Path, text: str | None, mode: int, trouble: str
):
    file = tmp_path / "token"
    if text is not None:
        file.write_bytes(text.encode())
        file.chmod(mode)
    gateway = Gateway()
    with pytest.raises(TryLater, match=trouble):
        send(gateway, replace(HERE, token_file=file))
    assert gateway.asked == []
