"""The finished file in use."""

import shutil
import sqlite3
import threading
from contextlib import closing

import pytest

from dispatch.places.gazetteer.store import Edition, Store, path_in


def test_where_nothing_was_imported_there_is_no_edition(tmp_path):
    assert Store(path_in(tmp_path)).edition() is None


@pytest.mark.parametrize("damage", [b"no database", b""])
def test_a_damaged_file_is_as_good_as_none(tmp_path, damage):
    path = tmp_path / "gazetteer.db"
    path.write_bytes(damage)
    assert Store(path).edition() is None


def test_a_file_of_another_format_is_as_good_as_none(imported, tmp_path):
    path = tmp_path / "gazetteer.db"
    shutil.copy(imported, path)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE fact SET value = '0' WHERE name = 'format'")
    assert Store(path).edition() is None


def test_a_newer_file_takes_the_place_of_the_older_one(imported, tmp_path):
    store = Store(tmp_path / "gazetteer.db")
    assert store.edition() is None
    shutil.copy(imported, store.path)
    first = store.edition()
    assert first is store.edition()
    shutil.copy(imported, tmp_path / "newer.db")
    (tmp_path / "newer.db").replace(store.path)
    assert store.edition() is not first


def test_each_thread_has_its_own_connection(imported):
    edition = Edition(imported)
    others = []
    thread = threading.Thread(target=lambda: others.append(edition.database))
    thread.start()
    thread.join()
    assert others != [edition.database]


def test_nothing_can_be_written_through_it(edition):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        edition.database.execute("DELETE FROM address")


def test_what_nobody_searches_in_any_more_is_let_go_of(imported):
    edition = Edition(imported)
    database = edition.database
    del edition
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        database.execute("SELECT 1")
