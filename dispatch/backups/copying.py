"""Copies of the database, consistent while people go on working: SQLite's own, or pg_dump's."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, make_url

from dispatch.backups.listing import BadBackup


def copy_out(url: str, target: Path) -> None:
    """Write a copy of the database at `url` to `target`.

    Raises
        BadBackup: PostgreSQL without pg_dump on this machine, or it failed.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        source = sqlite3.connect(f"file:{parsed.database}?mode=ro", uri=True)
        with closing(source), closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
        return
    _run(parsed, "pg_dump", "--format=custom", "--no-owner", f"--file={target}")


def copy_in(url: str, source: Path) -> None:
    """Make the database at `url`, which is empty, from the copy in `source`.

    Raises
        BadBackup: as `copy_out`.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        target = Path(parsed.database or "")
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(source, target)
        target.chmod(0o600)
        return
    name = f"--dbname={parsed.database}"
    _run(parsed, "pg_restore", "--no-owner", "--exit-on-error", name, str(source))


def _run(url: URL, program: str, *arguments: str) -> None:
    if shutil.which(program) is None:
        raise BadBackup(f"This machine has no {program}: apt-get install postgresql-client")
    done = subprocess.run(  # noqa: S603 -- a program of PostgreSQL, with our own arguments
        [program, *arguments], env=_environment(url), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BadBackup(f"{program} failed: {done.stderr.strip()}")


def _environment(url: URL) -> dict[str, str]:
    """The place of a database in the environment: on a command line everybody reads it."""
    host = url.host or url.query.get("host")
    told = {
        "PGHOST": host,
        "PGPORT": str(url.port) if url.port else None,
        "PGUSER": url.username,
        "PGPASSWORD": url.password,
        "PGDATABASE": url.database,
    }
    return {**os.environ, **{name: str(value) for name, value in told.items() if value}}
