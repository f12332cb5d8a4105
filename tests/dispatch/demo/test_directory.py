"""The directory of a demo: recognised by its marker, and nothing else is ever erased."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatch.demo.directory import AlreadyRunning, DemoDirectory, NotADemo

MADE = datetime(2027, 3, 8, 17, 0, tzinfo=UTC)
ADDRESS = "http://127.0.0.1:8000"


def a_whole_demo(path: Path) -> DemoDirectory:
    directory = DemoDirectory(path)
    with directory.in_use(ADDRESS):
        directory.begin()
        (path / "dispatch.db").write_text("the town")
        directory.finish(MADE)
    return directory


def test_a_whole_demo_remembers_when_it_was_made(tmp_path):
    assert a_whole_demo(tmp_path / "demo").made_at() == MADE


def test_a_broken_start_is_no_whole_demo(tmp_path):
    directory = DemoDirectory(tmp_path / "demo")
    with directory.in_use(ADDRESS):
        directory.begin()
    assert directory.made_at() is None


def test_beginning_again_empties_a_demo(tmp_path):
    directory = a_whole_demo(tmp_path / "demo")
    with directory.in_use(ADDRESS):
        directory.begin()
    assert not (tmp_path / "demo" / "dispatch.db").exists()
    assert directory.made_at() is None


def test_a_directory_that_is_no_demo_is_left_alone(tmp_path):
    (tmp_path / "main").mkdir()
    (tmp_path / "main" / "dispatch.db").write_text("families")
    with pytest.raises(NotADemo, match="--data-dir"), DemoDirectory(tmp_path / "main").in_use(""):
        pytest.fail("this directory is somebody's")
    assert [path.name for path in (tmp_path / "main").iterdir()] == ["dispatch.db"]


def test_a_link_inside_a_demo_does_not_lead_the_erasing_out_of_it(tmp_path):
    directory = a_whole_demo(tmp_path / "demo")
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "letter").write_text("…")
    (tmp_path / "demo" / "link").symlink_to(tmp_path / "precious")
    with directory.in_use(ADDRESS):
        directory.begin()
    assert (tmp_path / "precious" / "letter").exists()


def test_a_second_demo_learns_where_the_first_one_is(tmp_path):
    directory = a_whole_demo(tmp_path / "demo")
    with (
        directory.in_use(ADDRESS),
        pytest.raises(AlreadyRunning, match=ADDRESS),
        DemoDirectory(tmp_path / "demo").in_use("http://127.0.0.1:8001"),
    ):
        pytest.fail("two demos in one directory")
    with directory.in_use(ADDRESS):
        assert directory.made_at() == MADE
