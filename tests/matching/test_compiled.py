"""Machine code lies in a folder named after the sources it is made of."""

import shutil
from pathlib import Path

import pytest

import matching
from matching import compiled

SOURCES = {
    "search.py": "from matching.compiled import kernel\nfrom matching.net.far import FAR\n",
    "far.py": "FAR = 1\n",
    "solver.py": "WORDS = 'for people'\n",
}


@pytest.fixture
def package(tmp_path):
    """A package with a kernel, a constant that it uses, and a module of plain Python."""
    for name, text in SOURCES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def folder(package):
    """The folder as a new process would name it."""
    return compiled._folder.__wrapped__(package)


@pytest.mark.parametrize(
    ("name", "matters"), [("search.py", True), ("far.py", True), ("solver.py", False)]
)
def test_only_what_kernels_are_made_of_asks_for_a_new_compilation(package, name, matters):
    before = folder(package)
    (package / name).write_text(SOURCES[name] + "MORE = 2\n")
    assert (folder(package) != before) == matters


def test_older_machine_code_is_forgotten_and_the_present_kept(package):
    present, other = folder(package), package / "__pycache__" / "kept"
    older = present.parent / "machine-code-0123456789abcdef"
    for one in (present, older, other):
        one.mkdir(parents=True)
    compiled.forget_older(package)
    assert present.is_dir()
    assert other.is_dir()
    assert not older.exists()


def test_a_package_that_cannot_be_written_keeps_its_code_elsewhere(package, monkeypatch):
    monkeypatch.setattr(compiled.os, "access", lambda *_: False)
    assert package not in folder(package).parents


def test_a_service_keeps_its_code_in_the_folder_that_outlives_it(package, monkeypatch, tmp_path):
    monkeypatch.setattr(compiled.os, "access", lambda *_: False)
    monkeypatch.setenv("CACHE_DIRECTORY", str(tmp_path / "kept"))
    assert tmp_path / "kept" in folder(package).parents


@pytest.mark.parametrize("solver", ["solo", "pooled"])
def test_what_kernels_import_from_beside_them_counts_too(solver, tmp_path):
    package = Path(matching.__file__).parent / solver
    shutil.copytree(package, tmp_path / solver, ignore=shutil.ignore_patterns("__pycache__"))
    before = folder(tmp_path / solver)
    network = tmp_path / solver / "network.py"
    network.write_text(network.read_text() + "# another line\n")
    assert folder(tmp_path / solver) != before
