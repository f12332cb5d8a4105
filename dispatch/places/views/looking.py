"""Looking for an address while a form is filled in. Nothing of it is kept."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from dispatch.places import finding
from dispatch.places.here import finder, gazetteer
from dispatch.places.views.room import blueprint
from dispatch.policy import Action
from dispatch.policy.endpoints import needs


@blueprint.post("/places/suggest")
@needs(Action.CHANGE_PLACE)
def suggest() -> ResponseReturnValue:
    """What an address may become while it is typed. Posted: no address stands in an address bar."""
    return _below_address(finding.suggest(request.form, gazetteer()))


@blueprint.post("/places/find")
@needs(Action.CHANGE_PLACE)
def look_for() -> ResponseReturnValue:
    """What an address may mean, once somebody presses the button; a server may be asked too."""
    return _below_address(finding.answer(request.form, finder) or finding.Answer(""))


@blueprint.post("/places/pin")
@needs(Action.CHANGE_PLACE)
def look_at_pin() -> ResponseReturnValue:
    """What is wrong with a dropped pin, else the address nearest to it."""
    return _below_address(finding.look_at_pin(request.form, gazetteer()))


def _below_address(answer: finding.Answer) -> ResponseReturnValue:
    return render_template("places/_choices.html", answer=answer)
