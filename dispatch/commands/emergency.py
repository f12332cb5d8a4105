"""What is done at the machine itself when something went wrong."""

import click

from dispatch import app as application
from dispatch import clock, config
from dispatch.commands.options import DATA
from dispatch.people import service as people
from dispatch.policy.actor import SYSTEM


@click.command()
@DATA
def freeze(data_dir: str | None) -> None:
    """Pause the service in an emergency: everybody is signed out, every address shuts."""
    database = application.open_database(config.load(data_dir))
    with database.transaction() as session:
        people.freeze(session, SYSTEM, now=clock.now())
    click.echo("The service is paused. Two people end it together, under /freeze.")
