"""What the tests of the geocoder share: a tiny town, imported once."""

from pathlib import Path

import pytest

from dispatch.places.gazetteer import importing
from dispatch.places.gazetteer.geocoder import Gazetteer
from dispatch.places.gazetteer.store import Edition
from tests.dispatch.places.gazetteer.town import grand_bend


def silent(_step: str, _share: float | None) -> None:
    """Nobody looks at how far an import is."""


def make(extract: Path, target: Path) -> importing.Report:
    """The geocoder's file from an extract alone."""
    return importing.take_extract(extract, target, silent, old=target.with_name("none.db"))


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The finished file of the tiny town; nobody changes it."""
    folder = tmp_path_factory.mktemp("gazetteer")
    extract = grand_bend().write(folder / "town.osm.pbf")
    make(extract, folder / "gazetteer.db")
    return folder / "gazetteer.db"


@pytest.fixture
def edition(imported: Path) -> Edition:
    """The tiny town, opened."""
    return Edition(imported)


@pytest.fixture
def known(imported: Path) -> Gazetteer:
    """The geocoder of the tiny town."""
    return Gazetteer(imported)
