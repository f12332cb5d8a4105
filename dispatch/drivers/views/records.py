"""Lists, records and papers of drivers."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch.clock import local_day
from dispatch.db.transactions import vault_of
from dispatch.drivers import forms, queries, rules, service
from dispatch.drivers.facts import DriverFacts, OwnAddress
from dispatch.drivers.forms import DriverForm
from dispatch.drivers.models import CredentialKind, Driver
from dispatch.drivers.views.room import blueprint
from dispatch.errors import NotFound, Refused
from dispatch.i18n import gettext as _
from dispatch.people import service as people
from dispatch.people.models import Role, User
from dispatch.people.queries import shown_name
from dispatch.places import finding, maps
from dispatch.places import queries as places
from dispatch.places import service as places_service
from dispatch.places.here import finder, gazetteer
from dispatch.places.words import language_name, say_seats, spoken_languages
from dispatch.policy import Action, permits
from dispatch.policy.endpoints import needs
from dispatch.web import context

EXPIRES_SOON_DAYS = 30
MONTHS = 4


@blueprint.get("/drivers")
@needs(Action.SEE_DRIVER)
def index() -> ResponseReturnValue:
    """The drivers by number, and those whose car is not known yet."""
    session, actor, group = context.session(), context.actor(), context.group()
    vault = vault_of(session)
    found = queries.drivers(session, actor, group)
    waiting = queries.without_record(session, actor, group)
    return render_template(
        "drivers/list.html",
        group=group,
        drivers=[(driver, shown_name(driver.user, vault)) for driver in found],
        waiting=[(user, shown_name(user, vault)) for user in waiting],
        months=_months(),
        may_export=bool(found) and permits(actor, Action.EXPORT_DRIVEN, group, context.now()),
        **_paper_facts(found),
        language_name=language_name,
        say_seats=say_seats,
    )


def _months() -> list[date]:
    """This month and the three before it: rides are kept for no longer."""
    months = [local_day(context.now(), context.group().zone).replace(day=1)]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months


@blueprint.get("/drivers/new")
@needs(Action.INVITE_DRIVER)
def new() -> ResponseReturnValue:
    """An empty form; with `user`, for somebody who was invited already."""
    number = queries.next_number(context.session(), context.group())
    values = {"number": number, "seats": 4, "language": "en", "languages": ["en"], "start": "own"}
    return _form({**values, "end": "same"}, {}, user=_invited_user())


@blueprint.post("/drivers/new")
@needs(Action.INVITE_DRIVER)
def make() -> ResponseReturnValue:
    """Invite a driver and note the car, in one step."""
    user = _invited_user()
    if answer := finding.answer(request.form, finder):
        return _form(answer.values, {}, user=user, answer=answer)
    typed, errors = _parse(None)
    invited = None
    if user is None:
        invited, wrong = forms.parse_invited(request.form)
        errors = {**wrong, **errors}
    if errors or typed is None:
        return _form(request.form, errors, user=user)
    code, address = "", ""
    try:
        if invited is not None:
            user, code = people.invite(
                context.session(),
                context.actor(),
                group=context.group(),
                role=Role.DRIVER,
                name=invited.name,
                email=invited.email,
                language=invited.language,
                now=context.now(),
            )
            address = invited.email
        driver = _store(typed, user=user)
    except Refused as refused:
        return _refused(refused, user=user if invited is None else None)
    if not code:
        flash(_("Saved."))
        return redirect(url_for("drivers.show", uid=driver.uid), code=303)
    return render_template("drivers/invited.html", driver=driver, code=code, email=address)


@blueprint.get("/drivers/<uuid:uid>")
@needs(Action.SEE_DRIVER)
def show(uid: UUID) -> ResponseReturnValue:
    """The record."""
    return _record(queries.get_driver(context.session(), context.actor(), uid), {})


@blueprint.get("/drivers/<uuid:uid>/edit")
@needs(Action.CHANGE_DRIVER)
def edit(uid: UUID) -> ResponseReturnValue:
    """The form of a driver; addresses are empty, and stay as they are when left so."""
    driver = queries.get_driver(context.session(), context.actor(), uid)
    return _form(forms.values_of(driver, uses_miles=context.group().uses_miles), {}, driver)


@blueprint.post("/drivers/<uuid:uid>/edit")
@needs(Action.CHANGE_DRIVER)
def change(uid: UUID) -> ResponseReturnValue:
    """Change a driver."""
    driver = queries.get_driver(context.session(), context.actor(), uid)
    if answer := finding.answer(request.form, finder):
        return _form(answer.values, {}, driver, answer=answer)
    typed, errors = _parse(driver)
    if errors or typed is None:
        return _form(request.form, errors, driver)
    try:
        _store(typed, driver=driver)
    except Refused as refused:
        return _refused(refused, driver)
    flash(_("Saved."))
    return redirect(url_for("drivers.show", uid=uid), code=303)


@blueprint.post("/drivers/<uuid:uid>/papers")
@needs(Action.CLEAR_DRIVER)
def record_paper(uid: UUID) -> ResponseReturnValue:
    """Note a paper that was seen; with `drop`, forget one."""
    session, actor = context.session(), context.actor()
    driver = queries.get_driver(session, actor, uid)
    dropped = request.form.get("drop")
    if dropped in {kind.value for kind in CredentialKind}:
        service.drop_paper(session, actor, driver, CredentialKind(dropped), now=context.now())
    else:
        paper, errors = forms.parse_paper(request.form)
        if paper is None:
            return _record(driver, errors)
        service.record_paper(session, actor, driver, *paper, now=context.now())
    flash(_("Saved."))
    return redirect(url_for("drivers.show", uid=uid), code=303)


def _is_own(driver: Driver | None) -> bool:
    """Whether the driver changes the own record, and does not coordinate the group as well."""
    actor = context.actor()
    return driver is not None and driver.group_id not in actor.coordinates


def _invited_user() -> User | None:
    wanted = request.values.get("user", "")
    if not wanted:
        return None
    waiting = queries.without_record(context.session(), context.actor(), context.group())
    found = next((user for user in waiting if str(user.uid) == wanted), None)
    if found is None:
        raise NotFound("invited driver")
    return found


def _parse(driver: Driver | None) -> tuple[DriverForm | None, dict[str, str]]:
    return forms.parse(
        request.form, driver, is_own=_is_own(driver), uses_miles=context.group().uses_miles
    )


def _store(typed: DriverForm, *, driver: Driver | None = None, user: User | None = None) -> Driver:
    session, actor = context.session(), context.actor()
    facts: DriverFacts = typed.facts
    if typed.public_start is not None:
        facts = replace(facts, start=places.get_public_place(session, actor, typed.public_start))
    if typed.public_end is not None:
        facts = replace(facts, end=places.get_public_place(session, actor, typed.public_end))
    for which, where in (("start", facts.start), ("end", facts.end)):
        if isinstance(where, OwnAddress):
            finding.check_pin(request.form, f"{which}-", gazetteer())
    return service.save(
        session,
        actor,
        facts,
        group=context.group(),
        driver=driver,
        user=user,
        seen_version=typed.seen_version,
        now=context.now(),
    )


def _refused(
    refused: Refused, driver: Driver | None = None, user: User | None = None
) -> ResponseReturnValue:
    field, meant = "", ""
    if isinstance(refused, service.NumberTaken):
        field = "number"
    elif isinstance(refused, places_service.PointRefused):
        # Both addresses may have been typed; the first that was is the one to look at.
        which = "start" if request.form.get("start") == forms.OWN else "end"
        field, meant = f"{which}-lat", which if refused.may_be_meant else ""
    elif isinstance(refused, finding.PinRefused):
        which = refused.prefix.removesuffix("-")
        field, meant = f"{which}-lat", which if refused.may_be_meant else ""
    return _form(request.form, {field: " ".join(refused.reasons)}, driver, user=user, meant=meant)


def _form(
    values: Mapping[str, object],
    errors: dict[str, str],
    driver: Driver | None = None,
    *,
    user: User | None = None,
    meant: str = "",
    answer: finding.Answer | None = None,
) -> ResponseReturnValue:
    session, actor, group = context.session(), context.actor(), context.group()
    spoken = _spoken(values)
    is_own = _is_own(driver)
    public = [] if is_own else places.public_places(session, actor, group)
    page = render_template(
        "drivers/form.html",
        layout="phone.html" if is_own else "desk.html",
        is_own=is_own,
        driver=driver,
        user=user,
        user_shown=shown_name(user, vault_of(session)) if user else "",
        values=values,
        errors=errors,
        meant=meant,
        answer=answer,
        spoken=spoken,
        languages_spoken=spoken_languages(spoken),
        distance_unit=_("miles") if group.uses_miles else _("km"),
        public_places=[(place.uid, place.name) for place in public],
        map_data=maps.of_group(session, actor, group),
    )
    return page, 422 if errors else 200


def _spoken(values: Mapping[str, object]) -> list[str]:
    if values is request.form:
        return request.form.getlist("languages")
    return list(values.get("languages") or [])


def _record(driver: Driver, errors: dict[str, str]) -> ResponseReturnValue:
    group = context.group()
    is_own = _is_own(driver)
    page = render_template(
        "drivers/record.html",
        layout="phone.html" if is_own else "desk.html",
        is_own=is_own,
        driver=driver,
        name=shown_name(driver.user, vault_of(context.session())),
        seats=say_seats(driver.child_seats),
        spoken=[language_name(code) for code in driver.languages],
        distance=forms.values_of(driver, uses_miles=group.uses_miles)["max_distance"],
        distance_unit=_("miles") if group.uses_miles else _("km"),
        errors=errors,
        values=request.form,
        paper_kinds=[(kind.value, word) for kind, word in forms.PAPER_WORDS.items()],
        **_paper_facts([driver]),
    )
    return page, 422 if errors else 200


def _paper_facts(drivers: list[Driver]) -> dict[str, object]:
    today = local_day(context.now(), context.group().zone)
    return {
        "paper_words": forms.PAPER_WORDS,
        "expired": {driver.id: rules.expired(driver.credentials, today) for driver in drivers},
        "expiring": {
            driver.id: rules.expiring(driver.credentials, today, within_days=EXPIRES_SOON_DAYS)
            for driver in drivers
        },
    }
