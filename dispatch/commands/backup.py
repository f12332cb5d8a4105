"""`backup` and `restore`: copies of everything but the master key, and whether they can be used."""

from pathlib import Path

import click

from dispatch import app as application
from dispatch import clock, config
from dispatch.backups import listing, making, restoring, sealing
from dispatch.backups.listing import BadBackup
from dispatch.commands.options import DATA
from dispatch.db import upgrade as schema

_IDENTITY = click.option(
    "--identity",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The file of the age identity that the backup was encrypted to.",
)
_KEYS = click.option(
    "--keys",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The file of the keys (….keys.age); beside the note if not given.",
)
_NOTE = click.argument("note", type=click.Path(path_type=Path, dir_okay=False))


@click.group(name="backup")
def group() -> None:
    """Backups, encrypted to recipients; data and keys apart. The master key is in none."""


@group.command()
@DATA
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--recipient", "texts", multiple=True, required=True, help="age1…; more than one may."
)
@click.option(
    "--keys-folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where the keys go, better another place; they are kept 7 days, data 90.",
)
def make(
    data_dir: str | None, folder: Path, texts: tuple[str, ...], keys_folder: Path | None
) -> None:
    """Make a backup in FOLDER while the service goes on, and remove those whose time is over."""
    settings = config.load(data_dir)
    database = application.open_database(settings)
    schema.check(database.engine)
    try:
        done = making.make(
            settings,
            database,
            folder,
            sealing.recipients(texts),
            keys_folder=keys_folder,
            now=clock.now(),
        )
    except BadBackup as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{folder / done.name}{listing.NOTE}")
    click.echo("It counts once it was tried: python3 -m dispatch backup drill")


@group.command(name="list")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def list_(folder: Path) -> None:
    """List the backups in FOLDER, and say which ones count."""
    for one in listing.listed(folder):
        tried = f"tried {one.proven_at:%Y-%m-%d}" if one.proven_at else "NOT TRIED: does not count"
        click.echo(f"{one.name}  {one.database}  log {one.log_rows}  {tried}")


@group.command()
@DATA
@_NOTE
@_IDENTITY
@_KEYS
@click.option("--scratch-url", help="An empty PostgreSQL database to try it in.")
def drill(
    data_dir: str | None, note: Path, identity: Path, keys: Path | None, scratch_url: str | None
) -> None:
    """Restore the backup of NOTE (….json) where it harms nobody, and check that all holds."""
    settings = config.load(data_dir)
    try:
        done = restoring.drill(
            settings,
            note,
            sealing.identities(identity),
            keys=keys,
            scratch_url=scratch_url,
            now=clock.now(),
        )
    except BadBackup as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Restored in {done.seconds:.1f} s. The log is whole: {done.log_rows} rows.")
    click.echo(f"Live families opened: {done.live} tried, {done.live} opened.")
    click.echo(f"Erased: {done.erased} records tried, {done.erased_opened} opened.")
    click.echo("This backup counts.")


@click.command()
@DATA
@_NOTE
@_IDENTITY
@_KEYS
def restore(data_dir: str | None, note: Path, identity: Path, keys: Path | None) -> None:
    """Put the backup of NOTE (….json) back into an empty data directory.

    The master key, and the anchors if they survived, have to be in their places before.
    """
    settings = config.load(data_dir)
    try:
        restoring.restore(settings, note, sealing.identities(identity), keys=keys, now=clock.now())
    except BadBackup as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Restored into {settings.data_dir}. Due erasures run when the worker starts.")
