"""Who has a ride, who could have it, and giving it to somebody by hand or taking it back."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch.clock import local_instant
from dispatch.db.transactions import vault_of
from dispatch.drivers import queries as drivers
from dispatch.drivers.models import Driver
from dispatch.i18n import gettext as _
from dispatch.i18n import say_time
from dispatch.people import queries as people
from dispatch.places.here import roads
from dispatch.places.roads.words import basis_sentence
from dispatch.planning import forms, queries, reading, service
from dispatch.planning.facts import DayFacts, pickup_window
from dispatch.planning.models import Assignment, Proposal
from dispatch.planning.reasons import refusal_sentence
from dispatch.planning.rules import WARNINGS, Refusal, extra_drive, in_fives, refusals
from dispatch.planning.views.blueprint import (
    REFUSALS,
    blueprint,
    board_of,
    refused,
    undo_of,
)
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.rides import queries as rides
from dispatch.rides.models import Ride
from dispatch.rides.rules import why_not
from dispatch.web import context
from dispatch.web.errors import sentence_for


@dataclass(frozen=True)
class Holder:
    """Who has a ride, or is proposed for it."""

    assignment: Assignment | None
    proposal: Proposal | None
    name: str
    both_ways: bool
    """Whether the driver waits, so that what is decided holds for the way there and back."""


@blueprint.app_context_processor
def _driver_of() -> dict[str, object]:
    """Lets the record of a ride, which lies below planning, show who drives it."""
    return {"driver_of": _holder}


def _holder(ride: Ride) -> Holder:
    session = context.session()
    held, proposal = queries.live_assignment(session, ride), None
    if held is None:
        proposal = queries.live_proposal(session, ride)
    known = held or proposal
    name = people.shown_name(known.driver.user, vault_of(session)) if known else ""
    return Holder(held, proposal, name, len(service.pair_of(session, ride)) > 1)


@dataclass(frozen=True)
class Candidate:
    """A driver who is looked at for a ride, with what speaks against it."""

    driver: Driver
    name: str
    reasons: list[str]
    warnings: list[str]
    """What speaks against it and may be set aside."""
    extra_minutes: int | None
    """Of driving, in steps of five; None where that is not known."""

    @property
    def said(self) -> str:
        """What it costs, and what may be set aside."""
        if self.extra_minutes is None:
            return " ".join(self.warnings)
        cost = _("%(minutes)s min more driving", minutes=self.extra_minutes)
        return " ".join([f"{cost}.", *self.warnings])


@dataclass(frozen=True)
class Choice:
    """What is known when somebody is to be chosen for a ride."""

    facts: DayFacts
    """Of the day as if nobody had the ride."""
    window: tuple[datetime, datetime] | None
    """When the pickup may be; None where no road leads."""
    pickup_at: datetime
    chosen: Driver | None
    """Who has the ride, or is proposed for it."""
    is_both_ways: bool


@blueprint.get("/rides/<uuid:uid>/assign")
@needs(Action.ASSIGN_RIDE)
def choose_driver(uid: UUID) -> ResponseReturnValue:
    """Who could take a ride, and who could not and why."""
    ride = rides.get_ride(context.session(), context.actor(), uid)
    wall = forms.parse_wall(request.args.get("at"))
    zone = context.group().zone
    at = None if wall is None else local_instant(ride.service_on, wall, zone)
    chosen = request.args.get("driver")
    return _choosing(ride, at, {"driver": chosen} if chosen else {}, {})


@blueprint.post("/rides/<uuid:uid>/assign")
@needs(Action.ASSIGN_RIDE)
def assign(uid: UUID) -> ResponseReturnValue:
    """Give a ride to a driver by hand."""
    session, actor = context.session(), context.actor()
    ride = rides.get_ride(session, actor, uid)
    choice, errors = forms.parse_choice(request.form, ride.service_on, context.group().zone)
    if choice is None:
        return _choosing(ride, None, request.form, errors)
    driver = drivers.get_driver(session, actor, choice.driver_uid)
    held = queries.live_assignment(session, ride)
    try:
        made = service.assign(
            session,
            actor,
            ride,
            driver,
            pickup_at=choice.pickup_at,
            version=choice.version,
            engine=roads(),
            now=context.now(),
        )
    except REFUSALS as error:
        session.rollback()
        why = {"driver": sentence_for(error)}
        return _choosing(ride, choice.pickup_at, request.form, why, status=error.status)
    say_asked(driver, made, held)
    return redirect(board_of(ride.service_on, ride), code=303)


@blueprint.post("/assignments/<uuid:uid>/release")
@needs(Action.RELEASE_ASSIGNMENT)
def release(uid: UUID) -> ResponseReturnValue:
    """Take a ride back from its driver."""
    session, actor = context.session(), context.actor()
    assignment = queries.get_assignment(session, actor, uid)
    way_back = board_of(assignment.ride.service_on, assignment.ride)
    try:
        service.release(session, actor, assignment, now=context.now())
    except REFUSALS as error:
        return refused(error, way_back)
    flash(_("Taken back. The address is closed, the driver is told, the ride is open again."))
    return redirect(way_back, code=303)


def _choosing(
    ride: Ride,
    at: datetime | None,
    values: object,
    errors: dict[str, str],
    *,
    status: int = 422,
) -> ResponseReturnValue:
    """The page with everybody who could; with `errors`, `status` says what is wrong."""
    if ride.state not in service.MOVABLE:
        flash(why_not(ride.state))
        return redirect(url_for("rides.show_ride", uid=ride.uid), code=303)
    choice = choice_of(ride, at)
    found = candidates(choice)
    page = render_template(
        "planning/assign.html",
        ride=ride,
        pickup_at=choice.pickup_at,
        window=choice.window,
        can=sorted((one for one in found if not one.reasons), key=_least_first),
        cannot=[one for one in found if one.reasons],
        chosen=choice.chosen,
        both_ways=choice.is_both_ways,
        basis=basis_sentence(choice.facts.travel.basis),
        values=values,
        errors=errors,
    )
    return page, status if errors else 200


def say_asked(driver: Driver, made: list[Assignment], held: Assignment | None) -> None:
    """Tell that `driver` is asked by `made`; `held` is whose the ride was before."""
    name = people.shown_name(driver.user, vault_of(context.session()))
    said = _("%(name)s is asked now.", name=name)
    # Whoever had the ride before was told that it is gone: there is no silent way back.
    flash({"text": said, "undo": undo_of(made)} if held is None else said)


def choice_of(ride: Ride, at: datetime | None) -> Choice:
    """Who is to drive `ride`, at the moment `at` or, without one, when it is planned now."""
    session, group = context.session(), context.group()
    pair = service.pair_of(session, ride)
    facts = reading.facts_of_day(
        session,
        group,
        ride.service_on,
        now=context.now(),
        engine=roads(),
        only=reading.Only(pair, None),
    )
    facts = service.without_rides(facts, [leg.id for leg in pair])
    window = pickup_window(facts, facts.rides[0])
    known = queries.live_assignment(session, pair[0]) or queries.live_proposal(session, pair[0])
    # Where no road leads there is no window, but still a reason to be read at some time.
    pickup_at = at or (known.pickup_at if known else (window or facts.rides[0].window)[0])
    return Choice(facts, window, pickup_at, known.driver if known else None, len(pair) > 1)


def candidates(choice: Choice) -> list[Candidate]:
    """Every driver of the group, with what speaks against each."""
    facts, asked, at = choice.facts, choice.facts.rides[0], choice.pickup_at
    session = context.session()
    vault = vault_of(session)
    known = {one.id: one for one in drivers.drivers(session, context.actor(), context.group())}
    found = []
    for one in facts.drivers:
        driver = known.get(one.driver_id)
        if driver is None:
            continue
        against = refusals(facts, asked, one, at)
        reasons = [_said(why) for why in against if why.obstacle not in WARNINGS]
        warnings = [_said(why) for why in against if why.obstacle in WARNINGS]
        extra = None if reasons else extra_drive(facts, asked, one, at)
        extra = None if extra is None else in_fives(extra)
        name = people.shown_name(driver.user, vault)
        found.append(Candidate(driver, name, reasons, warnings, extra))
    return found


def _least_first(one: Candidate) -> tuple[bool, bool, int]:
    """Whom nothing speaks against, then who has the least to drive for it."""
    return bool(one.warnings), one.extra_minutes is None, one.extra_minutes or 0


def _said(why: Refusal) -> str:
    zone = context.group().zone
    return refusal_sentence(why, lambda moment: say_time(moment, zone))
