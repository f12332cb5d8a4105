"""Every sentence has its Spanish, whole, and says the same things in it."""

import ast
import re

import pytest
from babel.messages.catalog import Catalog

from dispatch import i18n
from dispatch.i18n import catalogues
from tests.house import messages, sources

SAYS = {"_", "_l", "gettext", "lazy_gettext", "ngettext"}
PLANTED = {
    "no string": ("Saved.", ""),
    "other placeholders": ("%(name)s is asked.", "%(nombre)s se pregunta."),
    "a lost placeholder": ("%(name)s is asked.", "Se pregunta."),
    "one form too few": (("%(num)s ride", "%(num)s rides"), ("%(num)s viaje",)),
    "a plural without its number": (("One ride", "%(num)s rides"), ("Un viaje", "Viajes")),
}


def test_spanish_is_spoken():
    assert "es" in i18n.languages()


@pytest.mark.parametrize("source", catalogues.sources(), ids=lambda path: path.parts[-3])
def test_every_sentence_is_translated_as_it_is_said_now(source):
    """After a change of sentences: `python -m dispatch.i18n update`, then translate."""
    assert messages.faults_of(catalogues.gather(), catalogues.read(source)) == []


@pytest.mark.parametrize("planted", PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_is_found(planted):
    said, translated = Catalog(), Catalog(locale="es")
    said.add(planted[0])
    translated.add(planted[0], string=planted[1])
    assert messages.faults_of(said, translated)


def test_a_sentence_too_many_and_one_too_few_are_found():
    said, translated = Catalog(), Catalog(locale="es")
    said.add("Saved.")
    translated.add("Stored.", string="Guardado.")
    assert dict(messages.faults_of(said, translated)) == {
        "Saved.": "not translated",
        "Stored.": "no longer said",
    }


def test_a_whole_catalogue_has_no_fault():
    said, translated = Catalog(), Catalog(locale="es")
    for one, other in (("Saved.", "Guardado."), (("One ride", "%(num)s rides"),) * 2):
        said.add(one)
        translated.add(one, string=other)
    assert messages.faults_of(said, translated) == []


def not_literal(tree: ast.AST) -> list[int]:
    """The lines on which something is translated that is not written there."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in SAYS
        and not (node.args and isinstance(node.args[0], ast.Constant))
    ]


def test_only_what_is_written_in_the_source_is_translated():
    found = [
        (module.where, line)
        for module in sources.modules("dispatch")
        for line in not_literal(module.tree)
    ]
    assert found == []
    assert not_literal(ast.parse('_(f"{name} is asked")')) == [1]


def test_only_what_is_written_in_a_template_is_translated():
    made = re.compile(r"\b(?:_|gettext|ngettext)\((?!\s*[\"'])")
    found = [
        (path.name, match.group())
        for path in (sources.ROOT / "templates").rglob("*.html")
        for match in made.finditer(path.read_text())
    ]
    assert found == []
    assert made.search("{{ _(sentence) }}")


def test_no_sentence_hides_in_another_string():
    """Before Python 3.12 nothing is found inside an f-string: it would have no translation."""
    hidden = [
        (module.where, line) for module in sources.modules("dispatch") for line in hidden_in(module)
    ]
    assert hidden == []


@pytest.mark.parametrize("planted", ["f\"{_('Saved.')} {x}\"", 'f\'{x} {ngettext("a", "b", n)}\''])
def test_a_planted_hidden_sentence_is_found(planted):
    assert hidden_in(sources.parse(f"said = {planted}")) == [1]
    assert hidden_in(sources.parse("said = _('Saved.') + f'{x}'")) == []


def hidden_in(module: sources.Module) -> list[int]:
    """The lines on which a sentence stands inside an f-string."""
    return [
        call.lineno
        for string in ast.walk(module.tree)
        if isinstance(string, ast.JoinedStr)
        for call in ast.walk(string)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in SAYS
    ]
