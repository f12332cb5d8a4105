"""Tests mirror the code: each module of a room has its test at the same path."""

from pathlib import Path

import pytest

from tests.house import sources
from tests.house.sources import ROOT, Module

NEEDS_NONE = {
    "models": "tables: the guards of the database and the services test them",
    "facts": "values without behaviour",
    "__init__": "what a room is about, in a sentence",
    "room": "a blueprint, for the views to hang on",
    "blueprint": "a blueprint, for the views to hang on",
}
"""Names of modules that no test mirrors, with the reason."""
TESTED_ELSEWHERE = {
    "dispatch/__main__.py": "the set-up, by starting it",
    "dispatch/wsgi.py": "the house, by loading it in a process of its own",
    "dispatch/schema.py": "the house, by the class of every column",
    "dispatch/app.py": "the house, by every address it has",
    "dispatch/people/guard.py": "the matrix of addresses and people",
    "dispatch/people/link.py": "the pages that show a link",
    "dispatch/i18n/__main__.py": "the catalogues that it updates and compiles",
}
"""Modules that another test covers whole, with what it is."""

MIRRORS_MORE = {
    "tests/dispatch/db/test_guards.py": "what a migration adds beside the tables",
    "tests/dispatch/planning/views/test_cancelling.py": "a ride cancelled, across all pages",
    "tests/dispatch/imports/reading/test_real_week.py": "all readers together, on a real week",
}
"""Tests of no single module, with what they are about."""


def mirrored(module: Module) -> Path:
    """Where the test of `module` stands."""
    path = module.path.relative_to(ROOT)
    return ROOT / "tests" / path.parent / f"test_{path.name}"


def gaps(module: Module) -> list[str]:
    """`module`, if nothing tests it: neither a file nor a folder nor one for its whole room."""
    name = module.path.stem
    test = mirrored(module)
    whole = test.parent.parent / f"test_{test.parent.name}.py"
    if name in NEEDS_NONE or module.where in TESTED_ELSEWHERE or "migrations" in module.where:
        return []
    split = test.parent / name
    is_there = test.is_file() or any(split.glob("test_*.py")) or whole.is_file()
    return [] if is_there else [module.where]


@pytest.mark.parametrize("package", ["dispatch"])
def test_every_module_has_its_test(package: str):
    missing = [gap for module in sources.modules(package) for gap in gaps(module)]
    assert not missing, "\n".join(missing)


def test_every_mirrored_test_has_its_module():
    homeless = []
    for test in sorted((ROOT / "tests" / "dispatch").rglob("test_*.py")):
        code = ROOT / test.relative_to(ROOT / "tests").parent / test.name.removeprefix("test_")
        if not (code.is_file() or code.with_suffix("").is_dir()):
            homeless.append(str(test.relative_to(ROOT)))
    assert set(homeless) == set(MIRRORS_MORE)


def test_a_module_without_a_test_is_found():
    planted = ROOT / "dispatch" / "rides" / "planted.py"
    assert gaps(Module("dispatch.rides.planted", planted, "", None)) == [
        "dispatch/rides/planted.py"
    ]


def test_every_exception_is_still_there():
    assert [path for path in TESTED_ELSEWHERE if not (ROOT / path).is_file()] == []
