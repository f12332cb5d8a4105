"""A year of rides in numbers, for printing too."""

from datetime import date
from uuid import UUID

from babel.support import LazyProxy
from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from dispatch.erasing.models import Outcome
from dispatch.erasing.rules import BANDS
from dispatch.i18n import gettext as _
from dispatch.i18n import lazy_gettext as _l
from dispatch.numbers import queries
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.rides.words import PURPOSE_WORDS
from dispatch.web import context

blueprint = Blueprint("numbers", __name__)

OUTCOME_WORDS: dict[Outcome, LazyProxy] = {
    Outcome.DRIVEN: _l("Driven"),
    Outcome.NO_SHOW: _l("No-show"),
    Outcome.CANCELLED: _l("Cancelled"),
    Outcome.NOT_DRIVEN: _l("Not driven"),
}
BAND_WORDS: dict[str, LazyProxy] = dict(
    zip(
        BANDS,
        (_l("under 5 km"), _l("5 to 15 km"), _l("15 to 40 km"), _l("40 km and more")),
        strict=True,
    )
)


@blueprint.get("/groups/<uuid:uid>/numbers")
@needs(Action.SEE_NUMBERS)
def year(uid: UUID) -> ResponseReturnValue:
    """How many rides were asked for in a year, what became of them, what for, and how far."""
    asked = request.args.get("year", "")
    wanted = int(asked) if asked.isdecimal() and len(asked) == 4 else None
    group, numbers = queries.numbers_of(
        context.session(), context.actor(), uid, wanted, now=context.now()
    )
    return render_template(
        "numbers/year.html",
        group=group,
        numbers=numbers,
        outcomes=[OUTCOME_WORDS[one] for one in Outcome],
        purposes=PURPOSE_WORDS,
        bands=BAND_WORDS,
        month=lambda number: date(numbers.year, number, 1),
        few=_("few"),
    )
