"""Letters by e-mail, to a server that does on purpose what servers do at times."""

import email
import ssl
import time
from dataclasses import replace
from email import policy
from pathlib import Path
from uuid import UUID

import pytest

from dispatch.mail_server import Line, MailServer
from dispatch.notify.channels import Letter, RefusedForGood, TryLater, Unclear
from dispatch.notify.mail import Mail
from tests.conftest import NOW
from tests.services.certificate import made_certificate
from tests.services.smtp import Server, running

TO = "marta@example.net"
OFF = "https://rides.example.org/me"
LETTER = Letter(
    uid=UUID(int=7),
    subject="Una pregunta para mañana, 10:00",
    text="¿Sí?\n.\nHasta luego\n",
    brief="",
    url="https://rides.example.org/offers",
    off_url=OFF,
    written_at=NOW,
)
HERE = MailServer("127.0.0.1", 0, Line.HERE, "rides@example.org")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_certificate(tmp_path_factory.mktemp("certificate"))


def theirs(certificate: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(certificate)
    return made


def send(server: Server, named: MailServer = HERE, letter: Letter = LETTER, to: str = TO, **more):
    with running(server):
        mail = Mail(replace(named, port=server.port), **{"step": 2.0, "most": 4.0, **more})
        mail.send(to, letter)


def test_a_letter_arrives_as_it_was_written():
    server = Server()
    send(server)
    [taken] = server.taken
    read = email.message_from_bytes(taken.letter, policy=policy.default)
    assert (taken.sender, taken.to) == ("rides@example.org", TO)
    assert dict(read.items()) == {
        "From": "rides@example.org",
        "To": TO,
        "Subject": LETTER.subject,
        "Date": "Mon, 08 Mar 2027 17:00:00 +0000",
        "Message-ID": f"<{LETTER.uid}@example.org>",
        "List-Unsubscribe": f"<{OFF}>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": 'text/plain; charset="utf-8"',
        "Content-Transfer-Encoding": read["Content-Transfer-Encoding"],
    }
    assert read.get_content().replace("\r\n", "\n") == LETTER.text


def test_the_server_does_not_learn_what_this_machine_is_called():
    server = Server()
    send(server)
    assert server.said[0] == "ehlo example.org"


@pytest.mark.parametrize("moment", ["RCPT", "DATA", "END"])
def test_a_refusal_of_the_letter_is_for_good(moment: str):
    server = Server(answers={moment: "550 no such person here"})
    with pytest.raises(RefusedForGood) as refused:
        send(server)
    assert (refused.value.trouble, server.taken) == ("refused", [])
    assert "person" not in repr(refused.value)


@pytest.mark.parametrize("moment", ["RCPT", "DATA", "END"])
def test_a_server_that_cannot_now_is_asked_later(moment: str):
    server = Server(answers={moment: "451 later"})
    with pytest.raises(TryLater, match="not now"):
        send(server)
    assert server.taken == []


@pytest.mark.parametrize(
    ("moment", "answer"), [("GREETING", "554 go away"), ("MAIL", "550 not from you")]
)
def test_a_refusal_of_ourselves_may_pass(moment: str, answer: str):
    with pytest.raises(TryLater):
        send(Server(answers={moment: answer}))


@pytest.mark.parametrize("moment", ["GREETING", "EHLO", "MAIL", "RCPT"])
def test_a_line_that_breaks_before_the_letter_is_tried_again(moment: str):
    with pytest.raises(TryLater, match="away"):
        send(Server(breaks_at=moment))


@pytest.mark.parametrize(("moment", "is_taken"), [("DATA", False), ("END", True)])
def test_a_line_that_breaks_in_the_letter_leaves_us_unsure(moment: str, is_taken: bool):
    server = Server(breaks_at=moment)
    with pytest.raises(Unclear):
        send(server)
    assert bool(server.taken) is is_taken


def test_nobody_there_is_tried_again():
    with pytest.raises(TryLater, match="away"):
        Mail(replace(HERE, port=1)).send(TO, LETTER)


@pytest.mark.parametrize(
    ("moment", "kind"),
    [("GREETING", TryLater), ("RCPT", TryLater), ("END", Unclear)],
)
def test_a_server_that_falls_silent_is_left(moment: str, kind: type[Exception]):
    began = time.monotonic()
    with pytest.raises(kind):
        send(Server(hangs_at=moment), step=0.3)
    assert time.monotonic() - began < 2


def test_a_server_that_never_ends_its_answer_is_left():
    began = time.monotonic()
    with pytest.raises(TryLater):
        send(Server(drips=True), most=0.5)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("subject", ["hello\r\nBcc: all@example.org", "hello\nBcc: a@b.org"])
def test_a_line_break_in_the_head_is_refused(subject: str):
    server = Server()
    with pytest.raises(RefusedForGood, match="line break"):
        send(server, letter=replace(LETTER, subject=subject))
    assert server.said == []


@pytest.mark.parametrize(
    "to", ["a@example.org>\r\nRCPT TO:<b@example.org", "a@example.org\nBcc: b@c.de", "a b@c.de", ""]
)
def test_an_address_that_is_more_than_one_is_refused(to: str):
    server = Server()
    with pytest.raises(RefusedForGood, match="address"):
        send(server, to=to)
    assert server.said == []


@pytest.mark.parametrize("line", [Line.TLS, Line.STARTTLS])
def test_the_line_is_encrypted_and_the_server_checked(certificate: Path, line: Line):
    server = Server(certificate=theirs(certificate), is_encrypted=line is Line.TLS)
    trusted = ssl.create_default_context(cafile=certificate)
    send(server, replace(HERE, line=line), trusted=trusted)
    assert len(server.taken) == 1
    assert ("STARTTLS" in server.said) is (line is Line.STARTTLS)


@pytest.mark.parametrize("line", [Line.TLS, Line.STARTTLS])
def test_a_server_that_nobody_vouches_for_is_told_nothing(certificate: Path, line: Line):
    server = Server(certificate=theirs(certificate), is_encrypted=line is Line.TLS)
    with pytest.raises(TryLater, match="encryption"):
        send(server, replace(HERE, line=line))
    assert not any("MAIL" in one.upper() for one in server.said)


def test_a_server_of_another_name_is_told_nothing(certificate: Path):
    server = Server(certificate=theirs(certificate), is_encrypted=True)
    trusted = ssl.create_default_context(cafile=certificate)
    with pytest.raises(TryLater, match="encryption"):
        send(server, replace(HERE, host="localhost", line=Line.TLS), trusted=trusted)


def test_a_server_that_cannot_encrypt_is_told_nothing():
    server = Server()
    with pytest.raises(TryLater, match="unencrypted"):
        send(server, replace(HERE, line=Line.STARTTLS))
    assert not any("MAIL" in one.upper() for one in server.said)


@pytest.fixture
def signed_in(tmp_path: Path) -> MailServer:
    """A server as ours that wants to know who we are."""
    file = tmp_path / "password"
    file.write_text("a pass phrase\n")
    file.chmod(0o600)
    return replace(HERE, user="rides", password_file=file)


def test_who_we_are_is_said_with_the_password_of_the_file(signed_in: MailServer):
    server = Server(login=("rides", "a pass phrase"))
    send(server, signed_in)
    assert len(server.taken) == 1


def test_a_wrong_password_is_tried_again_later(signed_in: MailServer):
    with pytest.raises(TryLater, match="login"):
        send(Server(login=("rides", "another")), signed_in)


def test_a_password_that_others_can_read_is_not_used(signed_in: MailServer):
    signed_in.password_file.chmod(0o640)
    server = Server(login=("rides", "a pass phrase"))
    with pytest.raises(TryLater, match="open to others"):
        send(server, signed_in)
    assert not any("AUTH" in one for one in server.said)
    signed_in.password_file.unlink()
    with pytest.raises(TryLater, match="password file"):
        send(server, signed_in)
