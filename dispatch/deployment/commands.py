"""The commands for whoever sets up a server."""

import json
from pathlib import Path

import click

from dispatch.config import REPOSITORY
from dispatch.deployment.components import bill
from dispatch.deployment.units import OutOfReach, Plan, write


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--user", default="dispatch", show_default=True, help="The services' own user.")
@click.option("--port", default=8000, show_default=True)
@click.option(
    "--allow",
    "allowed",
    multiple=True,
    metavar="ADDRESS",
    help="A network address outside that the services may speak to, such as a database's.",
)
@click.option(
    "--key-token",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file of the token for a key server, handed over in place of the master key.",
)
@click.option(
    "--mail-password",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file of the password for the mail server, handed over too.",
)
@click.option(
    "--sms-token",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file of what is shown to the gateway for text messages, handed over too.",
)
def units(
    folder: Path,
    user: str,
    port: int,
    allowed: tuple[str, ...],
    key_token: Path | None,
    mail_password: Path | None,
    sms_token: Path | None,
) -> None:
    """Write the services of a server as systemd units into FOLDER, shut into what they need."""
    plan = Plan(
        REPOSITORY,
        user=user,
        port=port,
        allowed=allowed,
        token_file=key_token,
        mail_password=mail_password,
        sms_token=sms_token,
    )
    try:
        written = write(plan, folder)
    except OutOfReach as error:
        raise click.ClickException(str(error)) from error
    for file in written:
        click.echo(file)


@click.command()
def components() -> None:
    """Print what this program is made of: a bill of materials (SBOM, CycloneDX)."""
    click.echo(json.dumps(bill(), indent=1))
