"""`audit`: whether the log of who did and saw what is whole."""

import click

from dispatch import app as application
from dispatch import config
from dispatch.audit import verifying
from dispatch.commands.options import DATA
from dispatch.db.transactions import anchors_of


@click.group(name="audit")
def group() -> None:
    """The log of who did and saw what."""


@group.command()
@DATA
def verify(data_dir: str | None) -> None:
    """Check that no row of the log was changed, removed or put in between."""
    database = application.open_database(config.load(data_dir))
    with database.transaction(reads_only=True) as session:
        verdict = verifying.check(session, anchors_of(session))
    if not verdict.is_whole:
        raise click.ClickException(verdict.say())
    click.echo(verdict.say())
