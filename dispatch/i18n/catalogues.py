"""The catalogues: what the program says is gathered from its sources, and each made binary.

    python -m dispatch.i18n update    after a sentence was added, changed or dropped
    python -m dispatch.i18n compile   the binary catalogues, for where the program cannot write

`update es` also begins a language that there is not. Sentences are then translated in
`translations/<language>/LC_MESSAGES/messages.po`, by hand or with any editor for such files.
"""

import io
from collections.abc import Iterable
from pathlib import Path

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "dispatch" / "translations"
SOURCE = "en"
"""The language of the sources: it needs no catalogue."""
_SAID_IN = {"dispatch": [("**.py", "python")], "templates": [("**", "jinja2")]}
_KEYWORDS = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2)}
_WIDTH = 100
_FILLERS = ('"Report-Msgid-Bugs-To:', '"PO-Revision-', '"Last-Translator:', '"Language-Team:')
"""Lines of a catalogue's head that would name nobody."""


def sources() -> list[Path]:
    """The catalogue of every translated language."""
    return sorted(FOLDER.glob("*/LC_MESSAGES/messages.po"))


def gather() -> Catalog:
    """Every sentence that the program can say, with the files that say it.

    Raises
        TemplateSyntaxError: a template that cannot be read would be passed over otherwise.
    """
    said = Catalog(project="Dispatch", fuzzy=False)
    for folder, methods in _SAID_IN.items():
        found = extract_from_dir(
            ROOT / folder,
            methods,
            options_map={"**": {"silent": "false"}},
            keywords=_KEYWORDS,
        )
        for file, _line, message, comments, context in found:
            where = [(f"{folder}/{file}", None)]
            said.add(message, locations=where, auto_comments=comments, context=context)
    return said


def read(source: Path) -> Catalog:
    """The catalogue in the file `source`."""
    with source.open("rb") as file:
        return pofile.read_po(file, locale=source.parent.parent.name, domain="messages")


def update_catalogues(languages: Iterable[str] = ()) -> list[Path]:
    """Bring every catalogue to what is said now, and begin one for each new one of `languages`.

    Translations of sentences that stayed are kept; a changed sentence has none, rather than an
    old one that may be wrong.
    """
    begun = [FOLDER / code / "LC_MESSAGES" / "messages.po" for code in languages]
    targets = sorted({*sources(), *begun})
    said = gather()
    for target in targets:
        code = target.parent.parent.name
        catalogue = read(target) if target.exists() else _begin(code)
        catalogue.update(said, no_fuzzy_matching=True, update_creation_date=False)
        _write(catalogue, target)
    return targets


def compile_catalogues() -> int:
    """Write the binary catalogue beside each source that is newer; how many were written."""
    written = 0
    for source in sources():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        part = target.with_suffix(".mo.part")
        with part.open("wb") as file:
            mofile.write_mo(file, read(source))
        part.replace(target)
        written += 1
    return written


def _begin(code: str) -> Catalog:
    comment = f"# What Dispatch says, in the language {code}."
    return Catalog(
        locale=code, project="Dispatch", version="1", header_comment=comment, fuzzy=False
    )


def _write(catalogue: Catalog, target: Path) -> None:
    text = io.BytesIO()
    pofile.write_po(
        text, catalogue, width=_WIDTH, sort_output=True, ignore_obsolete=True, include_lineno=False
    )
    lines = text.getvalue().decode().splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith(_FILLERS)]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("".join(kept))
