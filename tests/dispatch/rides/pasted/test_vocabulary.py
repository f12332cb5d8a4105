"""The words of all languages stand beside each other."""

from dispatch.i18n import languages, speaking
from dispatch.rides.models import Purpose
from dispatch.rides.pasted.vocabulary import Sense, Word, phrases


def test_every_language_brings_words_of_its_own():
    known = phrases()
    assert known["tomorrow",] == known["manana",] == Word(Sense.AHEAD, 1)
    assert known["monday",] == known["lunes",] == Word(Sense.WEEKDAY, 0)
    assert known["december",] == known["diciembre",] == Word(Sense.MONTH, 12)
    assert known["twelve",] == known["doce",] == Word(Sense.NUMBER, 12)
    assert known["banco", "de", "comida"] == Word(Sense.PURPOSE, Purpose.FOOD)


def test_the_language_of_the_page_changes_nothing():
    told = []
    for code in languages():
        phrases.cache_clear()
        with speaking(code):
            told.append(phrases())
    assert len(told) > 1
    assert all(one == told[0] for one in told)
