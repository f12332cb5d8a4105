"""What is installed is written down, pinned, checked by hash, and has a reason."""

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OURS = {"dispatch", "matching", "tests"}
PIN = re.compile(r"^([a-z0-9-]+)(?:\[[a-z,-]+\])?==(\S+)", re.MULTILINE)
LISTS = ("requirements", "tests/requirements")


def pins(path: str) -> dict[str, set[str]]:
    """The versions of each distribution in a list."""
    found: dict[str, set[str]] = {}
    for name, version in PIN.findall((ROOT / path).read_text()):
        found.setdefault(name, set()).add(version)
    return found


def imported(folder: Path) -> set[str]:
    """The top-level modules that the files below `folder` import."""
    modules = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import):
                modules.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                modules.add((node.module or "").partition(".")[0])
    return modules - set(sys.stdlib_module_names) - OURS


@pytest.mark.parametrize("name", LISTS)
def test_every_dependency_is_pinned_and_has_a_reason(name: str):
    for line in (ROOT / f"{name}.in").read_text().splitlines():
        if line and not line.startswith("#"):
            assert PIN.match(line), line
            assert line.partition("  # ")[2], line


@pytest.mark.parametrize("name", LISTS)
def test_the_compiled_list_follows_the_written_one(name: str):
    compiled = pins(f"{name}.txt")
    for distribution, versions in pins(f"{name}.in").items():
        assert compiled.get(distribution) == versions, f"compile {name}.in anew"


def test_tests_run_on_the_versions_that_people_run_on():
    run, test = (pins(f"{name}.txt") for name in LISTS)
    for distribution in run.keys() & test.keys():
        assert run[distribution] == test[distribution], distribution


@pytest.mark.parametrize("name", LISTS)
def test_every_package_is_checked_by_hash_and_none_names_a_place(name: str):
    text = (ROOT / f"{name}.txt").read_text()
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    assert all("--hash=sha256:" in block for block in blocks)
    assert "://" not in text
    assert "-url" not in text


@pytest.mark.parametrize(
    ("folder", "lists"),
    [("dispatch", LISTS[:1]), ("matching", LISTS), ("tests", LISTS)],
)
def test_what_the_code_imports_is_asked_for_by_name(folder: str, lists: tuple[str, ...]):
    asked = {name for path in lists for name in pins(f"{path}.in")}
    known = packages_distributions()
    unasked = {
        module
        for module in imported(ROOT / folder)
        if not asked & {name.lower().replace("_", "-") for name in known.get(module, [module])}
    }
    assert not unasked
