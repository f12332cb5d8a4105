"""Which file the pages draw from, before, during and after an import."""

import os
import shutil
from pathlib import Path

import pytest

from dispatch.places import editions
from dispatch.places.basemap import serving


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    """A data directory in which nothing was imported."""
    return tmp_path / "data"


def put(tiles: Path, data_dir: Path, *, changed: int) -> None:
    """An edition whose base map is a copy of `tiles`, in use from now on."""
    with editions.making(data_dir) as fresh:
        shutil.copy(tiles, fresh / serving.FILE)
        os.utime(fresh / serving.FILE, (changed, changed))


def test_before_an_import_there_is_none(data_dir: Path):
    assert serving.in_use(data_dir) is None
    assert serving.find(data_dir, "") is None


def test_an_import_without_a_base_map_leaves_none(data_dir: Path):
    with editions.making(data_dir):
        pass
    assert serving.in_use(data_dir) is None


def test_an_imported_one_is_in_use(tiles: Path, data_dir: Path):
    put(tiles, data_dir, changed=1)
    found = serving.in_use(data_dir)
    assert found.path.read_bytes() == tiles.read_bytes()
    assert found.zoom == 15
    assert serving.find(data_dir, found.edition) == found


@pytest.mark.parametrize("kept", [0, 500])
def test_an_empty_or_damaged_one_is_none(tiles: Path, data_dir: Path, kept: int):
    os.truncate(tiles, kept)
    put(tiles, data_dir, changed=1)
    assert serving.in_use(data_dir) is None


def test_a_newer_one_is_used_at_once(tiles: Path, data_dir: Path):
    put(tiles, data_dir, changed=1)
    first = serving.in_use(data_dir)
    put(tiles, data_dir, changed=2)
    second = serving.in_use(data_dir)
    assert second.edition != first.edition


def test_an_open_page_goes_on_with_its_own_until_the_import_after_next(tiles: Path, data_dir: Path):
    put(tiles, data_dir, changed=1)
    first = serving.in_use(data_dir)
    put(tiles, data_dir, changed=2)
    assert serving.find(data_dir, first.edition).path == first.path
    put(tiles, data_dir, changed=3)
    assert serving.find(data_dir, first.edition) is None
