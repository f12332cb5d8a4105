"""`python3 -m dispatch demo`: make the town where there is none, serve it until stopped."""

import os
import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import click

from dispatch import clock, config, installation
from dispatch.config import REPOSITORY, Settings
from dispatch.db.transactions import Database
from dispatch.demo import filling, mapping, people, processes, settling
from dispatch.demo.directory import AlreadyRunning, DemoDirectory, NotADemo
from dispatch.demo.requests import LAST
from dispatch.jobs import Jobs

_DEFAULT = REPOSITORY / ".data" / "demo"
_ELSEWHERE = ("DATABASE_URL", "DISPATCH_QUEUE")
"""Settings that name another installation's database: a demo keeps its own, in its directory."""


def run(data_dir: str | None, *, port: int, fresh: bool) -> None:
    """Serve a demo until somebody asks to stop; `fresh` makes its town anew.

    Raises
        click.ClickException: it cannot be; the sentence says why.
    """
    try:
        chosen = processes.free_port(port)
        settings = settings_of(data_dir, f"http://{processes.HOST}:{chosen}")
        directory = DemoDirectory(settings.data_dir)
        with processes.Stop() as stop, directory.in_use(settings.base_url):
            if chosen != port:
                click.echo(f"Port {port} is taken; the demo uses {chosen}.", err=True)
            database, is_new = _prepare(settings, directory, fresh=fresh)
            _serve(_Demo(settings, directory, database, is_new), chosen, stop)
    except AlreadyRunning as running:
        raise click.ClickException(f"This demo is running already: {running}") from running
    except (NotADemo, processes.ChildEnded, OSError) as error:
        raise click.ClickException(str(error)) from error


def settings_of(data_dir: str | None, base_url: str) -> Settings:
    """The settings of the demo in `data_dir`, else in the directory of its own."""
    named = data_dir or os.environ.get("DISPATCH_DATA") or str(_DEFAULT)
    folder = Path(named).expanduser().resolve()
    return config.load(
        str(folder),
        database_url=f"sqlite:///{folder / 'dispatch.db'}",
        queue_url=f"sqlite:///{folder / 'queue.db'}",
        base_url=base_url,
        mail=None,
    )


def environment_of(settings: Settings) -> dict[str, str]:
    """What the demo's processes find in their environment."""
    environ = installation.environment(settings)
    return {name: value for name, value in environ.items() if name not in _ELSEWHERE}


@dataclass(frozen=True)
class _Demo:
    """A whole town, ready to be served."""

    settings: Settings
    directory: DemoDirectory
    database: Database
    is_new: bool


def _prepare(settings: Settings, directory: DemoDirectory, *, fresh: bool) -> tuple[Database, bool]:
    """The database of the town that is there, or of a new one; and whether it is new."""
    is_new = fresh or directory.made_at() is None
    if is_new:
        directory.begin()
    database = installation.prepare(settings)
    if is_new:
        started, now = time.monotonic(), clock.now()
        click.echo("Making a town, its people and a week of rides …", err=True)
        with mapping.roads_of(settings, environment_of(settings)) as roads:
            filling.fill(database, now=now, roads=roads)
        directory.finish(now)
        click.echo(f"Made in {time.monotonic() - started:.1f} s.", err=True)
    return database, is_new


def _serve(demo: _Demo, port: int, stop: processes.Stop) -> None:
    for name in _ELSEWHERE:
        if name in os.environ:
            click.echo(f"{name} is set, but the demo keeps a database of its own.", err=True)
    web_command = installation.serving_command(processes.HOST, port, workers=2)
    with _running(demo, "web server", web_command) as web:
        processes.wait_until_healthy(port, web, stop)
        # The worker comes second: whoever waits for the first page is not to wait for it as well.
        with _running(demo, "worker", installation.working_command()) as worker:
            if not stop.wait(0):
                click.echo("\n".join(_told(demo.settings, demo.directory)))
                _start_runs(demo)
            processes.wait_until_stopped([*web, *worker], stop)
    click.echo("The demo has ended; what was done in it is kept.", err=True)


def _running(
    demo: _Demo, name: str, command: list[str]
) -> AbstractContextManager[list[processes.Child]]:
    return processes.running(
        {name: command},
        environ=environment_of(demo.settings),
        folder=REPOSITORY,
        logs=demo.settings.data_dir,
    )


def _start_runs(demo: _Demo) -> None:
    """In a new town the matcher has something to say about today, as soon as the worker works."""
    if demo.is_new:
        jobs = Jobs(demo.settings, demo.database)
        filling.start_runs(demo.database, enqueue=jobs.enqueue, now=clock.now())


def _told(settings: Settings, directory: DemoDirectory) -> Iterable[str]:
    """What somebody who just started it wants to know."""
    yield f"\nOpen {settings.base_url}\n"
    yield from _table(_accounts())
    yield f"\nThe pass phrase of all of them: {people.PASS_PHRASE}"
    made_at = directory.made_at()
    if made_at is not None and clock.now() - made_at > timedelta(days=LAST):
        yield "The week of this demo is over. A new one: python3 -m dispatch demo --fresh"
    yield "Ctrl-C ends the demo and keeps its data."


def _accounts() -> list[tuple[str, str, str]]:
    """Role, e-mail and what is special of every account that can be signed in to."""
    names = {"en": "", "es": ", reads Spanish"}
    rows = [("Role", "E-mail", "Who")]
    rows.append(("steward", people.STEWARD.email, people.STEWARD.name))
    rows += [
        ("coordinator", one.email, f"{one.name}{names[one.language]}")
        for one in people.COORDINATORS
    ]
    rows += [
        ("driver", one.person.email, f"{one.person.name}, {one.car}{names[one.person.language]}")
        for one in people.WITH_SIGN_IN
    ]
    neighbour = people.NEIGHBOUR
    rows.append(("coordinator", neighbour.email, f"{neighbour.name}, of {settling.SECOND_GROUP}"))
    return rows


def _table(rows: list[tuple[str, str, str]]) -> Iterable[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()
