"""The map of the demo: drawn, then taken in by the command that takes in every map."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import click

from dispatch import installation
from dispatch.config import REPOSITORY, Settings
from dispatch.demo import processes
from dispatch.places.roads import ByRoad, Roads

_FILE = "alder-bay.osm.pbf"


@contextmanager
def roads_of(settings: Settings, environ: Mapping[str, str]) -> Iterator[Callable[[], Roads]]:
    """Import the town's map beside what the block does; its roads, once somebody asks for them.

    Without a map the demo works too, with estimated times: what went wrong is said.
    """
    from dispatch.demo import extract  # what writes maps, no other command needs

    command = installation.importing_command(extract.write(settings.data_dir / _FILE))
    by_road = ByRoad(settings)
    with processes.running(
        {"map": command}, environ=environ, folder=REPOSITORY, logs=settings.data_dir
    ) as (importing,):

        def ready() -> Roads:
            if importing.process.wait():
                why = f"The map of the town was not imported. Why: {importing.log}"
                click.echo(why, err=True)
            return by_road

        try:
            yield ready
        finally:
            by_road.end()
