"""`keys`: which keys there are, and changing them while everything goes on."""

from contextlib import closing

import click

from dispatch import app as application
from dispatch import config, rotation
from dispatch.commands.options import DATA
from dispatch.crypto.transit import say_version
from dispatch.db import upgrade as schema


@click.group(name="keys")
def group() -> None:
    """The master key, and the keys of families and people that it wraps."""


@group.command()
@DATA
def status(data_dir: str | None) -> None:
    """Say how many keys each version of the master key wraps, and how many were destroyed."""
    settings = config.load(data_dir)
    with closing(application.open_database(settings).vault.keys) as store:
        for version, number in sorted(store.count_by_version().items()):
            click.echo(f"master key {say_version(version)}: {number} keys")
        numbers = store.numbers().values()
        older = sum(oldest != newest for oldest, newest in numbers)
        click.echo(f"{len(numbers)} families and people have a key, {older} an older one too.")
        click.echo(f"{len(store.marks())} were destroyed.")


@group.command()
@DATA
@click.option("--families", is_flag=True, help="Fresh keys for all families and people as well.")
def rotate(data_dir: str | None, families: bool) -> None:
    """Make a new master key and wrap all keys with it. The service goes on meanwhile.

    Interrupted, it is carried on by the next. The old master key stays until `keys retire`,
    because backups of the key store still need it. Where a key server has just been named, its
    key takes the place of the file's.
    """
    settings = config.load(data_dir)
    database = application.open_database(settings)
    schema.check(database.engine)
    with closing(database.vault.keys) as store:
        done = rotation.rotate_master_key(store, _tell("keys"))
    click.echo(
        f"Master key {say_version(done.version)} wraps now; {done.keys} keys were wrapped anew."
    )
    if families:
        records = rotation.rotate_owners(database, _tell("portions"), grace=rotation.GRACE)
        click.echo(f"Every family and person has a fresh key; {records} records were sealed again.")


@group.command()
@DATA
def retire(data_dir: str | None) -> None:
    """Forget master keys that wrap nothing any more. Older backups of the keys open no more."""
    with closing(application.open_database(config.load(data_dir)).vault.keys) as store:
        gone = rotation.retire_master_keys(store)
    names = ", ".join(say_version(version) for version in sorted(gone))
    click.echo(f"Forgotten: {names}." if gone else "Every master key is needed.")


def _tell(what: str) -> rotation.Told:
    def tell(done: int, total: int) -> None:
        click.echo(f"{done} of {total} {what}", err=True)

    return tell
