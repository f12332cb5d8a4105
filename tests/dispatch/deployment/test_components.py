"""The bill of materials: readable to tools, and neither more nor less than what is installed."""

import json
import re
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from dispatch.config import REPOSITORY
from dispatch.deployment import components

LIST = "requirements.txt"


def complaints(text: str) -> object | None:
    """What the standard's schema has against `text`."""
    return JsonStrictValidator(SchemaVersion.V1_6).validate_str(text)


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    """A program with one pinned package and nothing vendored."""
    (tmp_path / "static" / "vendor").mkdir(parents=True)
    (tmp_path / "static" / "vendor" / "vendor.json").write_text("[]")
    pinned = 'Planted[all]==1.2 ; python_version >= "3.12" \\\n    --hash=sha256:'
    (tmp_path / LIST).write_text(f"{pinned}{'a1' * 32} \\\n    --hash=sha256:{'b2' * 32}\n")
    return tmp_path


def test_the_standard_accepts_it_and_would_not_accept_anything():
    told = json.dumps(components.bill())
    assert complaints(told) is None
    assert complaints(told.replace('"library"', '"thing"')) is not None


def test_every_pinned_package_is_in_it_with_hashes():
    pinned = (REPOSITORY / LIST).read_text()
    lines = re.findall(r"^([A-Za-z0-9][^=\[\s]*)(?:\[.*?\])?==(\S+)", pinned, re.MULTILINE)
    told = [one for one in components.bill()["components"] if one["purl"].startswith("pkg:pypi/")]
    assert [(one["name"], one["version"]) for one in told] == lines
    assert sum(len(one["hashes"]) for one in told) == pinned.count("--hash=sha256:")
    assert min(len(one["hashes"]) for one in told) > 0


def test_what_browsers_are_given_is_in_it_file_by_file():
    told = [one for one in components.bill()["components"] if one["purl"].startswith("pkg:npm/")]
    listed = {file["name"] for one in told for file in one["components"]}
    folder = REPOSITORY / "static" / "vendor"
    there = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    assert listed == there - {"vendor.json"}


def test_a_package_names_where_alone_it_is_installed(planted: Path):
    (told,) = components.bill(planted)["components"]
    assert (told["name"], told["version"]) == ("Planted", "1.2")
    assert told["properties"][0]["value"] == 'python_version >= "3.12"'
    assert [one["content"][:4] for one in told["hashes"]] == ["a1a1", "b2b2"]
