"""Who saw what, page by page; for printing too."""

from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from dispatch.errors import NotFound
from dispatch.log import forms, queries
from dispatch.log.words import ROLE_WORDS
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.web import context

blueprint = Blueprint("log", __name__)


@blueprint.get("/log")
@needs(Action.SEE_LOG)
def index() -> ResponseReturnValue:
    """What was read, by whom, of whom; with `all`, everything that was done."""
    session, actor = context.session(), context.actor()
    question = forms.parse(request.args)
    found, further = queries.entries(session, actor, question, _zone())
    return render_template(
        "log/entries.html",
        entries=found,
        question=question,
        further=None if further is None else question.address(before=further),
        newest=question.address(before=None) if question.before is not None else None,
        people=queries.people(session, actor),
        families=queries.families(session, actor),
        role_words=ROLE_WORDS,
    )


def _zone() -> ZoneInfo:
    """The clock of the group whose pages are shown; a steward of no group reads UTC."""
    try:
        return context.group().zone
    except NotFound:
        return ZoneInfo("UTC")
