"""What the pages of requests and rides share."""

from flask import Blueprint

from dispatch.places.words import language_name, say_seats
from dispatch.rides import forms
from dispatch.rides.words import PURPOSE_WORDS

blueprint = Blueprint("rides", __name__)


def words() -> dict[str, object]:
    """How seats, languages, minutes and purposes are said."""
    return {
        "say_seats": say_seats,
        "language_name": language_name,
        "say_minutes": forms.say_minutes,
        "purpose_words": PURPOSE_WORDS,
    }
