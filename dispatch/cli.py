"""The commands: parse, call a service, print."""

import json
import os
from datetime import date
from pathlib import Path
from typing import NoReturn

import click

from dispatch import app as application
from dispatch import clock, config, installation
from dispatch.commands import audit, backup, emergency, keys, retention
from dispatch.commands.options import DATA as _DATA
from dispatch.commands.options import warn_of_server_log
from dispatch.config import BadSetting, Settings
from dispatch.crypto.keyring import BadKeyring
from dispatch.db import upgrade as schema
from dispatch.demo import command as demo_command
from dispatch.deployment import commands as deployment
from dispatch.errors import Conflict, DispatchError, Refused
from dispatch.imports import service as imports
from dispatch.imports.rules import Sheet
from dispatch.jobs import Jobs
from dispatch.people import queries as people
from dispatch.people import service as people_service
from dispatch.people.models import Role
from dispatch.places import commands as places
from dispatch.places import consents
from dispatch.places.celling import put_into_cells
from dispatch.planning import service as planning
from dispatch.planning.models import MatchRun, RunState
from dispatch.policy.actor import SYSTEM

_GROUP = click.option("--group", "group_name", required=True, help="The group's name.")


@click.group(help="Rides for families, driven by volunteers.", no_args_is_help=True)
def commands() -> None:
    """The root of all commands."""


def main(argv: list[str]) -> int:
    """Run one command; its exit status. What goes wrong is one sentence, never a traceback."""
    try:
        return commands.main(argv, prog_name="python3 -m dispatch", standalone_mode=False) or 0
    except click.exceptions.Abort:
        return 130
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (BadSetting, BadKeyring) as error:
        click.echo(str(error), err=True)
    except schema.SchemaBehind:
        click.echo(
            "The database is older than the program. Run: python3 -m dispatch upgrade", err=True
        )
    except Refused as error:
        click.echo("\n".join(error.reasons), err=True)
    except Conflict as error:
        click.echo(error.sentence, err=True)
    except DispatchError as error:
        click.echo(f"{type(error).__name__}: {error}", err=True)
    return 2


@commands.command()
@_DATA
@click.option("--name", prompt="Your first name", help="The first steward's first name.")
@click.option("--email", prompt="Your e-mail", help="The first steward's e-mail.")
@click.option("--language", default="en", show_default=True)
def init(data_dir: str | None, name: str, email: str, language: str) -> None:
    """Make the keys, the database and the first steward; prints the steward's invitation."""
    settings = config.load(data_dir)
    database = installation.prepare(settings)
    warn_of_server_log(database)
    with database.transaction() as session:
        _user, code = people_service.make_steward(
            session, SYSTEM, name=name, email=email, language=language, now=clock.now()
        )
    click.echo(f"The data live in {settings.data_dir}")
    click.echo(_say_where_the_key_is(settings))
    click.echo(f"Open this once, within three days: {settings.base_url}/invite/{code}")


def _say_where_the_key_is(settings: Settings) -> str:
    if settings.key_server is None:
        return f"The master key is {settings.master_key_file}: keep a copy of it elsewhere."
    return f"The master key is on {settings.key_server.place}: whoever keeps it, keeps a copy."


@commands.command()
@_DATA
def upgrade(data_dir: str | None) -> None:
    """Bring the database to the present schema."""
    settings = config.load(data_dir)
    database = application.open_database(settings)
    schema.upgrade(database.engine)
    click.echo("The database is up to date.")
    warn_of_server_log(database)


@commands.command()
@_DATA
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True, help="Web processes.")
def serve(data_dir: str | None, host: str, port: int, workers: int) -> None:
    """Serve the pages. Put a proxy that speaks HTTPS in front, and name it in DISPATCH_URL."""
    settings = config.load(data_dir)
    database = application.open_database(settings)
    schema.check(database.engine)
    warn_of_server_log(database)
    if settings.geocoder is not None:
        with database.transaction(reads_only=True) as session:
            click.echo(consents.say_whether_asked(session, settings.geocoder), err=True)
    command = installation.serving_command(host, port, workers)
    _become(command, installation.environment(settings))


@commands.command()
@_DATA
def worker(data_dir: str | None) -> None:
    """Carry out match runs and the timetable until stopped."""
    settings = config.load(data_dir)
    database = application.open_database(settings)
    schema.check(database.engine)
    warn_of_server_log(database)
    Jobs(settings, database).work()


@commands.command()
@click.option(
    "--data-dir",
    type=click.Path(file_okay=False),
    help="Where the demo lives; DISPATCH_DATA if not given, else .data/demo beside the program.",
)
@click.option("--port", default=8000, show_default=True, help="The next free one from here on.")
@click.option("--fresh", is_flag=True, help="Forget what was done, and make the town anew.")
def demo(data_dir: str | None, port: int, fresh: bool) -> None:
    """Show everything in a made-up town, on this machine alone, until stopped."""
    demo_command.run(data_dir, port=port, fresh=fresh)


@commands.group()
def user() -> None:
    """Accounts."""


@user.command()
@_DATA
@_GROUP
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--name", required=True, help="First name.")
@click.option("--email", required=True)
@click.option("--language", default="en", show_default=True)
def invite(
    data_dir: str | None, group_name: str, role: str, name: str, email: str, language: str
) -> None:
    """Invite somebody to a group; prints the one-time link."""
    settings = config.load(data_dir)
    database = application.open_database(settings)
    with database.transaction() as session:
        group = people.group_named(session, group_name)
        _user, code = people_service.invite(
            session,
            SYSTEM,
            group,
            Role(role),
            name=name,
            email=email,
            language=language,
            now=clock.now(),
        )
    click.echo(f"{settings.base_url}/invite/{code}")


@commands.command()
@_DATA
@_GROUP
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), required=True, help="2027-03-09")
@click.option("--wait/--no-wait", default=True, show_default=True, help="Carry it out here.")
def match(data_dir: str | None, group_name: str, day: date, wait: bool) -> None:
    """Run the matcher over a day; proposes, never assigns."""
    settings = config.load(data_dir)
    database = application.open_database(settings)
    jobs = Jobs(settings, database)
    with database.transaction() as session:
        group = people.group_named(session, group_name)
        run = planning.start_run(
            session,
            SYSTEM,
            group,
            day.date(),
            enqueue=(lambda uid: None) if wait else jobs.enqueue,
            now=clock.now(),
        )
    if wait:
        jobs.carry_out(run.uid)
        with database.transaction(reads_only=True) as session:
            ended = session.get_one(MatchRun, run.id)
        click.echo(_told(ended))


def _told(run: MatchRun) -> str:
    if run.state is not RunState.DONE:
        return f"{run.service_on}: {run.state.value} {run.failure or ''}".rstrip()
    result = run.result
    proof = "proven best" if result["proven"] else f"gap {result['gap']}"
    return (
        f"{run.service_on}: {result['served']} of {result['rides']} rides have a proposal, "
        f"{result['drive_minutes']} minutes of driving, {proof}, {result['seconds']} s"
    )


@commands.command(name="import")
@_DATA
@_GROUP
@click.option("--dry-run", is_flag=True, help="Report what would be done, and do nothing.")
@click.option("--json", "as_json", is_flag=True, help="Report for another program.")
@click.argument("words", nargs=-1, required=True, metavar="[KIND] FILE")
def import_(
    data_dir: str | None, group_name: str, dry_run: bool, as_json: bool, words: tuple[str, ...]
) -> None:
    """Take in a sheet of places, addresses, drivers or requests, saved as CSV.

    KIND is one of these four words; without it the headers tell. Every row is reported; rows on
    record already stay as they are. The exit status is 1 when rows were refused.
    """
    *kinds, file = words
    if len(kinds) > 1 or any(kind not in list(Sheet) for kind in kinds):
        raise click.UsageError(f"Give one file, and before it one of: {', '.join(Sheet)}.")
    try:
        data = Path(file).read_bytes()
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from error
    from dispatch.places.gazetteer.geocoder import in_folder  # its libraries load slowly

    settings = config.load(data_dir)
    database = application.open_database(settings)
    with database.transaction() as session:
        report = imports.import_sheet(
            session,
            SYSTEM,
            data,
            group=people.group_named(session, group_name),
            sheet=Sheet(kinds[0]) if kinds else None,
            look_at_pin=in_folder(settings.data_dir).trouble_with,
            rehearse=dry_run,
            now=clock.now(),
        )
    click.echo(
        json.dumps(report.to_dict(), ensure_ascii=False, indent=1)
        if as_json
        else "\n".join(report.lines())
    )
    if report.has_refused:
        raise click.exceptions.Exit(1)


@places.places.command(name="import")
@_DATA
@click.argument("file", type=click.Path(path_type=Path))
def import_places(data_dir: str | None, file: Path) -> None:
    """Take in an OpenStreetMap extract (.osm.pbf), or an address file (.csv).

    An address file has the columns number, street, lon, lat, and may have city and postcode; it is
    added to what an extract brought, and wins over it. What fails leaves the old data in use.
    """
    settings = config.load(data_dir)
    places.take_in(file, settings)
    if application.is_new(settings) or not settings.has_master_key:
        return  # the map comes before the first group: no place has to be shown in another cell
    database = application.open_database(settings)
    schema.check(database.engine)
    with database.transaction() as session:
        moved = put_into_cells(session)
    if moved:
        click.echo(f"{moved} places are shown in another cell now.")


for one in (places.places, deployment.units, deployment.components, retention.group, keys.group):
    commands.add_command(one)
commands.add_command(audit.group)
commands.add_command(backup.group)
commands.add_command(backup.restore)
commands.add_command(emergency.freeze)


def _become(command: list[str], environ: dict[str, str]) -> NoReturn:
    os.execve(command[0], command, environ)  # noqa: S606 -- our own interpreter, no shell wanted
