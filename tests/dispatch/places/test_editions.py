"""Editions of the map: whole or not at all."""

import stat

import pytest

from dispatch.places import editions
from dispatch.places.editions import BadImport


def edition_of(data_dir, words):
    with editions.making(data_dir) as fresh:
        (fresh / "begun").touch()
        (fresh / "words").write_text(words)


def folders(data_dir):
    return sorted(path.name for path in (data_dir / "places").iterdir())


def test_before_the_first_import_there_is_none(tmp_path):
    assert not editions.current(tmp_path).exists()


def test_what_was_made_is_in_use_at_the_end_and_not_before(tmp_path):
    edition_of(tmp_path, "old")
    with editions.making(tmp_path) as fresh:
        (fresh / "words").write_text("new")
        assert (editions.current(tmp_path) / "words").read_text() == "old"
    assert (editions.current(tmp_path) / "words").read_text() == "new"


def test_what_fails_leaves_the_old_edition_and_nothing_else(tmp_path):
    edition_of(tmp_path, "old")
    before = folders(tmp_path)
    with pytest.raises(TypeError):
        edition_of(tmp_path, None)
    assert folders(tmp_path) == before
    assert (editions.current(tmp_path) / "words").read_text() == "old"


def test_the_edition_before_is_kept_for_whoever_reads_it_still(tmp_path):
    for words in ("one", "two", "three"):
        edition_of(tmp_path, words)
    assert folders(tmp_path) == ["current", "edition-2", "edition-3", "import.lock"]


def test_what_a_killed_import_left_is_removed_by_the_next(tmp_path):
    edition_of(tmp_path, "one")
    (tmp_path / "places" / "edition-2").mkdir()
    (tmp_path / "places" / "edition-2" / "half").touch()
    edition_of(tmp_path, "two")
    assert [path.name for path in editions.current(tmp_path).iterdir() if path.name == "half"] == []


def test_a_second_import_at_the_same_time_is_refused(tmp_path):
    with editions.making(tmp_path) as fresh:
        (fresh / "words").touch()
        with pytest.raises(BadImport, match="under way"):
            edition_of(tmp_path, "second")
    assert (editions.current(tmp_path) / "words").read_text() == ""


def test_only_the_owner_may_read_what_was_made(tmp_path):
    with editions.making(tmp_path) as fresh:
        (fresh / "roads").mkdir(mode=0o755)
        (fresh / "roads" / "file").touch(mode=0o644)
    assert stat.S_IMODE((tmp_path / "places").stat().st_mode) == 0o700
    made = editions.current(tmp_path).resolve()
    assert stat.S_IMODE((made / "roads").stat().st_mode) == 0o700
    assert stat.S_IMODE((made / "roads" / "file").stat().st_mode) == 0o600
