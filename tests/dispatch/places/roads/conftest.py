"""What the tests of driving times share: a made-up server, and a data directory with roads."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dispatch.config import Settings
from tests.dispatch.places.roads.edition import use
from tests.dispatch.places.roads.fake import Fake, serving


@pytest.fixture
def fake() -> Iterator[Fake]:
    """A made-up road server on a free port."""
    with serving() as server:
        yield server


@pytest.fixture
def settings_for(tmp_path: Path) -> Callable[..., Settings]:
    """A function from some settings to those of an installation of this test's own."""

    def make(**values: object) -> Settings:
        data = tmp_path / "data"
        data.mkdir(exist_ok=True)
        return Settings(
            data_dir=data,
            database_url="",
            queue_url="",
            master_key_file=tmp_path / "key",
            **values,
        )

    return make


@pytest.fixture
def data_dir(tmp_path: Path, town_roads: Path) -> Path:
    """A data directory in which the small town was imported."""
    use(town_roads, tmp_path / "data", 1)
    return tmp_path / "data"
