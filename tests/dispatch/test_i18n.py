"""The language of the moment, and days and times said in it."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog

from dispatch import i18n
from dispatch.i18n import catalogues

ZONE = ZoneInfo("America/Vancouver")
TEN_PAST_ONE = datetime(2027, 3, 9, 21, 10, tzinfo=UTC)


@pytest.fixture
def spanish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Spanish catalogue of this test's own, with three sentences."""
    for module in (i18n, catalogues):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    monkeypatch.setattr(i18n, "_catalogues", {})
    said = Catalog()
    said.add("Saved.")
    said.add("%(name)s is asked now.")
    said.add(("One ride", "%(num)s rides"))
    monkeypatch.setattr(catalogues, "gather", lambda: said)
    [source] = catalogues.update_catalogues(["es"])
    text = source.read_text()
    for one, other in (
        ('msgid "Saved."\nmsgstr ""', 'msgid "Saved."\nmsgstr "Guardado."'),
        ('now."\nmsgstr ""', 'now."\nmsgstr "Ahora se pregunta a %(name)s."'),
        ('msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "Un viaje"\nmsgstr[1] "%(num)s viajes"'),
    ):
        assert one in text
        text = text.replace(one, other)
    source.write_text(text)
    return source


def test_a_language_holds_inside_its_block_only(spanish: Path):
    with i18n.speaking("en"):
        with i18n.speaking("es"):
            assert i18n.language() == "es"
            assert i18n.gettext("Saved.") == "Guardado."
        assert i18n.gettext("Saved.") == "Saved."


def test_an_unknown_language_is_the_source(spanish: Path):
    with i18n.speaking("xx"):
        assert i18n.language() == "en"


def test_names_and_numbers_are_filled_in(spanish: Path):
    with i18n.speaking("es"):
        assert i18n.gettext("%(name)s is asked now.", name="Marta") == "Ahora se pregunta a Marta."
        assert i18n.ngettext("One ride", "%(num)s rides", 1) == "Un viaje"
        assert i18n.ngettext("One ride", "%(num)s rides", 3) == "3 viajes"


def test_a_lazy_sentence_is_said_when_it_is_shown(spanish: Path):
    sentence = i18n.lazy_gettext("Saved.")
    with i18n.speaking("es"):
        assert str(sentence) == "Guardado."
    with i18n.speaking("en"):
        assert str(sentence) == "Saved."


def test_what_has_no_translation_is_said_in_the_source(spanish: Path):
    with i18n.speaking("es"):
        assert i18n.gettext("Never said.") == "Never said."


def test_days_and_times_are_said_as_the_language_does():
    with i18n.speaking("en"):
        assert i18n.say_day(date(2027, 3, 9)) == "Tuesday 9 March"
        assert i18n.say_time(TEN_PAST_ONE, ZONE) == "13:10"
        assert i18n.say_time(TEN_PAST_ONE, ZONE, twelve_hours=True).split() == ["1:10", "PM"]
    with i18n.speaking("es"):
        assert i18n.say_day(date(2027, 3, 9)) == "martes 9 de marzo"


def test_the_languages_are_those_with_a_catalogue(spanish: Path):
    assert i18n.languages() == ["en", "es"]
