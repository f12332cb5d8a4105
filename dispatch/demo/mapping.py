"""The map of the demo: drawn, then taken in by the command that takes in every map."""

import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import click

from dispatch import installation
from dispatch.config import REPOSITORY, Settings
from dispatch.places.roads import ByRoad, Roads

_FILE, _LOG = "alder-bay.osm.pbf", "map.log"


@contextmanager
def roads_of(settings: Settings, environ: Mapping[str, str]) -> Iterator[Callable[[], Roads]]:
    """Import the town's map beside what the block does; its roads, once somebody asks for them.

    Without a map the demo works too, with estimated times: what went wrong is said.
    """
    from dispatch.demo import extract  # what writes maps, no other command needs

    log = settings.data_dir / _LOG
    command = installation.importing_command(extract.write(settings.data_dir / _FILE))
    by_road = ByRoad(settings)
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 -- our own program
            command,
            cwd=REPOSITORY,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )

        def ready() -> Roads:
            if process.wait():
                click.echo(f"The map of the town was not imported. Why: {log}", err=True)
            return by_road

        try:
            yield ready
        finally:
            by_road.end()
            process.kill()
            process.wait()
