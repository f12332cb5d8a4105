"""Settings come from the environment and the command line, and the key lies apart from the data."""

from pathlib import Path

import pytest

from dispatch import mail_server, sms_gateway
from dispatch.config import BadSetting, Settings, load
from dispatch.geocoding_server import named


def test_everything_lives_in_the_data_directory_but_the_key(tmp_path: Path):
    settings = load(str(tmp_path / "data"))
    assert settings.database_url == f"sqlite:///{tmp_path}/data/dispatch.db"
    assert settings.queue_url == f"sqlite:///{tmp_path}/data/queue.db"
    assert settings.key_store_file == tmp_path / "data" / "keys" / "keys.db"
    assert settings.master_key_file == tmp_path / "data.master-key"


def test_the_environment_names_another_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    named = {
        "DISPATCH_DATA": str(tmp_path / "there"),
        "DATABASE_URL": "postgresql://db/dispatch",
        "DISPATCH_QUEUE": "redis://queue",
        "DISPATCH_URL": "https://rides.example.org",
        "DISPATCH_MATCH_SECONDS": "7",
        "DISPATCH_MASTER_KEY": str(tmp_path / "key"),
    }
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    settings = load()
    assert settings.data_dir == tmp_path / "there"
    assert settings.database_url == "postgresql://db/dispatch"
    assert settings.queue_url == "redis://queue"
    assert settings.base_url == "https://rides.example.org"
    assert settings.match_seconds == 7
    assert settings.master_key_file == tmp_path / "key"


def test_the_command_line_goes_before_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DISPATCH_DATA", str(tmp_path / "environment"))
    assert load(str(tmp_path / "typed")).data_dir == tmp_path / "typed"


def test_a_key_inside_the_data_directory_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("DISPATCH_MASTER_KEY", str(tmp_path / "data" / "key"))
    with pytest.raises(BadSetting, match="DISPATCH_MASTER_KEY"):
        load(str(tmp_path / "data"))


def test_anchors_inside_the_data_directory_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert load(str(tmp_path / "data")).anchors_file == tmp_path / "data.anchors"
    monkeypatch.setenv("DISPATCH_ANCHORS", str(tmp_path / "elsewhere"))
    assert load(str(tmp_path / "data")).anchors_file == tmp_path / "elsewhere"
    monkeypatch.setenv("DISPATCH_ANCHORS", str(tmp_path / "data" / "anchors"))
    with pytest.raises(BadSetting, match="DISPATCH_ANCHORS"):
        load(str(tmp_path / "data"))


@pytest.mark.parametrize(
    "key", ["QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=", "ab" * 32, "1 " + "A" * 43 + "="]
)
def test_a_key_in_the_environment_itself_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
):
    monkeypatch.setenv("DISPATCH_MASTER_KEY", key)
    with pytest.raises(BadSetting, match="must not be the key itself"):
        load(str(tmp_path / "data"))


def test_a_key_that_the_system_hands_over_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    beside = load(str(tmp_path / "data")).master_key_file
    (tmp_path / "dispatch-master-key").touch()
    handed = load(str(tmp_path / "data")).master_key_file
    assert beside == tmp_path / "data.master-key"
    assert handed == tmp_path / "dispatch-master-key"


@pytest.mark.parametrize(
    ("url", "hosts", "secure"),
    [
        ("http://127.0.0.1:8000", ["127.0.0.1", "localhost"], False),
        ("http://localhost:9", ["127.0.0.1", "localhost"], False),
        ("https://rides.example.org", ["rides.example.org"], True),
    ],
)
def test_the_address_decides_hosts_and_cookies(url: str, hosts: list[str], secure: bool):
    settings = Settings(Path("d"), "sqlite://", "sqlite://", Path("k"), base_url=url)
    assert settings.trusted_hosts == hosts
    assert settings.secure is secure


def test_a_geocoding_server_is_named_in_full_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert load(str(tmp_path / "data")).geocoder is None
    monkeypatch.setenv("DISPATCH_GEOCODER", "pelias")
    with pytest.raises(BadSetting, match="DISPATCH_GEOCODER_URL"):
        load(str(tmp_path / "data"))
    monkeypatch.setenv("DISPATCH_GEOCODER_URL", "https://rosa:larch@geo.example.org")
    monkeypatch.setenv("DISPATCH_GEOCODER_KEY", "quarry")
    settings = load(str(tmp_path / "data"))
    assert settings.geocoder == named("pelias", "https://rosa:larch@geo.example.org", "quarry")
    assert "larch" not in repr(settings)
    assert "quarry" not in repr(settings)


def test_a_road_engine_of_ones_own_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    settings = load(str(tmp_path / "data"))
    assert (settings.osrm_bin, settings.osrm_url, settings.snap_metres) == (None, None, 400)
    monkeypatch.setenv("OSRM_BIN", str(tmp_path / "bin"))
    monkeypatch.setenv("OSRM_URL", "http://127.0.0.1:5000")
    monkeypatch.setenv("DISPATCH_SNAP_METRES", "250")
    settings = load(str(tmp_path / "data"))
    assert settings.osrm_bin == tmp_path / "bin"
    assert (settings.osrm_url, settings.snap_metres) == ("http://127.0.0.1:5000", 250)


@pytest.mark.parametrize(
    "url",
    [
        "https://router.project-osrm.org",
        "http://project-osrm.org/",
        "https://ROUTER.Project-OSRM.org.:443/path",
        "https://routing.openstreetmap.de/routed-car",
        "https://api.mapbox.com",
    ],
)
def test_a_public_road_server_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
):
    monkeypatch.setenv("OSRM_URL", url)
    with pytest.raises(BadSetting, match="it would learn where families live"):
        load(str(tmp_path / "data"))


@pytest.mark.parametrize("host", ["roads.example.org", "10.0.0.7", "notproject-osrm.org", "[::1]"])
def test_a_road_server_on_another_machine_is_the_groups_own_choice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
):
    monkeypatch.setenv("OSRM_URL", f"https://{host}:5000/roads")
    assert load(str(tmp_path / "data")).osrm_url == f"https://{host}:5000/roads"


@pytest.mark.parametrize(
    "url",
    ["roads", "127.0.0.1:5000", "ftp://roads", "http://", "http://a:b@roads", "http://roads?x=1",
     "http://roads:port", "http://[roads"],
)  # fmt: skip
def test_what_is_no_address_of_a_road_server_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
):
    monkeypatch.setenv("OSRM_URL", url)
    with pytest.raises(BadSetting, match="OSRM_URL must look like"):
        load(str(tmp_path / "data"))


def test_an_onion_address_is_taken_only_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    name = f"{'a2' * 28}.onion"
    monkeypatch.setenv("DISPATCH_ONION", name)
    assert name in load(str(tmp_path / "data")).trusted_hosts
    monkeypatch.setenv("DISPATCH_ONION", "rides.example.org")
    with pytest.raises(BadSetting, match="DISPATCH_ONION"):
        load(str(tmp_path / "data"))


def _a_demo(folder: Path) -> str:
    (folder / "data").mkdir()
    (folder / "data" / "demo.json").write_text("{}")
    return str(folder / "data")


def test_a_directory_that_the_demo_marked_is_one_on_this_machine(tmp_path: Path):
    folder = _a_demo(tmp_path)
    assert load(folder).is_demo
    assert load(folder, base_url="http://localhost:8001").is_demo


@pytest.mark.parametrize(
    "changed",
    [
        {"DISPATCH_URL": "https://rides.example.org"},
        {"DISPATCH_URL": "http://rides.example.org"},
        {"DISPATCH_URL": "https://127.0.0.1"},
        {"DATABASE_URL": "postgresql://elsewhere/dispatch"},
    ],
)
def test_what_others_can_reach_is_no_demo_even_with_its_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: dict[str, str]
):
    folder = _a_demo(tmp_path)
    for name, value in changed.items():
        monkeypatch.setenv(name, value)
    assert not load(folder).is_demo


def test_nothing_but_the_mark_makes_a_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name in ("DISPATCH_DEMO", "DISPATCH_IS_DEMO", "IS_DEMO", "DISPATCH_TESTING"):
        monkeypatch.setenv(name, "1")
    assert not load(str(tmp_path / "data")).is_demo
    assert not load(str(tmp_path / "data"), is_demo=True).is_demo


MAIL = {
    "DISPATCH_SMTP_URL": "smtps://rides@mail.example.org",
    "DISPATCH_MAIL_FROM": "rides@example.org",
}


def test_letters_go_to_the_server_that_is_named_and_to_none_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert load(str(tmp_path / "data")).mail is None
    for name, value in MAIL.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match="DISPATCH_SMTP_PASSWORD"):
        load(str(tmp_path / "data"))
    monkeypatch.setenv("DISPATCH_SMTP_PASSWORD", str(tmp_path / "password"))
    expected = mail_server.named(*MAIL.values(), tmp_path / "password")
    assert load(str(tmp_path / "data")).mail == expected


SMS = {
    "DISPATCH_SMS_URL": "https://sms.example.org/messages",
    "DISPATCH_SMS_BODY": "To={to}&Body={text}",
    "DISPATCH_SMS_PREFIX": "+1",
}


def test_texts_go_to_the_gateway_that_is_named_and_to_none_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert load(str(tmp_path / "data")).sms is None
    for name, value in SMS.items():
        monkeypatch.setenv(name, value)
    assert load(str(tmp_path / "data")).sms == sms_gateway.named(*SMS.values(), None)
    monkeypatch.setenv("DISPATCH_SMS_TOKEN", str(tmp_path / "token"))
    expected = sms_gateway.named(*SMS.values(), tmp_path / "token")
    assert load(str(tmp_path / "data")).sms == expected
    monkeypatch.setenv("DISPATCH_SMS_URL", "http://sms.example.org/messages")
    with pytest.raises(BadSetting, match="DISPATCH_SMS_URL"):
        load(str(tmp_path / "data"))


@pytest.mark.parametrize("said", ["mailto:rides@example.org", "https://rides.example.org/about"])
def test_browsers_are_told_where_the_operator_allows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
):
    assert load(str(tmp_path / "data")).push is None
    monkeypatch.setenv("DISPATCH_PUSH", said)
    assert load(str(tmp_path / "data")).push == said
    monkeypatch.setenv("DISPATCH_PUSH", "yes")
    with pytest.raises(BadSetting, match="DISPATCH_PUSH"):
        load(str(tmp_path / "data"))


def test_what_shows_who_we_are_may_be_handed_over_by_the_system(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    handed = tmp_path / "handed"
    handed.mkdir()
    for name in ("dispatch-mail-password", "dispatch-sms-token"):
        (handed / name).write_text("a pass phrase")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(handed))
    for name, value in {**MAIL, **SMS}.items():
        monkeypatch.setenv(name, value)
    settings = load(str(tmp_path / "data"))
    assert settings.mail.password_file == handed / "dispatch-mail-password"
    assert settings.sms.token_file == handed / "dispatch-sms-token"


def test_a_demo_sends_no_letters(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for name, value in {**MAIL, **SMS}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DISPATCH_SMTP_PASSWORD", str(tmp_path / "password"))
    folder = tmp_path / "data"
    folder.mkdir()
    assert load(str(folder)).mail is not None
    assert load(str(folder)).sms is not None
    (folder / "demo.json").write_text("{}")
    assert load(str(folder)).mail is None
    assert load(str(folder)).sms is None


def test_a_key_server_is_named_with_a_token_of_its_own_or_of_the_systems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings = load(str(tmp_path / "data"))
    assert (settings.key_server, settings.has_master_key) == (None, False)
    monkeypatch.setenv("DISPATCH_KEY_SERVER", "https://vault.example.org:8200")
    with pytest.raises(BadSetting, match="DISPATCH_KEY_SERVER_TOKEN"):
        load(str(tmp_path / "data"))
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    (tmp_path / "dispatch-key-token").touch()
    handed = load(str(tmp_path / "data"))
    assert handed.key_server is not None
    assert handed.key_server.token_file == tmp_path / "dispatch-key-token"
    assert (handed.key_server.mount, handed.key_server.key) == ("transit", "dispatch")
    assert handed.has_master_key
    monkeypatch.setenv("DISPATCH_KEY_SERVER_TOKEN", str(tmp_path / "token"))
    monkeypatch.setenv("DISPATCH_KEY_SERVER_KEY", "team/transit/rides")
    monkeypatch.setenv("DISPATCH_KEY_SERVER_CA", str(tmp_path / "ca.pem"))
    named_in_full = load(str(tmp_path / "data")).key_server
    assert named_in_full is not None
    assert named_in_full.token_file == tmp_path / "token"
    assert named_in_full.ca_file == tmp_path / "ca.pem"
    assert (named_in_full.mount, named_in_full.key) == ("team/transit", "rides")


@pytest.mark.parametrize("contact", ["mailto:safety@example.org", "https://example.org/safety"])
def test_a_contact_is_an_address_of_mail_or_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, contact: str
):
    monkeypatch.setenv("DISPATCH_SECURITY_CONTACT", contact)
    assert load(str(tmp_path / "data")).security_contact == contact


@pytest.mark.parametrize("contact", ["safety@example.org", "http://example.org", "mailto:a@b c"])
def test_what_nobody_could_write_to_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, contact: str
):
    monkeypatch.setenv("DISPATCH_SECURITY_CONTACT", contact)
    with pytest.raises(BadSetting):
        load(str(tmp_path / "data"))


def test_the_secret_of_forms_is_named_by_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    assert load(str(tmp_path / "data")).forms_secret == 0
    monkeypatch.setenv("DISPATCH_FORMS_SECRET", "3")
    assert load(str(tmp_path / "data")).forms_secret == 3
