"""What others wrote and we ship is what was reviewed: every file is listed with its hash."""

import base64
import hashlib
import json
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLACES = [ROOT / "static" / "vendor", ROOT / "tests" / "browser" / "vendor"]
LIST = "vendor.json"


def _sha384(path: Path) -> str:
    return base64.b64encode(hashlib.sha384(path.read_bytes()).digest()).decode()


def _faults(place: Path) -> set[str]:
    """What differs between the list of `place` and the files that lie there."""
    listed = {
        name: digest
        for library in json.loads((place / LIST).read_text())
        for name, digest in library["files"].items()
    }
    present = {
        str(path.relative_to(place)): path
        for path in place.rglob("*")
        if path.is_file() and path != place / LIST
    }
    return (
        {f"missing: {name}" for name in listed.keys() - present.keys()}
        | {f"not listed: {name}" for name in present.keys() - listed.keys()}
        | {
            f"changed: {name}"
            for name in listed.keys() & present.keys()
            if _sha384(present[name]) != listed[name]
        }
    )


@pytest.mark.parametrize("place", PLACES, ids=lambda place: str(place.relative_to(ROOT)))
def test_every_vendored_file_is_listed_and_unchanged(place):
    assert _faults(place) == set()


@pytest.mark.parametrize("place", PLACES, ids=lambda place: str(place.relative_to(ROOT)))
def test_every_vendored_library_names_its_version_and_brings_its_licence(place):
    libraries = json.loads((place / LIST).read_text())

    assert libraries
    for library in libraries:
        folder = f"{library['name']}-{library['version']}"
        assert library["licence"]
        assert f"{folder}/LICENSE" in library["files"]
        assert all(name.startswith(f"{folder}/") for name in library["files"])


def test_a_changed_an_added_and_a_lost_file_are_noticed(tmp_path):
    place = shutil.copytree(PLACES[0], tmp_path / "vendor")
    (place / "htmx-2.0.11" / "htmx.min.js").write_text("changed")
    (place / "leaflet-1.9.4" / "extra.js").write_text("added")
    (place / "sortable-1.15.7" / "LICENSE").unlink()

    assert _faults(place) == {
        "changed: htmx-2.0.11/htmx.min.js",
        "not listed: leaflet-1.9.4/extra.js",
        "missing: sortable-1.15.7/LICENSE",
    }
