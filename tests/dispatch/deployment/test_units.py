"""The systemd units: what they run, for whom, and what they may speak to."""

from configparser import ConfigParser
from pathlib import Path

import pytest

from dispatch.deployment import units
from dispatch.deployment.units import OutOfReach, Plan

PLAN = Plan(Path("/opt/dispatch"), user="rides", port=8001)


def service_of(text: str) -> ConfigParser:
    """A unit, the last of each setting."""
    parser = ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str
    parser.read_string(text)
    return parser["Service"]


@pytest.mark.parametrize(
    ("name", "command"),
    [("dispatch-web.service", "serve --port 8001"), ("dispatch-worker.service", "worker")],
)
def test_a_unit_runs_the_program_as_its_own_user(name: str, command: str):
    service = service_of(units.render(PLAN)[name])
    assert service["ExecStart"] == f"/opt/dispatch/.venv/bin/python -m dispatch {command}"
    assert (service["User"], service["Group"]) == ("rides", "rides")


def test_the_master_key_is_handed_over_and_not_named_in_the_environment():
    for text in units.render(PLAN).values():
        service = service_of(text)
        assert service["LoadCredential"] == "dispatch-master-key:/etc/dispatch/master-key"
        assert "DISPATCH_MASTER_KEY" not in text


def test_where_a_server_holds_the_master_key_its_token_is_handed_over_instead():
    plan = Plan(PLAN.program, token_file=Path("/etc/dispatch/key-token"))
    for text in units.render(plan).values():
        service = service_of(text)
        assert service["LoadCredential"] == "dispatch-key-token:/etc/dispatch/key-token"
        assert "master-key" not in text


def test_what_is_shown_to_those_who_take_messages_is_handed_over_too():
    plan = Plan(
        PLAN.program, mail_password=Path("/etc/dispatch/mail"), sms_token=Path("/etc/dispatch/sms")
    )
    for text in units.render(plan).values():
        handed = [line for line in text.splitlines() if line.startswith("LoadCredential=")]
        assert handed == [
            "LoadCredential=dispatch-master-key:/etc/dispatch/master-key",
            "LoadCredential=dispatch-mail-password:/etc/dispatch/mail",
            "LoadCredential=dispatch-sms-token:/etc/dispatch/sms",
        ]


def test_only_this_machine_is_spoken_to_unless_an_address_is_named():
    def allowed(plan: Plan) -> list[str]:
        lines = units.render(plan)["dispatch-web.service"].splitlines()
        return [line for line in lines if line.startswith("IPAddress")]

    assert allowed(PLAN) == ["IPAddressDeny=any", "IPAddressAllow=localhost"]
    named = Plan(PLAN.program, allowed=("10.0.0.5",))
    assert allowed(named)[2:] == ["IPAddressAllow=10.0.0.5"]


def test_only_the_worker_may_make_machine_code():
    made = units.render(PLAN)
    assert service_of(made["dispatch-web.service"])["MemoryDenyWriteExecute"] == "yes"
    assert "MemoryDenyWriteExecute" not in service_of(made["dispatch-worker.service"])


@pytest.mark.parametrize("home", ["home", "root"])
def test_a_program_in_a_home_directory_is_refused_with_what_to_do(home: str):
    with pytest.raises(OutOfReach, match="Move the program to /opt/dispatch"):
        units.render(Plan(Path("/", home, "dispatch")))
