"""One page that anybody may read and print."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from dispatch import retention
from dispatch.about import queries
from dispatch.about.words import say_span
from dispatch.web import context

blueprint = Blueprint("about", __name__)


@blueprint.get("/about/privacy")
def privacy() -> ResponseReturnValue:
    """What is kept, for how long, who can see it, and what this does not protect against."""
    periods = queries.longest(context.session())
    return render_template(
        "about/privacy.html",
        periods=periods,
        lines=retention.table(periods),
        copies_days=retention.BACKUP_KEYS_DAYS,
        say_period=retention.say_period,
        say_span=say_span,
    )
