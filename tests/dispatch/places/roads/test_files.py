"""The files of the road engine in an edition."""

import os

from dispatch.places.roads.files import files_in


def an_edition(folder):
    folder.mkdir()
    (folder / "roads.osrm.properties").write_text("made")
    return folder


def test_without_files_there_are_none(tmp_path):
    assert files_in(tmp_path / "nowhere") is None
    assert files_in(tmp_path) is None


def test_the_link_is_followed_so_that_a_later_change_of_it_does_no_harm(tmp_path):
    real = an_edition(tmp_path / "edition-1")
    (tmp_path / "current").symlink_to("edition-1")
    assert files_in(tmp_path / "current").base == real / "roads.osrm"


def test_another_import_has_another_mark(tmp_path):
    one, other = (files_in(an_edition(tmp_path / name)) for name in ("one", "other"))
    assert one != other


def test_the_same_files_under_another_name_are_the_same(tmp_path):
    one = an_edition(tmp_path / "one")
    (tmp_path / "other").mkdir()
    os.link(one / "roads.osrm.properties", tmp_path / "other" / "roads.osrm.properties")
    assert files_in(one) == files_in(tmp_path / "other")
