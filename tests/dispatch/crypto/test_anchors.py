"""The file outside: it only grows, and nobody else can write in it."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatch.crypto.anchors import Anchor, Anchors, Kind

AT = datetime(2027, 3, 8, 17, 0, tzinfo=UTC)
LOG = Anchor(Kind.LOG, AT, position=7, mark=b"s" * 32)
GONE = Anchor(Kind.DESTROYED, AT, mark=b"m" * 16)


@pytest.fixture
def anchors(tmp_path: Path) -> Anchors:
    return Anchors(tmp_path / "far" / "outside" / "anchors", lambda: b"k" * 32)


def test_what_was_written_is_read_in_its_order(anchors: Anchors):
    assert anchors.read() == []
    anchors.add(LOG)
    anchors.add(GONE, LOG)
    assert anchors.read() == [LOG, GONE, LOG]
    assert len(anchors.contents().split(b"\n")) == 4
    assert anchors.marks() == {b"m" * 16}
    assert anchors.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("position", 8),
        ("mark", "00" * 32),
        ("at", "2027-03-08T17:00:01+00:00"),
        ("kind", "restored"),
        ("proof", "00" * 32),
    ],
)
def test_a_changed_line_proves_nothing(anchors: Anchors, name: str, value: object):
    anchors.add(LOG)
    told = {**json.loads(anchors.path.read_text()), name: value}
    anchors.path.write_text(json.dumps(told) + "\n")
    assert anchors.read() == []
    assert anchors.untrue() == 1


def test_a_stranger_cannot_add_a_line(anchors: Anchors):
    anchors.add(LOG)
    Anchors(anchors.path, lambda: b"guessed").add(GONE)
    assert anchors.read() == [LOG]
    assert anchors.marks() == set()
    assert anchors.untrue() == 1


@pytest.mark.parametrize("torn", [b"nonsense", b'{"kind": "log"}', b"[]", b"\xff\xfe"])
def test_a_line_that_a_crash_left_unfinished_spoils_no_other(anchors: Anchors, torn: bytes):
    anchors.add(LOG)
    with anchors.path.open("ab") as file:
        file.write(torn)
    anchors.add(GONE)
    assert anchors.read() == [LOG, GONE]


def test_a_copy_from_a_backup_adds_what_is_missing(anchors: Anchors):
    anchors.add(LOG)
    copied = anchors.contents()
    anchors.path.unlink()
    anchors.add(GONE)
    anchors.take_in(copied)
    anchors.take_in(copied)
    assert anchors.read() == [GONE, LOG]


def test_eight_threads_write_whole_lines(anchors: Anchors):
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _number: anchors.add(LOG), range(80)))
    assert len(anchors.read()) == 80
    assert anchors.untrue() == 0


def test_a_line_is_written_as_it_always_was(anchors: Anchors):
    """Copies of the file lie in backups: what proves a line today has to prove it in years."""
    anchors.add(LOG)
    assert json.loads(anchors.path.read_text()) == {
        "kind": "log",
        "at": "2027-03-08T17:00:00+00:00",
        "position": 7,
        "mark": "73" * 32,
        "proof": "fcce47ce7c1be95bb231c6db12d637b504c6c52756a92fa407695430f3fed498",
    }


def test_the_newest_line_about_the_log_is_the_last_one(anchors: Anchors):
    assert anchors.newest_of_log() is None
    anchors.add(LOG)
    assert anchors.newest_of_log() == LOG
    longer, put_back = replace(LOG, position=9), replace(LOG, kind=Kind.RESTORED, position=8)
    anchors.add(longer, GONE)
    assert anchors.newest_of_log() == longer
    anchors.add(put_back, GONE)
    assert anchors.newest_of_log() == put_back


def test_the_newest_line_about_the_log_is_found_behind_many_destroyed_keys(anchors: Anchors):
    anchors.add(LOG, *[GONE] * 200)
    assert anchors.newest_of_log() == LOG


@pytest.mark.parametrize("before", [0, 200])
def test_only_the_end_of_the_file_is_read(
    anchors: Anchors, monkeypatch: pytest.MonkeyPatch, before: int
):
    longer = replace(LOG, position=9)
    anchors.add(*[GONE] * before, longer)

    def whole() -> bytes:
        raise AssertionError("the whole file was read")

    monkeypatch.setattr(anchors, "contents", whole)
    assert anchors.newest_of_log() == longer


def test_a_file_that_is_not_there_yet_is_empty(anchors: Anchors):
    assert anchors.contents() == b""
    anchors.take_in(b"\n")
    assert not anchors.path.exists()


def test_of_a_copy_each_line_is_taken_once_and_stands_for_itself(anchors: Anchors):
    anchors.add(LOG, GONE)
    copied = anchors.contents()
    anchors.path.unlink()
    anchors.take_in(copied.replace(b"\n", b"\n\n"))
    anchors.take_in(copied)
    assert anchors.contents() == copied
