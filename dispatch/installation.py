"""One installation on this machine: made ready, and the processes that serve it."""

import os
import sys
from pathlib import Path

from dispatch import app as application
from dispatch.config import REPOSITORY, Settings
from dispatch.crypto import keyring
from dispatch.db import upgrade as schema
from dispatch.db.transactions import Database


def prepare(settings: Settings) -> Database:
    """Keys and a database of the present schema, made where they are missing; the database."""
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if application.is_new(settings) and settings.anchors_file.exists():
        # Of an installation that was here before: its lines would prove nothing to this one.
        settings.anchors_file.replace(f"{settings.anchors_file}.before")
    if not settings.has_master_key:
        keyring.make(settings.master_key_file)
    database = application.open_database(settings)
    schema.upgrade(database.engine)
    return database


def serving_command(host: str, port: int, workers: int) -> list[str]:
    """The command line of the web server."""
    return [
        sys.executable,
        "-m",
        "gunicorn",
        "--bind",
        f"{host}:{port}",
        "--workers",
        str(workers),
        "--worker-class",
        "gthread",
        "--threads",
        "4",
        "--no-control-socket",
        "--access-logformat",
        "%(m)s %(U)s %(s)s %(D)s",  # no query strings: they may hold what somebody typed
        "dispatch.wsgi:app()",
    ]


def working_command() -> list[str]:
    """The command line of the worker, for a process that is in the environment already."""
    return _command("worker")


def importing_command(extract: Path) -> list[str]:
    """The command line that imports a map, for a process that is in the environment already."""
    return _command("places", "import", str(extract))


def environment(settings: Settings) -> dict[str, str]:
    """What a child process needs to find the same installation and the program."""
    return {
        **os.environ,
        "DISPATCH_DATA": str(settings.data_dir),
        "DISPATCH_URL": settings.base_url,
        "PYTHONPATH": os.pathsep.join(
            filter(None, (str(REPOSITORY), os.environ.get("PYTHONPATH")))
        ),
    }


def _command(*words: str) -> list[str]:
    call = f"import sys; from dispatch import cli; sys.exit(cli.main({list(words)!r}))"
    return [sys.executable, "-c", call]
