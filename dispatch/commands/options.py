"""What several commands take and say."""

import click

from dispatch.db import server_log
from dispatch.db.transactions import Database

DATA = click.option(
    "--data-dir",
    type=click.Path(file_okay=False),
    help="Where the data live; DISPATCH_DATA if not given, else .data/main beside the program.",
)


def warn_of_server_log(database: Database) -> None:
    """Say what has to be done so that PostgreSQL writes no values of ours into its own log."""
    left = server_log.left_to_do(database.engine)
    if left:
        click.echo(
            "PostgreSQL may write values of rows into its own log. As its superuser:", err=True
        )
    for statement in left:
        click.echo(f"  {statement};", err=True)
