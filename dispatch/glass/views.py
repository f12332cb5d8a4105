"""The pages about closed families: opening one in need, and what others make of it."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch.db.transactions import vault_of
from dispatch.errors import Conflict
from dispatch.families import queries as families
from dispatch.families.models import Family
from dispatch.glass import queries, rules, service
from dispatch.glass.models import GlassBreak, Need, Verdict
from dispatch.glass.words import NEED_WORDS, VERDICT_WORDS
from dispatch.i18n import gettext as _
from dispatch.people.queries import shown_name
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.web import context
from dispatch.web.errors import sentence_for

blueprint = Blueprint("glass", __name__)


@blueprint.app_context_processor
def _late() -> dict[str, object]:
    """What the frame of a desk page asks for; that of a failure does not, nor the database."""
    return {"families_in_need_overdue": _overdue}


def _overdue() -> int:
    """How many families were opened in need and not reviewed in time."""
    actor = context.actor()
    if not (actor.coordinates or actor.is_steward):
        return 0
    return queries.count_overdue(context.session(), actor, now=context.now())


@blueprint.get("/families/<uuid:uid>/glass")
@needs(Action.BREAK_GLASS)
def ask(uid: UUID) -> ResponseReturnValue:
    """What it means to open a closed family, and the form."""
    return _form(families.get_family(context.session(), context.actor(), uid), {}, {})


@blueprint.post("/families/<uuid:uid>/glass")
@needs(Action.BREAK_GLASS)
def break_glass(uid: UUID) -> ResponseReturnValue:
    """Open it."""
    session, actor = context.session(), context.actor()
    family = families.get_family(session, actor, uid)
    chosen = request.form.get("need", "")
    try:
        service.break_glass(
            session,
            actor,
            family,
            need=Need(chosen) if chosen in {one.value for one in Need} else None,
            reason=request.form.get("reason", ""),
            now=context.now(),
        )
    except service.ReasonMissing as error:
        return _form(family, request.form, error.troubles)
    except Conflict as error:
        return _form(family, request.form, {"": sentence_for(error)}, error.status)
    return redirect(url_for("families.show", uid=uid), code=303)


@blueprint.get("/glass")
@needs(Action.SEE_GLASS)
def index() -> ResponseReturnValue:
    """What was opened in need: what waits for a review, and what was reviewed."""
    session, actor, now = context.session(), context.actor(), context.now()
    return render_template(
        "glass/list.html",
        waiting=[_row(one) for one in queries.to_review(session, actor)],
        reviewed=[_row(one) for one in queries.reviewed(session, actor)],
        now=now,
        need_words=NEED_WORDS,
        verdict_words=VERDICT_WORDS,
    )


@blueprint.get("/glass/<uuid:uid>")
@needs(Action.SEE_GLASS)
def show(uid: UUID) -> ResponseReturnValue:
    """One of them, with what may be done about it."""
    return _record(_get(uid))


@blueprint.post("/glass/<uuid:uid>/reason")
@needs(Action.READ_GLASS_REASON)
def read_reason(uid: UUID) -> ResponseReturnValue:
    """Open the reason for a minute."""
    broken = _get(uid)
    reason = service.read_reason(context.session(), context.actor(), broken, now=context.now())
    if not request.headers.get("HX-Request"):
        return _record(broken, reason=reason)
    return render_template("glass/_reason.html", broken=broken, reason=reason)


@blueprint.post("/glass/<uuid:uid>/end")
@needs(Action.END_GLASS)
def end(uid: UUID) -> ResponseReturnValue:
    """Close it again."""
    service.end(context.session(), context.actor(), _get(uid), now=context.now())
    flash(_("Closed again."))
    return redirect(url_for("glass.show", uid=uid), code=303)


@blueprint.post("/glass/<uuid:uid>/review")
@needs(Action.REVIEW_GLASS)
def review(uid: UUID) -> ResponseReturnValue:
    """Say whether it was needed."""
    broken, chosen = _get(uid), request.form.get("verdict", "")
    if chosen not in {one.value for one in Verdict}:
        return _record(broken, error=_("Choose what you found.")), 422
    try:
        service.review(
            context.session(), context.actor(), broken, Verdict(chosen), now=context.now()
        )
    except Conflict as error:
        return _record(broken, error=sentence_for(error)), error.status
    flash(_("Thank you. It is on record."))
    return redirect(url_for("glass.index"), code=303)


def _get(uid: UUID) -> GlassBreak:
    return queries.get_break(context.session(), context.actor(), uid)


def _row(broken: GlassBreak) -> tuple[GlassBreak, str]:
    return broken, shown_name(broken.user, vault_of(context.session()))


def _form(
    family: Family, values: Mapping[str, str], errors: dict[str, str], status: int = 422
) -> ResponseReturnValue:
    page = render_template(
        "glass/form.html",
        family=family,
        values=values,
        errors=errors,
        needs=[(need.value, words) for need, words in NEED_WORDS.items()],
        minutes=int(rules.OPEN_FOR.total_seconds()) // 60,
    )
    return page, status if errors else 200


def _record(broken: GlassBreak, *, reason: str | None = None, error: str | None = None) -> str:
    return render_template(
        "glass/record.html",
        broken=broken,
        who=shown_name(broken.user, vault_of(context.session())),
        closes_at=rules.closes_at(broken),
        is_live=broken.is_live(context.now()),
        is_overdue=broken.is_overdue(context.now()),
        reason=reason,
        error=error,
        need_words=NEED_WORDS,
        verdict_words=VERDICT_WORDS,
        verdicts=[(verdict.value, words) for verdict, words in VERDICT_WORDS.items()],
    )
