"""Taking in a map: what is built from one file, all of it put to use together or none."""

import os
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from dispatch.places import editions, grid
from dispatch.places.editions import BadImport, NotBuilt, Told
from dispatch.places.gazetteer import importing as gazetteer
from dispatch.places.gazetteer.store import FILE as GAZETTEER
from dispatch.places.progress import Together

Build = Callable[[Path, Path, Told], list[str]]
"""Makes one product: from a file, at a path; what to say of it on the terminal.

Raises `NotBuilt` where the product cannot be made and the rest of the import can go on.
"""

_SHEETS = (".csv", ".tsv", ".txt")


def products_with(osrm_bin: Path | None = None) -> Mapping[str, Build]:
    """What is built from an extract besides the geocoder's file, by its name in an edition.

    `osrm_bin` is the folder of the road engine's programs, where these are not its wheel's.
    """
    # What these load, no other command needs.
    from dispatch.places.basemap import building as basemap
    from dispatch.places.roads import building as roads

    return {"roads": partial(roads.build, osrm_bin=osrm_bin), "map.pmtiles": basemap.build}


def import_file(
    source: Path,
    data_dir: Path,
    told: Told,
    products: Mapping[str, Build],
    *,
    least: int = grid.LEAST,
) -> list[str]:
    """Make a new edition of the map from `source` and put it to use; the sentences to say of it.

    An OpenStreetMap extract replaces everything that earlier extracts brought, and leaves the
    addresses of address files. An address file is added to the geocoder, and leaves the rest.
    Either way the cells are made anew, with at least so many known addresses in each.

    Raises
        BadImport: nothing can be made of `source`; the old edition stays in use.
    """
    if not source.is_file():
        raise BadImport(f"There is no file {source}.")
    with editions.making(data_dir) as fresh:
        old = editions.current(data_dir)
        is_sheet = source.suffix.lower() in _SHEETS
        build = gazetteer.add_sheet if is_sheet else gazetteer.take_extract
        said = build(source, fresh / GAZETTEER, told, old=old / GAZETTEER).lines()
        said.append(grid.write(fresh / GAZETTEER, least))
        if is_sheet:
            _carry_over(old, fresh, products)
            return said
        return said + _made(source, fresh, told, products)


def _made(source: Path, fresh: Path, told: Told, products: Mapping[str, Build]) -> list[str]:
    """Make the other products beside each other; what to say of them, in their order."""
    together = Together(told)

    def make(name: str) -> list[str]:
        try:
            with together.part() as told_part:
                return products[name](source, fresh / name, told_part)
        except NotBuilt as why:
            _remove(fresh / name)
            return [str(why)]

    with ThreadPoolExecutor(max_workers=max(1, len(products))) as pool:
        return [line for lines in pool.map(make, products) for line in lines]


def _carry_over(old: Path, fresh: Path, products: Mapping[str, Build]) -> None:
    """Let the products of `old` stand in `fresh` too: the same files, under two names."""
    for name in products:
        if (old / name).is_dir():
            shutil.copytree(old / name, fresh / name, copy_function=os.link)
        elif (old / name).exists():
            os.link(old / name, fresh / name)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
