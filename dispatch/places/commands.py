"""The commands about the map: take one in, and ask it."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dispatch import config
from dispatch.places.editions import BadImport
from dispatch.places.gazetteer.found import Found
from dispatch.places.progress import Progress
from dispatch.places.roads.commands import times

if TYPE_CHECKING:
    from dispatch.places.gazetteer.geocoder import Gazetteer

_DATA = click.option(
    "--data-dir",
    type=click.Path(file_okay=False),
    help="Where the data live; DISPATCH_DATA if not given, else .data/main beside the program.",
)


@click.group()
def places() -> None:
    """The map and the addresses that are searched on this machine."""


places.add_command(times)


def take_in(file: Path, settings: config.Settings) -> None:
    """Import a map, with its progress on the terminal, and say what came of it.

    Raises
        click.ClickException: nothing can be made of the file; says why.
    """
    # What reads maps loads slowly: not before there is one to read.
    from dispatch.places import importing

    progress = Progress(sys.stderr)
    try:
        said = importing.import_file(
            file,
            settings.data_dir,
            progress.told,
            importing.products_with(settings.osrm_bin),
            least=settings.cell_addresses,
        )
    except BadImport as error:
        raise click.ClickException(str(error)) from error
    finally:
        progress.ended()
    click.echo("\n".join(said))


@places.command()
@_DATA
@click.option("--json", "as_json", is_flag=True, help="For another program.")
@click.option("--limit", default=5, show_default=True, help="Most candidates of one text.")
@click.argument("text", nargs=-1, required=True)
def find(data_dir: str | None, as_json: bool, limit: int, text: tuple[str, ...]) -> None:
    """Say what an address, a crossing or a name may mean, best first; asks nobody else.

    With - for TEXT, one text a line from standard input; with --json then one list a line.
    """
    known = _known_places(data_dir)
    texts = sys.stdin if text == ("-",) else [" ".join(text)]
    for line in texts:
        found = known.find(line, limit)
        if as_json:
            click.echo(json.dumps([_facts(one) for one in found], ensure_ascii=False))
        else:
            click.echo("\n".join(_line(one) for one in found) or "Nothing is like it.")


@places.command()
@_DATA
@click.option("--json", "as_json", is_flag=True, help="For another program.")
@click.argument("latitude", type=float)
@click.argument("longitude", type=float)
def reverse(data_dir: str | None, as_json: bool, latitude: float, longitude: float) -> None:
    """Say the known address nearest to a point. Before a negative number write --."""
    found = _known_places(data_dir).nearest((latitude, longitude))
    if as_json:
        click.echo(json.dumps(_facts(found) if found else None, ensure_ascii=False))
    else:
        click.echo(_line(found) if found else "No known address is near.")


def _known_places(data_dir: str | None) -> "Gazetteer":
    from dispatch.places.gazetteer.geocoder import in_folder

    known = in_folder(config.load(data_dir).data_dir)
    if not known.is_there:
        raise click.ClickException(
            "No map was imported. Run: python3 -m dispatch places import FILE"
        )
    return known


def _facts(found: Found) -> dict[str, object]:
    lat, lon = found.point
    return {
        "label": found.label,
        "lat": lat,
        "lon": lon,
        "kind": found.kind.value,
        "corrected": found.is_corrected,
        "doubtful": found.is_doubtful,
        "unit": found.unit,
    }


def _line(found: Found) -> str:
    lat, lon = found.point
    slip = "  (written otherwise)" if found.is_corrected else ""
    return f"{found.kind.value:<12}  {lat:.6f} {lon:.6f}  {found.label}{slip}"
