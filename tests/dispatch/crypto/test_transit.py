"""A master key on a server: what it wraps opens for its owner only, and nothing opens without it.

Asked of a made-up server (`transit_server`): no real one can be installed where these tests run.
"""

import base64
import secrets
import ssl
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from dispatch.app import create_app, open_database
from dispatch.crypto import keyring, transit
from dispatch.crypto.keyring import BadKeyring, KeyFile, KeysOutOfReach, Unreadable, version_of
from dispatch.crypto.keystore import KeyStore
from dispatch.crypto.transit import ON_SERVER, Transit
from dispatch.key_server import KeyServer, named
from dispatch.people import sessions
from dispatch.people.models import Membership, Role
from tests import build
from tests.dispatch.crypto import transit_server
from tests.dispatch.crypto.transit_server import TOKEN
from tests.services.certificate import made_certificate

OWNER, OTHER = b"a" * 16, b"b" * 16
KEY = secrets.token_bytes(32)


@pytest.fixture
def there() -> Iterator[transit_server.Transit]:
    with transit_server.listening() as made:
        yield made


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.touch(mode=0o600)
    file.write_text(f"{TOKEN}\n")
    return file


@pytest.fixture
def setting(there: transit_server.Transit, token_file: Path) -> KeyServer:
    found = named(there.url, "transit/dispatch", token_file, None)
    assert found is not None
    return found


@pytest.fixture
def keys(setting: KeyServer) -> Iterator[Transit]:
    with closing(Transit(setting)) as made:
        yield made


def test_a_wrapped_key_opens_for_its_owner_only(keys):
    wrapped = keys.wrap(KEY, OWNER)
    assert version_of(wrapped) == ON_SERVER + 1
    assert KEY not in wrapped
    assert keys.unwrap(wrapped, OWNER) == KEY
    with pytest.raises(Unreadable):
        keys.unwrap(wrapped, OTHER)


def test_a_question_says_what_transit_asks_for_and_no_more(keys, there):
    keys.wrap(KEY, OWNER)
    assert set(there.told) == {"plaintext", "associated_data"}
    assert base64.b64decode(there.told["associated_data"]) == b"dispatch-key" + OWNER
    wanted = {"X-Vault-Request": "true", "X-Vault-Token": TOKEN, "Content-Type": "application/json"}
    left = {"Host", "Accept-Encoding", "Content-Length"}
    assert {name: one for name, one in there.headers.items() if name not in left} == wanted


def test_no_single_byte_of_a_wrapped_key_can_change(keys):
    wrapped = keys.wrap(KEY, OWNER)
    for place in range(len(wrapped)):
        altered = bytearray(wrapped)
        altered[place] ^= 1
        with pytest.raises(Unreadable):
            keys.unwrap(bytes(altered), OWNER)


def test_nothing_that_was_unwrapped_is_kept(keys, there):
    wrapped = keys.wrap(KEY, OWNER)
    before = len(there.heard)
    for _turn in range(3):
        keys.unwrap(wrapped, OWNER)
    assert len(there.heard) == before + 3
    there.status = 503
    with pytest.raises(KeysOutOfReach):
        keys.unwrap(wrapped, OWNER)


def test_a_server_that_does_not_bind_a_key_to_its_owner_is_refused(setting, there):
    there.knows_owners = False
    with pytest.raises(KeysOutOfReach, match="does not bind a key to its owner"):
        Transit(setting)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (503, "sealed"),
        (500, "look into its log"),
        (400, "look into its log"),
        (300, "do not follow"),
        (307, "do not follow"),
        (404, "mounted"),
    ],
)
def test_a_server_that_does_not_answer_is_no_key_that_is_gone(keys, there, status, said):
    wrapped = keys.wrap(KEY, OWNER)
    there.status = status
    heard = len(there.heard)
    with pytest.raises(KeysOutOfReach, match=said):
        keys.unwrap(wrapped, OWNER)
    assert len(there.heard) == heard + 1
    there.status = None
    assert keys.unwrap(wrapped, OWNER) == KEY


def test_a_key_that_the_server_does_not_know_is_no_key_that_is_gone(setting, keys, there):
    with pytest.raises(KeysOutOfReach):
        Transit(replace(setting, key="another"))
    wrapped = keys.wrap(KEY, OWNER)
    there.key = "renamed"
    with pytest.raises(KeysOutOfReach, match=r"decrypt/dispatch .status 400"):
        keys.unwrap(wrapped, OWNER)


def test_a_version_that_the_server_never_had_does_not_open(keys):
    wrapped = keys.wrap(KEY, OWNER)
    for version in (ON_SERVER, ON_SERVER + 2):
        with pytest.raises(Unreadable, match="a wrapped key does not open"):
            keys.unwrap(version.to_bytes(2, "big") + wrapped[2:], OWNER)


@pytest.mark.parametrize(
    "instead",
    [
        {"ciphertext": "bao:v1:AAAA"},
        {"ciphertext": "vault:v32768:AAAA"},
        {"ciphertext": "vault:v01:AAAA"},
        {"ciphertext": None},
        {"ciphertext": "vault:v1:AAAA\nvault"},
    ],
)
def test_what_is_no_wrapped_key_is_not_kept(keys, there, instead):
    there.instead = instead
    with pytest.raises(KeysOutOfReach, match="not transit's"):
        keys.wrap(KEY, OWNER)


def test_the_largest_version_that_has_room_is_kept(keys, there):
    there.instead = {"ciphertext": "vault:v32767:AAAA"}
    assert version_of(keys.wrap(KEY, OWNER)) == 0xFFFF


@pytest.mark.parametrize("raw", [b"[]", b"<html>", b"", b"{}", b'{"data": []}', b"\xff"])
def test_what_is_no_answer_is_not_understood(keys, there, raw):
    there.raw = raw
    for asked in (lambda: keys.wrap(KEY, OWNER), lambda: keys.newest):
        with pytest.raises(KeysOutOfReach):
            asked()


@pytest.mark.parametrize("plain", ["AA$A", None, "", "A" * 44, "A" * 42 + "==", "A" * 63 + "="])
def test_what_is_no_key_is_not_taken_for_one(keys, there, plain):
    wrapped = keys.wrap(KEY, OWNER)
    there.instead = {"plaintext": plain}
    with pytest.raises(KeysOutOfReach, match="not transit's"):
        keys.unwrap(wrapped, OWNER)


def test_a_server_that_gives_back_another_key_is_refused(setting, there):
    there.instead = {"plaintext": "A" * 43 + "="}
    with pytest.raises(KeysOutOfReach, match="gives back another key"):
        Transit(setting)


@pytest.mark.parametrize("told", [None, "2", [2]])
def test_a_key_without_a_version_wraps_nothing_anew(keys, there, told):
    there.instead = {"latest_version": told}
    with pytest.raises(KeysOutOfReach, match="no latest_version"):
        _ = keys.newest


def test_who_is_not_there_opens_nothing(setting):
    with pytest.raises(KeysOutOfReach, match="cannot be asked"):
        Transit(replace(setting, place="127.0.0.1:1"))


def test_no_answer_in_time_opens_nothing(keys, there, monkeypatch):
    wrapped = keys.wrap(KEY, OWNER)
    there.pause = 0.05
    monkeypatch.setattr(transit, "SECONDS", 0.2)
    with pytest.raises(KeysOutOfReach, match="in time"):
        keys.unwrap(wrapped, OWNER)


def test_one_connection_serves_many_questions_and_a_closed_one_is_opened_anew(keys, there):
    wrapped = keys.wrap(KEY, OWNER)
    assert there.connections == 1
    there.hangs_up = True
    for _turn in range(3):
        assert keys.unwrap(wrapped, OWNER) == KEY
    assert there.connections > 1


def test_a_proxy_of_the_environment_is_not_used(setting, monkeypatch):
    with transit_server.listening() as elsewhere:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY"):
            monkeypatch.setenv(name, elsewhere.url)
        monkeypatch.delenv("no_proxy", raising=False)
        Transit(setting).close()
        assert elsewhere.heard == []


def test_the_token_is_read_for_each_question_and_stands_in_no_error_or_log(keys, there, token_file):
    fresh = "hvs.fresh-larch-8"
    there.token = fresh
    with capture_logs() as logs, pytest.raises(KeysOutOfReach, match="refuses this token") as error:
        keys.wrap(KEY, OWNER)
    assert there.said[-1] == TOKEN
    assert [(one["event"], one["log_level"]) for one in logs] == [("key server", "error")]
    assert logs[0]["trouble"].startswith("refuses this token encrypt/dispatch")
    assert str(error.value).startswith(f"The key server {there.url.removeprefix('http://')} ref")
    for told in (str(error.value), repr(error.value), str(logs), repr(keys), repr(vars(keys))):
        assert TOKEN not in told
    token_file.write_text(fresh)
    assert keys.unwrap(keys.wrap(KEY, OWNER), OWNER) == KEY


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        ("hvs.one", 0o640, "read by others"),
        ("", 0o600, "not in its format"),
        ("hvs.one\r\nX-Vault-Namespace: two", 0o600, "not in its format"),
        ("hvs.one two", 0o600, "not in its format"),
        ("hvs.on\u00e9", 0o600, "not in its format"),
        ("hvs.one\x07", 0o600, "not in its format"),
        ("\udcff", 0o600, "cannot be read"),
    ],
)
def test_a_token_file_that_cannot_be_used_is_refused(setting, token_file, content, mode, said):
    token_file.write_bytes(content.encode(errors="surrogateescape"))
    token_file.chmod(mode)
    with pytest.raises(BadKeyring, match=said):
        Transit(setting)
    token_file.unlink()
    with pytest.raises(BadKeyring, match="cannot be read"):
        Transit(setting)


def test_versions_come_and_go_with_the_servers(keys, there):
    first = keys.wrap(KEY, OWNER)
    assert keys.newest == ON_SERVER + 1
    assert keys.add_version() == ON_SERVER + 2
    second = keys.wrap(KEY, OWNER)
    assert (keys.unwrap(first, OWNER), keys.unwrap(second, OWNER)) == (KEY, KEY)
    assert keys.forget_unused({1, ON_SERVER + 1, ON_SERVER + 2}) == set()
    assert there.oldest == 1
    assert keys.forget_unused({ON_SERVER + 2}) == {ON_SERVER + 1}
    assert there.oldest == 2
    with pytest.raises(Unreadable):
        keys.unwrap(first, OWNER)
    assert keys.unwrap(second, OWNER) == KEY
    assert keys.forget_unused({1}) == set()
    keys.add_version()
    assert keys.forget_unused({1}) == {ON_SERVER + 2}


def test_an_older_server_that_answers_with_nothing_has_done_it(keys, there):
    there.is_old = True
    assert keys.add_version() == ON_SERVER + 2
    assert keys.forget_unused({ON_SERVER + 2}) == {ON_SERVER + 1}


def test_a_new_version_is_asked_for_once_only(keys, there):
    there.hangs_up = True
    keys.wrap(KEY, OWNER)
    there.hangs_up = False
    with pytest.raises(KeysOutOfReach, match="broke off"):
        keys.add_version()
    assert max(there.keys) == 1


def test_versions_are_named_by_who_has_them():
    assert transit.say_version(7) == "7"
    assert transit.say_version(ON_SERVER - 1) == "32767"
    assert transit.say_version(ON_SERVER) == "0 of the key server"
    assert transit.say_version(ON_SERVER + 7) == "7 of the key server"


@pytest.mark.parametrize(("right", "path"), [("rotate", "/rotate"), ("config", "/config")])
def test_what_the_token_may_not_do_is_said(keys, there, right, path):
    keys.add_version()
    there.may.remove(right)
    with pytest.raises(KeysOutOfReach, match=f"keys/dispatch{path} .status 403"):
        keys.add_version() if right == "rotate" else keys.forget_unused({keys.newest})


def test_what_the_key_file_wrapped_moves_to_the_server(setting, tmp_path):
    keyring.make(tmp_path / "master-key")
    file = KeyFile(tmp_path / "master-key")
    before = KeyStore(tmp_path / "keys.db", file)
    key = before.index_key()
    store = KeyStore(tmp_path / "keys.db", Transit(setting, file))
    assert store.index_key() == key
    assert set(store.count_by_version()) == {1}
    assert store.wrap_again() == 1
    alone = KeyStore(tmp_path / "keys.db", Transit(setting))
    assert set(alone.count_by_version()) == {ON_SERVER + 1}
    assert alone.index_key() == key
    with pytest.raises(Unreadable):
        before.index_key()
    for one in (before, store, alone):
        one.close()


def test_without_the_key_file_what_it_wrapped_does_not_open(keys, tmp_path):
    ring = keyring.make(tmp_path / "master-key")
    with pytest.raises(Unreadable, match="not here"):
        keys.unwrap(ring.wrap(KEY, OWNER), OWNER)


def test_a_socket_on_this_machine_needs_no_token(tmp_path):
    with transit_server.listening(tmp_path / "vault.sock") as made:
        made.token = None
        with closing(Transit(named(made.url, "transit/dispatch", None, None))) as keys:
            assert keys.unwrap(keys.wrap(KEY, OWNER), OWNER) == KEY
        assert made.headers["Host"] == "localhost"


def test_a_server_is_believed_only_with_a_certificate_of_the_named_authority(tmp_path, token_file):
    certificate = made_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with transit_server.listening(tls=context) as made:
        trusted = named(made.url, "transit/dispatch", token_file, certificate)
        with closing(Transit(trusted)) as keys:
            assert keys.unwrap(keys.wrap(KEY, OWNER), OWNER) == KEY
        heard = len(made.heard)
        with pytest.raises(KeysOutOfReach, match="cannot be asked"):
            Transit(replace(trusted, ca_file=None))
        assert len(made.heard) == heard
        with pytest.raises(BadKeyring, match=r"authority .* cannot be read"):
            Transit(replace(trusted, ca_file=tmp_path / "nowhere.pem"))


def test_a_family_opens_over_the_pages_and_not_while_the_server_is_away(
    settings, setting, there, moment
):
    here = replace(settings, key_server=setting, testing=False)
    database = open_database(here)
    with database.transaction() as session:
        group = build.a_group(session)
        desk = build.a_user(session)
        session.add(Membership(user=desk, group=group, role=Role.COORDINATOR))
        family = build.a_family(session, group).uid
        token = sessions.begin(session, desk, now=moment.at)
    app = create_app(here, database=database, enqueue=lambda _uid: None)
    app.config["WTF_CSRF_ENABLED"] = False
    client = app.test_client()
    client.set_cookie("dispatch", token)
    address = f"/families/{family}/reveal?part=name"
    shown = client.post(address)
    assert (shown.status_code, "Carmen" in shown.text) == (200, True)
    there.status = 503
    shut = client.post(address)
    assert (shut.status_code, "Carmen" in shut.text) == (500, False)
    assert "sealed" not in shut.text
    there.status = None
    assert client.post(address).status_code == 200
    database.engine.dispose()
    database.vault.keys.close()
