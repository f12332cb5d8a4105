"""A server's services as systemd units: each shut into what it needs, with the reason beside it.

`systemd-analyze security --offline=yes FILE` says how much of the machine a unit could still reach.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

KEY = "dispatch-master-key"
FOR_KEY_SERVER = "dispatch-key-token"
"""The names under which systemd hands over the master key, or the token for its server."""
FOR_MAIL, FOR_SMS = "dispatch-mail-password", "dispatch-sms-token"
"""The same of what shows the mail server and the gateway for text messages who we are."""

_FENCE = """\
# Nothing gains rights, and there are none to begin with.
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
PrivateUsers=yes
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictRealtime=yes
LockPersonality=yes
KeyringMode=private
RemoveIPC=yes

# Of the file system only the data can be written, and only by this user. No memory is dumped.
StateDirectory={name}
StateDirectoryMode=0700
CacheDirectory={name}
CacheDirectoryMode=0700
UMask=0077
LimitCORE=0
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
DevicePolicy=closed
ProtectProc=invisible
ProcSubset=pid
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes

# Nothing outside is spoken to but what is named here: addresses of families have nowhere to go.
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
IPAddressDeny=any
IPAddressAllow=localhost
{allowed}
# Of the kernel's calls, those of an ordinary service.
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
"""
_UNIT = """\
[Unit]
Description=Dispatch: {what}
After=network.target postgresql.service

[Service]
Type=exec
User={user}
Group={user}
WorkingDirectory={program}
ExecStart={python} -m dispatch {command}
Restart=on-failure
RestartSec=5

# Settings that are no secret; what is one comes from files that only root reads.
Environment=DISPATCH_DATA=%S/{name}/data
Environment=PYTHONDONTWRITEBYTECODE=1
EnvironmentFile=-{settings}
{secrets}
{fence}{own}
[Install]
WantedBy=multi-user.target
"""
_NO_NEW_CODE = "\n# The pages make no machine code while they run; the matcher does.\n"
_NO_NEW_CODE += "MemoryDenyWriteExecute=yes\n"


@dataclass(frozen=True)
class Plan:
    """Where the units of one server find what they run."""

    program: Path
    """The folder of this program, with its environment in `.venv`."""
    user: str = "dispatch"
    key_file: Path = Path("/etc/dispatch/master-key")
    """Readable by root alone; systemd hands it over."""
    token_file: Path | None = None
    """In place of the key file, where a server holds the master key: the token for it."""
    mail_password: Path | None = None
    sms_token: Path | None = None
    settings: Path = Path("/etc/dispatch/settings")
    """Lines such as DISPATCH_URL=https://rides.example.org; need not exist."""
    port: int = 8000
    allowed: tuple[str, ...] = ()
    """Addresses outside that may be spoken to: a database or mail server elsewhere."""


class OutOfReach(Exception):
    """The program lies where its fenced-in services cannot read it."""


def render(plan: Plan) -> dict[str, str]:
    """The text of each unit by its file name.

    Raises
        OutOfReach: the program lies in a home directory, which the units hide.
    """
    if plan.program.parts[1:2] in (("home",), ("root",)):
        raise OutOfReach(
            f"{plan.program} lies in a home directory, which the services may not look into. "
            "Move the program to /opt/dispatch, run it once there, and write the units again."
        )
    return {
        "dispatch-web.service": _unit(plan, "pages", f"serve --port {plan.port}", _NO_NEW_CODE),
        "dispatch-worker.service": _unit(plan, "match runs and the timetable", "worker", ""),
    }


def write(plan: Plan, folder: Path) -> list[Path]:
    """Write the units into `folder`; their paths.

    Raises
        OutOfReach: as `render`.
    """
    rendered = render(plan)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in rendered.items():
        file = folder / name
        file.write_text(text)
        written.append(file)
    return written


def _unit(plan: Plan, what: str, command: str, own: str) -> str:
    allowed = "".join(f"IPAddressAllow={address}\n" for address in plan.allowed)
    return _UNIT.format(
        what=what,
        user=plan.user,
        program=plan.program,
        python=plan.program / ".venv" / "bin" / "python",
        command=command,
        name="dispatch",
        settings=plan.settings,
        secrets="".join(f"LoadCredential={one}\n" for one in _secrets(plan)),
        fence=_FENCE.format(name="dispatch", allowed=allowed),
        own=own,
    )


def _secrets(plan: Plan) -> Iterator[str]:
    """Name and file of each secret."""
    yield f"{FOR_KEY_SERVER}:{plan.token_file}" if plan.token_file else f"{KEY}:{plan.key_file}"
    if plan.mail_password is not None:
        yield f"{FOR_MAIL}:{plan.mail_password}"
    if plan.sms_token is not None:
        yield f"{FOR_SMS}:{plan.sms_token}"
