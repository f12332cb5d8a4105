"""What several commands take."""

import click

DATA = click.option(
    "--data-dir",
    type=click.Path(file_okay=False),
    help="Where the data live; DISPATCH_DATA if not given, else .data/main beside the program.",
)
