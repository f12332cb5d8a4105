"""The map of the demo: drawn, then taken in by the command that takes in every map."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from dispatch import installation
from dispatch.config import REPOSITORY
from dispatch.demo import extract

_FILE, _LOG = "alder-bay.osm.pbf", "map.log"


@contextmanager
def being_imported(data_dir: Path, environ: Mapping[str, str]) -> Iterator[None]:
    """Import the town's map beside what the block does; both are done at its end.

    Without a map the demo works too: what went wrong is said.
    """
    log = data_dir / _LOG
    command = installation.importing_command(extract.write(data_dir / _FILE))
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 -- our own program
            command,
            cwd=REPOSITORY,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield
            if process.wait():
                click.echo(f"The map of the town was not imported. Why: {log}", err=True)
        finally:
            process.kill()
            process.wait()
