"""The words of messages, in all our languages at once: people mix them in one sentence."""

import enum
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.support import LazyProxy

from dispatch.i18n import languages, speaking
from dispatch.i18n import lazy_gettext as _l
from dispatch.places.geocode import plain
from dispatch.rides.models import Purpose, ReturnKind


class Sense(enum.Enum):
    """What a word or a phrase does in a message about a ride."""

    AHEAD = enum.auto()
    """Its value: so many days after today."""
    WEEKDAY = enum.auto()
    """Its value: 0, Monday, to 6."""
    MONTH = enum.auto()
    EVERY = enum.auto()
    FILLER = enum.auto()
    """Says nothing by itself: the "of" of "12th of March"."""
    ON = enum.auto()
    """A day of the month follows."""
    ORDINAL = enum.auto()
    """A day of the month came before: the "th" of "12th"."""
    AT = enum.auto()
    """A time follows."""
    NUMBER = enum.auto()
    """A number written as a word; its value: which."""
    NOON = enum.auto()
    MORNING = enum.auto()
    AFTERNOON = enum.auto()
    HALF = enum.auto()
    """Thirty minutes after the hour that follows, "half past", or that came before, "y media"."""
    QUARTER = enum.auto()
    QUARTER_TO = enum.auto()
    BACK = enum.auto()
    """The next time is that of the way back."""
    LEAVE = enum.auto()
    """The next time is when they leave home."""
    FETCH = enum.auto()
    """The next time is when somebody is fetched: from home, or, once a time was said, back."""
    RETURN = enum.auto()
    """Its value: how they come back, where that is said without a time."""
    ADULTS = enum.auto()
    CHILDREN = enum.auto()
    RIDERS = enum.auto()
    WHEELCHAIR = enum.auto()
    PURPOSE = enum.auto()


Value = int | Purpose | ReturnKind | None


@dataclass(frozen=True)
class Word:
    """A phrase that is known."""

    sense: Sense
    value: Value = None


# Translators: words that people write in messages, one after another, with | between them; write
# them as they are said, in any spelling that is common. They are read, never shown.
_PHRASES: tuple[tuple[LazyProxy, Word], ...] = (
    (_l("today|tonight|this morning|this afternoon|this evening"), Word(Sense.AHEAD, 0)),
    (_l("tomorrow|tmrw|tomorow|tommorow"), Word(Sense.AHEAD, 1)),
    (_l("day after tomorrow|the day after tomorrow"), Word(Sense.AHEAD, 2)),
    (_l("every|each"), Word(Sense.EVERY)),
    (_l("of|the|o clock|oclock|sharp"), Word(Sense.FILLER)),
    (_l("on the"), Word(Sense.ON)),
    (_l("st|nd|rd|th"), Word(Sense.ORDINAL)),
    (_l("at|by|before|around|about|from"), Word(Sense.AT)),
    (_l("noon|midday"), Word(Sense.NOON)),
    (_l("am|a m|in the morning|morning"), Word(Sense.MORNING)),
    (
        _l("pm|p m|in the afternoon|in the evening|at night|afternoon|evening"),
        Word(Sense.AFTERNOON),
    ),
    (_l("half past"), Word(Sense.HALF)),
    (_l("quarter past|a quarter past"), Word(Sense.QUARTER)),
    (_l("quarter to|a quarter to"), Word(Sense.QUARTER_TO)),
    (
        _l("back|return|returning|home|ends|finish|finishes|finished|done|over|out|until|till"),
        Word(Sense.BACK),
    ),
    (_l("leave|leaving|from home|at home"), Word(Sense.LEAVE)),
    (
        _l("pick up|pickup|pick us up|pick me up|pick her up|pick him up|pick them up"),
        Word(Sense.FETCH),
    ),
    (
        _l(
            "will call|i will call|ill call|i ll call|call you when|call when|text you when|"
            "text when|let you know when|when i am done|when im done|when we are done"
        ),
        Word(Sense.RETURN, ReturnKind.WILL_CALL),
    ),
    (
        _l("wait for me|wait for us|wait for her|wait for him|wait for them|wait there"),
        Word(Sense.RETURN, ReturnKind.WAIT),
    ),
    (
        _l("one way|oneway|no return|no ride back|only there"),
        Word(Sense.RETURN, ReturnKind.NONE),
    ),
    (_l("adult|adults"), Word(Sense.ADULTS)),
    (_l("child|children|kid|kids|baby|babies|toddler|son|daughter"), Word(Sense.CHILDREN)),
    (_l("people|persons|riders|of us"), Word(Sense.RIDERS)),
    (_l("wheelchair|wheel chair"), Word(Sense.WHEELCHAIR)),
    (
        _l(
            "doctor|doctors|dr|clinic|hospital|dentist|therapy|dialysis|checkup|check up|"
            "appointment|appt|pharmacy|surgery|vaccine|vaccines"
        ),
        Word(Sense.PURPOSE, Purpose.MEDICAL),
    ),
    (_l("school|class|classes|kindergarten|college"), Word(Sense.PURPOSE, Purpose.SCHOOL)),
    (_l("work|job|shift|job interview"), Word(Sense.PURPOSE, Purpose.WORK)),
    (
        _l("court|lawyer|attorney|hearing|immigration|consulate|judge|asylum"),
        Word(Sense.PURPOSE, Purpose.LEGAL),
    ),
    (
        _l("food|food bank|pantry|groceries|grocery|supermarket|store|shopping"),
        Word(Sense.PURPOSE, Purpose.FOOD),
    ),
)
_NUMBERS = _l("one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve")


@cache
def phrases() -> dict[tuple[str, ...], Word]:
    """Every known phrase, word by word as `plain` leaves it.

    What two languages write alike has the sense it has in the first.
    """
    found: dict[tuple[str, ...], Word] = {}
    for code in languages():
        with speaking(code):
            for listed, word in _PHRASES:
                _add(found, str(listed).split("|"), word)
            for number, said in enumerate(str(_NUMBERS).split("|"), start=1):
                _add(found, [said], Word(Sense.NUMBER, number))
        locale = Locale.parse(code)
        for width in ("wide", "abbreviated"):
            for day, name in locale.days["format"][width].items():
                _add(found, [name], Word(Sense.WEEKDAY, day))
        for width in ("wide", "abbreviated"):
            for month, name in locale.months["format"][width].items():
                _add(found, [name], Word(Sense.MONTH, month))
    return found


def _add(found: dict[tuple[str, ...], Word], said: list[str], word: Word) -> None:
    for phrase in said:
        found.setdefault(tuple(plain(phrase).split()), word)
