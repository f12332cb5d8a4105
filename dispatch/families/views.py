"""The pages of families: lists by number, records, forms, and the seals that can be opened."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch.db.transactions import vault_of
from dispatch.errors import NotFound, Refused
from dispatch.families import forms, queries, rules, service
from dispatch.families.facts import Followed, Part, Revealed
from dispatch.families.models import Family, FamilyState, Wish
from dispatch.families.words import say_followed
from dispatch.i18n import gettext as _
from dispatch.people.queries import shown_name
from dispatch.places import finding, maps
from dispatch.places import queries as places
from dispatch.places import service as places_service
from dispatch.places.here import finder, gazetteer
from dispatch.places.words import language_name, say_seats, spoken_languages
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.web import context
from dispatch.web.render import for_a_minute

blueprint = Blueprint("families", __name__)
FOLLOW = "dispatch.follow"
"""Where the application keeps what lets rides follow a family that has moved."""
SHOWN_LOOKS = 20


@blueprint.get("/families")
@needs(Action.SEE_FAMILY)
def index() -> ResponseReturnValue:
    """The families by number; with `left`, those who ask for no more rides."""
    state = FamilyState.LEFT if request.args.get("left") else FamilyState.ACTIVE
    return _list(state, "", "")


@blueprint.post("/families/find")
@needs(Action.SEE_FAMILY)
def find() -> ResponseReturnValue:
    """Find a family by number or phone. Posted: a phone number has no place in an address bar."""
    wanted = request.form.get("q", "").strip()[:40]
    session, actor, group = context.session(), context.actor(), context.group()
    by_number = queries.find_by_number(session, actor, group, wanted)
    found = [by_number] if by_number else queries.find_by_phone(session, actor, group, wanted)
    if len(found) == 1:
        return redirect(url_for("families.show", uid=found[0].uid), code=303)
    sentence = _("No family has this number or phone.") if wanted else ""
    return _list(FamilyState.ACTIVE, wanted, sentence, found or None)


@blueprint.get("/families/new")
@needs(Action.CHANGE_FAMILY)
def new() -> ResponseReturnValue:
    """An empty form with the next number suggested."""
    number = queries.next_number(context.session(), context.group())
    values = {"number": number, "language": "es", "adults": 1, "where": forms.HOME}
    return _form(values, {})


@blueprint.post("/families/new")
@needs(Action.CHANGE_FAMILY)
def enter() -> ResponseReturnValue:
    """Enter a family."""
    return _save(None)


@blueprint.post("/families/notes")
@needs(Action.CHANGE_FAMILY)
def check_notes() -> ResponseReturnValue:
    """What in a note should perhaps not be written down; nothing is kept."""
    text = next((text for name, text in request.form.items() if name != "csrf_token"), "")
    return render_template("families/_warnings.html", warnings=rules.note_warnings(text))


@blueprint.get("/families/<uuid:uid>")
@needs(Action.SEE_FAMILY)
def show(uid: UUID) -> ResponseReturnValue:
    """The record: what is open, what is sealed, and who looked."""
    return _record(queries.get_family(context.session(), context.actor(), uid))


@blueprint.get("/families/<uuid:uid>/edit")
@needs(Action.CHANGE_FAMILY)
def edit(uid: UUID) -> ResponseReturnValue:
    """The form of a family; sealed fields are empty, and stay as they are when left so."""
    family = queries.get_family(context.session(), context.actor(), uid)
    return _form(forms.values_of(family), {}, family)


@blueprint.post("/families/<uuid:uid>/edit")
@needs(Action.CHANGE_FAMILY)
def change(uid: UUID) -> ResponseReturnValue:
    """Change a family."""
    return _save(queries.get_family(context.session(), context.actor(), uid))


@blueprint.post("/families/<uuid:uid>/reveal")
@needs(Action.REVEAL_FAMILY)
def reveal(uid: UUID) -> ResponseReturnValue:
    """Open one seal for a minute."""
    session, actor = context.session(), context.actor()
    family = queries.get_family(session, actor, uid)
    try:
        part = Part(request.args.get("part", ""))
    except ValueError:
        raise NotFound("part") from None
    opened = service.reveal(session, actor, family, parts={part}, now=context.now())
    words = _in_words(part, opened)
    if not request.headers.get("HX-Request"):
        page, _status = _record(family, opened={part.value: words})
        return for_a_minute(page, url_for("families.show", uid=uid))
    return render_template("families/_seal.html", family=family, part=part.value, value=words)


@blueprint.post("/families/<uuid:uid>/wishes")
@needs(Action.CHANGE_FAMILY)
def wish(uid: UUID) -> ResponseReturnValue:
    """Note, change or take back a wish about a driver."""
    session, actor = context.session(), context.actor()
    family = queries.get_family(session, actor, uid)
    known = {
        str(driver.uid): driver
        for driver in queries.drivers_to_wish(session, actor, context.group())
    }
    driver = known.get(request.form.get("driver", ""))
    if driver is None:
        return _record(family, errors={"driver": _("Choose a driver.")})
    chosen = request.form.get("wish", "")
    kind = Wish(chosen) if chosen in {one.value for one in Wish} else None
    service.wish(session, actor, family, driver, kind, now=context.now())
    flash(_("Saved."))
    return redirect(url_for("families.show", uid=uid), code=303)


def _save(stored: Family | None) -> ResponseReturnValue:
    answer = finding.answer(request.form, finder)
    if answer is not None:
        return _form(answer.values, {}, stored, answer=answer)
    typed, errors = forms.parse(request.form, stored)
    if typed is None:
        return _form(request.form, errors, stored)
    try:
        saved, followed = _carry_out(typed, stored)
    except (places_service.PointRefused, finding.PinRefused) as refused:
        errors = {"home-lat": refused.reasons[0]}
        return _form(request.form, errors, stored, may_be_meant=refused.may_be_meant)
    except service.PartyRefused as refused:
        return _form(request.form, refused.troubles, stored)
    except service.NumberTaken as refused:
        return _form(request.form, {"number": refused.reasons[0]}, stored)
    except NotFound:
        return _form(request.form, {"meeting_point": _("Choose a meeting point.")}, stored)
    except Refused as refused:
        return _form(request.form, {"where": refused.reasons[0]}, stored)
    flash(" ".join([_("Saved."), *say_followed(followed, context.group().zone)]))
    if rules.note_warnings(typed.facts.notes or ""):
        flash(_("The notes may hold something that is better not written down. Read them again."))
    return redirect(url_for("families.show", uid=saved.uid), code=303)


def _carry_out(typed: forms.FamilyForm, stored: Family | None) -> tuple[Family, Followed | None]:
    session, actor, group = context.session(), context.actor(), context.group()
    facts = typed.facts
    if request.form.get("where") == forms.HOME:
        finding.check_pin(request.form, "home-", gazetteer())
    if typed.meeting_point is not None:
        point = places.get_public_place(session, actor, typed.meeting_point)
        facts = replace(facts, where=point)
    if stored is None:
        return service.save(session, actor, facts, group=group, now=context.now()), None
    followed = service.change(
        session,
        actor,
        stored,
        facts,
        group=group,
        seen_version=typed.seen_version,
        follow=current_app.extensions[FOLLOW],
        now=context.now(),
    )
    return stored, followed


def _list(
    state: FamilyState, wanted: str, sentence: str, found: list[Family] | None = None
) -> ResponseReturnValue:
    session, actor, group = context.session(), context.actor(), context.group()
    shown = queries.families(session, actor, group, state=state) if found is None else found
    return render_template(
        "families/list.html",
        families=shown,
        has_left=state is FamilyState.LEFT,
        wanted=wanted,
        sentence=sentence if found is None else "",
        language_name=language_name,
        say_seats=say_seats,
    )


def _form(
    values: Mapping[str, object],
    errors: dict[str, str],
    family: Family | None = None,
    *,
    may_be_meant: bool = False,
    answer: finding.Answer | None = None,
) -> ResponseReturnValue:
    session, actor, group = context.session(), context.actor(), context.group()
    language = values.get("language")
    page = render_template(
        "families/form.html",
        family=family,
        values=values,
        errors=errors,
        labels=forms.labels(),
        may_be_meant=may_be_meant or bool(values.get("home-far_is_meant")),
        answer=answer,
        languages_spoken=spoken_languages([str(language or "")]),
        meeting_points=[
            (place.uid, place.name) for place in places.public_places(session, actor, group)
        ],
        rider_kinds=[(kind.value, word) for kind, word in forms.RIDER_WORDS.items()],
        new_riders=forms.NEW_RIDERS,
        warnings=rules.note_warnings(str(values.get("notes") or "")),
        map_data=maps.of_group(session, actor, group),
        may_text=current_app.config["DISPATCH"].sms is not None,
    )
    return page, 422 if errors else 200


def _record(
    family: Family,
    *,
    opened: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
) -> ResponseReturnValue:
    session, actor = context.session(), context.actor()
    vault = vault_of(session)
    drivers = {
        driver.id: (driver.uid, f"{driver.number} {shown_name(driver.user, vault)}")
        for driver in queries.drivers_to_wish(session, actor, context.group())
    }
    page = render_template(
        "families/record.html",
        family=family,
        opened=opened or {},
        errors=errors or {},
        language_name=language_name,
        needs=say_seats(family.child_seats),
        drivers=drivers,
        wishes=[(one.wish, drivers[one.driver_id]) for one in family.wishes],
        looks=queries.looks(session, family, most=SHOWN_LOOKS),
    )
    return page, 422 if errors else 200


def _in_words(part: Part, opened: Revealed) -> str:
    if part is Part.ADDRESS:
        address = opened.address
        parts = (address.line, address.unit, address.town, address.directions) if address else ()
        return ", ".join(filter(None, parts)) or _("Nothing is written here.")
    if part is Part.RIDERS:
        named = (
            f"{name} ({forms.RIDER_WORDS[kind]})" for kind, name in opened.riders or () if name
        )
        return ", ".join(named) or _("Nothing is written here.")
    return getattr(opened, part.value) or _("Nothing is written here.")
