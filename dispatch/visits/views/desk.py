"""The desk's side of a family's page: codes to hand over or read out, phones, withdrawing."""

from uuid import UUID

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from dispatch import i18n
from dispatch.errors import NotFound, Refused
from dispatch.families import queries as families
from dispatch.families.models import Family
from dispatch.i18n import gettext as _
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.visits import queries, rules, service
from dispatch.web import context
from dispatch.web.errors import sentence_for
from dispatch.web.origin import public_url

blueprint = Blueprint("visits", __name__)


@blueprint.get("/families/<uuid:uid>/page")
@needs(Action.SEE_FAMILY)
def show(uid: UUID) -> ResponseReturnValue:
    """The codes and phones of a family, without a code: none is ever shown again."""
    return _page(_family(uid))


@blueprint.post("/families/<uuid:uid>/page/code")
@needs(Action.GIVE_FAMILY_CODE)
def give_code(uid: UUID) -> ResponseReturnValue:
    """A new code, shown this once: on a card, and in words to read out."""
    session, actor = context.session(), context.actor()
    family = _family(uid)
    try:
        code = service.give_code(session, actor, family, now=context.now())
    except Refused as error:
        return _page(family, sentence_for(error)), error.status
    link = public_url("/f")
    # Behind the "#", so that no server and no log on the way ever sees it.
    square = segno.make(f"{link}#{code}", error="m", micro=False)
    with i18n.speaking(family.language):
        card = render_template(
            "visits/card.html",
            group=context.group(),
            code=rules.shown(code),
            link=link,
            until=context.now() + rules.CODE_LASTS,
            # Drawn by segno from our own address and our own code.
            square=Markup(square.svg_inline(scale=5, border=3, light="#fff")),  # noqa: S704
        )
    return render_template(
        "visits/code.html",
        family=family,
        code=rules.shown(code),
        card=Markup(card),  # noqa: S704 -- our own template, escaped when it was rendered
    )


@blueprint.post("/families/<uuid:uid>/page/end")
@needs(Action.END_FAMILY_PHONE)
def end(uid: UUID) -> ResponseReturnValue:
    """End one phone, or, without one, the codes that nobody used yet."""
    session, actor, now = context.session(), context.actor(), context.now()
    family = _family(uid)
    wanted = request.form.get("phone")
    if wanted is None:
        service.end_codes(session, actor, family, now=now)
        flash(_("The code opens nothing any more."))
    else:
        phones = {str(phone.uid): phone for phone in queries.phones_of(session, actor, family)}
        if wanted not in phones:
            raise NotFound("phone")
        service.end_phone(session, actor, family, phones[wanted], now=now)
        flash(_("The page is closed on that phone."))
    return redirect(url_for("visits.show", uid=uid), code=303)


@blueprint.post("/families/<uuid:uid>/withdraw")
@needs(Action.WITHDRAW_FAMILY)
def withdraw(uid: UUID) -> ResponseReturnValue:
    """A family that cannot open its page says on the phone that it withdraws."""
    family = _family(uid)
    if request.form.get("sure") != "1":
        return _page(family, _("Tick the box if the family said so itself.")), 422
    service.withdraw(context.session(), context.actor(), family, now=context.now())
    flash(_("Withdrawn. Nobody reads anything of this family any more."))
    return redirect(url_for("families.show", uid=uid), code=303)


def _family(uid: UUID) -> Family:
    return families.get_family(context.session(), context.actor(), uid)


def _page(family: Family, sentence: str | None = None) -> str:
    session, actor, now = context.session(), context.actor(), context.now()
    codes = queries.codes_of(session, actor, family)
    phones = [
        phone
        for phone in queries.phones_of(session, actor, family)
        if not rules.is_over(phone.made_at, phone.seen_at, now)
    ]
    return render_template(
        "visits/page_of_family.html",
        family=family,
        codes=[(code, code.state(now).value) for code in codes],
        has_open_code=queries.has_open_code(codes, now),
        phones=[(phone, rules.closes_at(phone.made_at, phone.seen_at)) for phone in phones],
        sentence=sentence,
    )
