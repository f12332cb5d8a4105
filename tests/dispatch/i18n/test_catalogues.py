"""Gathering what is said, keeping what was translated, compiling what changed."""

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from dispatch.i18n import __main__ as command
from dispatch.i18n import catalogues


def saying(*messages: str) -> Catalog:
    """A program that says these sentences."""
    said = Catalog()
    for message in messages:
        said.add(message)
    return said


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the catalogues of this test lie."""
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    return tmp_path


def test_sentences_of_python_and_of_templates_are_gathered():
    said = catalogues.gather()
    where = {path for message in said for path, _line in message.locations}
    assert any(path.startswith("dispatch/") for path in where)
    assert any(path.startswith("templates/") for path in where)
    assert "Saved." in said


def test_a_sentence_that_stayed_keeps_its_translation(folder: Path, monkeypatch):
    monkeypatch.setattr(catalogues, "gather", lambda: saying("Saved.", "Old."))
    [source] = catalogues.update_catalogues(["es"])
    source.write_text(
        source.read_text().replace('"Saved."\nmsgstr ""', '"Saved."\nmsgstr "Hecho."')
    )
    monkeypatch.setattr(catalogues, "gather", lambda: saying("Saved.", "Saved now."))
    assert catalogues.update_catalogues() == [source]
    kept = {message.id: message.string for message in catalogues.read(source) if message.id}
    assert kept == {"Saved.": "Hecho.", "Saved now.": ""}
    assert "Old." not in source.read_text()


def test_updating_twice_changes_nothing(folder: Path, monkeypatch):
    monkeypatch.setattr(catalogues, "gather", lambda: saying("Saved."))
    [source] = catalogues.update_catalogues(["es"])
    before = source.read_bytes()
    catalogues.update_catalogues()
    assert source.read_bytes() == before
    assert b"FULL NAME" not in before


def test_only_what_changed_is_compiled(folder: Path, monkeypatch):
    monkeypatch.setattr(catalogues, "gather", lambda: saying("Saved."))
    catalogues.update_catalogues(["es", "so"])
    assert catalogues.compile_catalogues() == 2
    assert catalogues.compile_catalogues() == 0
    assert sorted(path.suffix for path in folder.rglob("messages.*")) == [
        ".mo",
        ".mo",
        ".po",
        ".po",
    ]


def test_the_command_begins_a_language_and_compiles(folder: Path, monkeypatch):
    monkeypatch.setattr(catalogues, "gather", lambda: saying("Saved."))
    assert command.main(["update", "es"]) == 0
    assert command.main(["compile"]) == 0
    assert (folder / "es" / "LC_MESSAGES" / "messages.mo").is_file()


def test_anything_else_is_told_how(folder: Path):
    with pytest.raises(SystemExit, match="usage"):
        command.main(["translate"])
