"""The file outside: it only grows, and nobody else can write in it."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dispatch.crypto.anchors import Anchor, Anchors, Kind

AT = datetime(2027, 3, 8, 17, 0, tzinfo=UTC)
LOG = Anchor(Kind.LOG, AT, position=7, mark=b"s" * 32)
GONE = Anchor(Kind.DESTROYED, AT, mark=b"m" * 16)


@pytest.fixture
def anchors(tmp_path: Path) -> Anchors:
    return Anchors(tmp_path / "outside" / "anchors", lambda: b"k" * 32)


def test_what_was_written_is_read_in_its_order(anchors: Anchors):
    assert anchors.read() == []
    anchors.add(LOG)
    anchors.add(GONE, LOG)
    assert anchors.read() == [LOG, GONE, LOG]
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
