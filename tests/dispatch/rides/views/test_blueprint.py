"""What the pages of requests and rides share."""

from dispatch.rides.models import Purpose
from dispatch.rides.views.blueprint import words


def test_every_word_that_the_pages_say_is_there(app):
    said = words()
    assert set(said["purpose_words"]) == set(Purpose)
    assert said["say_seats"]({"booster": 1}) == ["1 booster"]
    assert said["say_minutes"](90) == "1 h 30 min"
    assert said["language_name"]("so") == "Somali"
