"""The pages of public places. Private ones have none: they are read where they belong."""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch.i18n import gettext as _
from dispatch.places import finding, forms, maps, queries, service
from dispatch.places.forms import PublicPlace
from dispatch.places.geocode import ByName, find
from dispatch.places.here import finder, gazetteer
from dispatch.places.models import Place
from dispatch.places.views.room import blueprint
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.web import context


@blueprint.get("/places")
@needs(Action.SEE_PLACE)
def index() -> ResponseReturnValue:
    """The public places of the group; with `q`, those that may be meant by it."""
    places = queries.public_places(context.session(), context.actor(), context.group())
    wanted = request.args.get("q", "").strip()[:200]
    if wanted:
        places = [one.place for one in find(wanted, [ByName(places)]) if one.place]
    return render_template(
        "places/list.html", places=places, wanted=wanted, kind_words=forms.KIND_WORDS
    )


@blueprint.get("/places/new")
@needs(Action.CHANGE_PLACE)
def new() -> ResponseReturnValue:
    """An empty form."""
    return _form({}, {})


@blueprint.post("/places/new")
@needs(Action.CHANGE_PLACE)
def make() -> ResponseReturnValue:
    """Save a new place."""

    def save(place: PublicPlace) -> None:
        service.save_public(
            context.session(),
            context.actor(),
            group=context.group(),
            kind=place.kind,
            name=place.name,
            address=place.address,
            point=place.point,
            far_is_meant=place.far_is_meant,
            now=context.now(),
        )

    return _saved(save)


@blueprint.get("/places/<uuid:uid>")
@needs(Action.SEE_PLACE)
def show(uid: UUID) -> ResponseReturnValue:
    """One place, to look at and to correct."""
    place = queries.get_public_place(context.session(), context.actor(), uid)
    values = {
        "name": place.name,
        "kind": place.kind.value,
        "line": place.address,
        "lat": place.latitude,
        "lon": place.longitude,
        "seen": service.fingerprint(place),
    }
    return _form(values, {}, place)


@blueprint.post("/places/<uuid:uid>")
@needs(Action.CHANGE_PLACE)
def change(uid: UUID) -> ResponseReturnValue:
    """Correct a place."""
    session, actor = context.session(), context.actor()
    stored = queries.get_public_place(session, actor, uid)

    def save(place: PublicPlace) -> None:
        service.change_public(
            session,
            actor,
            stored,
            group=context.group(),
            kind=place.kind,
            name=place.name,
            address=place.address,
            point=place.point,
            seen=request.form.get("seen", ""),
            far_is_meant=place.far_is_meant,
            now=context.now(),
        )

    return _saved(save, stored)


@blueprint.post("/places/<uuid:uid>/retire")
@needs(Action.CHANGE_PLACE)
def retire(uid: UUID) -> ResponseReturnValue:
    """Offer a place no longer."""
    session, actor = context.session(), context.actor()
    place = queries.get_public_place(session, actor, uid)
    service.retire(session, actor, place, now=context.now())
    flash(_("%(name)s is no longer offered. Rides that use it keep it.", name=place.name))
    return redirect(url_for("places.index"), code=303)


def _saved(save: Callable[[PublicPlace], None], stored: Place | None = None) -> ResponseReturnValue:
    if answer := finding.answer(request.form, finder):
        return _form(answer.values, {}, stored, answer=answer)
    typed, errors = forms.parse(request.form)
    if typed is not None:
        try:
            if stored is None or (stored.latitude, stored.longitude) != typed.point:
                finding.check_pin(request.form, "", gazetteer())
            save(typed)
        except (service.PointRefused, finding.PinRefused) as refused:
            errors = {"lat": refused.reasons[0]}
            return _form(request.form, errors, stored, may_be_meant=refused.may_be_meant)
        except service.NameTaken as refused:
            errors = {"name": refused.reasons[0]}
    if errors:
        return _form(request.form, errors, stored)
    flash(_("Saved."))
    return redirect(url_for("places.index"), code=303)


def _form(
    values: Mapping[str, object],
    errors: dict[str, str],
    place: Place | None = None,
    *,
    may_be_meant: bool = False,
    answer: finding.Answer | None = None,
) -> ResponseReturnValue:
    page = render_template(
        "places/form.html",
        place=place,
        values=values,
        errors=errors,
        may_be_meant=may_be_meant or bool(values.get("far_is_meant")),
        answer=answer,
        kinds=forms.kind_options(),
        map_data=maps.of_group(context.session(), context.actor(), context.group()),
    )
    return page, 422 if errors else 200
