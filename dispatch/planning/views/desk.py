"""The coordinator's decisions: run, approve, move, take back, cancel."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from flask import current_app, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch.clock import local_instant
from dispatch.db.transactions import vault_of
from dispatch.drivers import queries as drivers
from dispatch.drivers.models import Driver
from dispatch.errors import Refused
from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext, say_time
from dispatch.people import queries as people
from dispatch.planning import forms, queries, reading, service
from dispatch.planning.facts import AskedRide, DayFacts, pickup_window
from dispatch.planning.models import Assignment, MatchRun, Proposal, RunState
from dispatch.planning.reasons import failure_sentence, refusal_sentence
from dispatch.planning.rules import refusals
from dispatch.planning.views.blueprint import blueprint, engine, enqueue
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.rides import queries as rides
from dispatch.rides.models import Ride, RideState
from dispatch.web import context

SEVERAL_DAYS = 7


def board_of(day: date, ride: Ride | None = None) -> str:
    """The address of the board on `day`, with a ride selected."""
    return url_for("board.day", day=day.isoformat(), ride=None if ride is None else str(ride.uid))


@blueprint.post("/runs")
@needs(Action.START_RUN)
def start_run() -> ResponseReturnValue:
    """Ask for a run over a day, or over each day of the week that begins with it."""
    first = forms.parse_day(request.form.get("day"))
    if first is None:
        raise Refused(_("Choose a day."))
    days = SEVERAL_DAYS if request.form.get("week") else 1
    for ahead in range(days):
        service.start_run(
            context.session(),
            context.actor(),
            context.group(),
            first + timedelta(days=ahead),
            enqueue=enqueue(),
            now=context.now(),
        )
    if request.form.get("week"):
        return redirect(url_for("board.week", day=first.isoformat()), code=303)
    return redirect(board_of(first), code=303)


@blueprint.get("/runs/<uuid:uid>")
@needs(Action.SEE_RUN)
def show_run(uid: UUID) -> ResponseReturnValue:
    """How far a run is: the card that asks for itself again; at the end the page is made anew."""
    run = queries.get_run(context.session(), context.actor(), uid)
    if not request.headers.get("HX-Request"):
        return redirect(board_of(run.service_on))
    response = make_response(render_template("planning/_run.html", run=run, card=run_card(run)))
    if run.state not in (RunState.QUEUED, RunState.RUNNING):
        response.headers["HX-Refresh"] = "true"
    return response


@blueprint.post("/runs/<uuid:uid>/stop")
@needs(Action.CANCEL_RUN)
def stop_run(uid: UUID) -> ResponseReturnValue:
    """Ask a run to end with the best plan it has."""
    run = queries.get_run(context.session(), context.actor(), uid)
    service.stop_run(context.session(), context.actor(), run, now=context.now())
    return redirect(board_of(run.service_on), code=303)


def run_card(run: MatchRun) -> dict[str, object]:
    """A run as the template shows it."""
    notes: list[str] = []
    result, progress = run.result, run.progress
    if run.state is RunState.FAILED and run.failure:
        notes.append(failure_sentence(run.failure))
    if result.get("estimate"):
        notes.append(_("Times are estimates: no road map has been imported."))
    if result and not result["proven"] and result["gap"] is not None:
        percent = round(result["gap"] * 100, 1)
        notes.append(_("Driving at most %(percent)s %% above the least possible.", percent=percent))
    if result:
        zone = context.group().zone
        notes.append(_("Ended at %(time)s.", time=say_time(run.ended_at, zone)))
    state = {RunState.CANCELLED: "stopped"}.get(run.state, run.state.value)
    if run.state is RunState.DONE and run.stop_asked and not result.get("proven"):
        state = "stopped"
    return {
        "state": state,
        "served": result.get("served", progress.get("served", 0)),
        "total": result.get("rides", progress.get("rides", 0)),
        "possible": None,
        "proven": bool(result.get("proven")),
        "seconds": round(progress.get("seconds", 0)),
        "limit": current_app.config["DISPATCH"].match_seconds,
        "notes": notes,
    }


@blueprint.post("/proposals/approve")
@needs(Action.APPROVE_PROPOSAL)
def approve_many() -> ResponseReturnValue:
    """Approve the chosen proposals; what cannot be says why, the rest is done."""
    session, actor = context.session(), context.actor()
    uids = [uid for text in request.form.getlist("proposal") if (uid := forms.parse_uid(text))]
    chosen = [queries.get_proposal(session, actor, uid) for uid in dict.fromkeys(uids)]
    if not chosen:
        raise Refused(_("Choose at least one proposal."))
    day = chosen[0].ride.service_on
    bulk = service.approve_many(session, actor, chosen, engine=engine(), now=context.now())
    _say_bulk(bulk)
    return redirect(board_of(day), code=303)


@blueprint.post("/proposals/<uuid:uid>/approve")
@needs(Action.APPROVE_PROPOSAL)
def approve(uid: UUID) -> ResponseReturnValue:
    """Approve one proposal."""
    session, actor = context.session(), context.actor()
    proposal = queries.get_proposal(session, actor, uid)
    made = service.approve(session, actor, proposal, engine=engine(), now=context.now())
    name = people.shown_name(proposal.driver.user, vault_of(session))
    flash(_("Approved. %(name)s is asked now.", name=name))
    return redirect(board_of(proposal.ride.service_on, made[0].ride), code=303)


@blueprint.post("/proposals/<uuid:uid>/decline")
@needs(Action.DECLINE_PROPOSAL)
def decline(uid: UUID) -> ResponseReturnValue:
    """Say no to a proposal."""
    session, actor = context.session(), context.actor()
    proposal = queries.get_proposal(session, actor, uid)
    service.decline_proposal(session, actor, proposal, now=context.now())
    flash(_("Declined. The ride is open again for the next run."))
    return redirect(board_of(proposal.ride.service_on, proposal.ride), code=303)


@dataclass(frozen=True)
class Holder:
    """Who has a ride, or is proposed for it."""

    assignment: Assignment | None
    proposal: Proposal | None
    name: str


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
    return Holder(held, proposal, name)


@dataclass(frozen=True)
class Candidate:
    """A driver who is looked at for a ride, with what speaks against it."""

    driver: Driver
    name: str
    reasons: list[str]


@blueprint.get("/rides/<uuid:uid>/assign")
@needs(Action.ASSIGN_RIDE)
def choose_driver(uid: UUID) -> ResponseReturnValue:
    """Who could take a ride, and who could not and why."""
    ride = rides.get_ride(context.session(), context.actor(), uid)
    wall = forms.parse_wall(request.args.get("at"))
    zone = context.group().zone
    at = None if wall is None else local_instant(ride.service_on, wall, zone)
    return _choosing(ride, at, {}, {})


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
    try:
        service.assign(
            session,
            actor,
            ride,
            driver,
            pickup_at=choice.pickup_at,
            version=choice.version,
            engine=engine(),
            now=context.now(),
        )
    except Refused as error:
        session.rollback()
        return _choosing(ride, choice.pickup_at, request.form, {"driver": " ".join(error.reasons)})
    name = people.shown_name(driver.user, vault_of(session))
    flash(_("%(name)s is asked now.", name=name))
    return redirect(board_of(ride.service_on, ride), code=303)


@blueprint.post("/assignments/<uuid:uid>/release")
@needs(Action.RELEASE_ASSIGNMENT)
def release(uid: UUID) -> ResponseReturnValue:
    """Take a ride back from its driver."""
    session, actor = context.session(), context.actor()
    assignment = queries.get_assignment(session, actor, uid)
    service.release(session, actor, assignment, now=context.now())
    flash(_("Taken back. The address is closed, the driver is told, the ride is open again."))
    return redirect(board_of(assignment.ride.service_on, assignment.ride), code=303)


@blueprint.post("/rides/<uuid:uid>/cancel")
@needs(Action.CANCEL_RIDE)
def cancel(uid: UUID) -> ResponseReturnValue:
    """Withdraw a ride; or, with `scope`, both ways of its day, or the rest of its series."""
    session, actor = context.session(), context.actor()
    ride = rides.get_ride(session, actor, uid)
    service.cancel_together(
        session,
        actor,
        ride,
        rides.rides_in_scope(session, actor, ride, _scope()),
        reason=request.form.get("reason", "family")[:24],
        version=forms.parse_version(request.form),
        now=context.now(),
    )
    flash(_("Cancelled. Whoever was to come is told."))
    return redirect(url_for("rides.show_ride", uid=ride.uid), code=303)


def _scope() -> rides.Scope:
    try:
        return rides.Scope(request.form.get("scope", "ride"))
    except ValueError as error:
        raise Refused(_("Choose what to cancel.")) from error


@blueprint.post("/rides/<uuid:uid>/time")
@needs(Action.CHANGE_RIDE)
def change_time(uid: UUID) -> ResponseReturnValue:
    """Ask for a ride at another time of its day."""
    session, actor = context.session(), context.actor()
    ride = rides.get_ride(session, actor, uid)
    zone = context.group().zone
    walls = [forms.parse_wall(request.form.get(name)) for name in ("first", "last")]
    if None in walls:
        raise Refused(_("Write the time like 13:10."))
    first, last = (local_instant(ride.service_on, wall, zone) for wall in walls if wall)
    version = forms.parse_version(request.form)
    service.change_window(session, actor, ride, (first, last), version=version, now=context.now())
    flash(_("Saved. The ride is open for the next run."))
    return redirect(url_for("rides.show_ride", uid=ride.uid), code=303)


@blueprint.post("/rides/<uuid:uid>/ready")
@needs(Action.CHANGE_RIDE)
def ready(uid: UUID) -> ResponseReturnValue:
    """A will-call party said that it is ready."""
    session, actor = context.session(), context.actor()
    ride = rides.get_ride(session, actor, uid)
    service.mark_ready(session, actor, ride, now=context.now())
    flash(_("Ready. Run the matcher, or give the ride to a driver."))
    return redirect(board_of(ride.service_on, ride), code=303)


@blueprint.post("/assignments/<uuid:uid>/report")
@needs(Action.REPORT_PROGRESS)
def report(uid: UUID) -> ResponseReturnValue:
    """The driver, or a coordinator for it, says how the ride goes."""
    session, actor = context.session(), context.actor()
    assignment = queries.get_assignment(session, actor, uid)
    try:
        state = RideState(request.form.get("state"))
    except ValueError as error:
        raise Refused(_("Choose what happened.")) from error
    service.report_progress(session, actor, assignment, state, now=context.now())
    flash(_("Saved."))
    if assignment.driver_id in actor.driver_ids:
        return redirect(url_for("planning.today"), code=303)
    return redirect(board_of(assignment.ride.service_on, assignment.ride), code=303)


def _say_bulk(bulk: service.Bulk) -> None:
    done = len(bulk.approved)
    if done:
        flash(
            ngettext(
                "One ride approved, its driver is asked now.",
                "%(num)s rides approved, their drivers are asked now.",
                done,
            )
        )
    for proposal, sentence in bulk.refused:
        number = proposal.ride.family.number
        flash(_("%(number)s was not approved: %(reason)s", number=number, reason=sentence))


def _choosing(
    ride: Ride, at: datetime | None, values: object, errors: dict[str, str]
) -> ResponseReturnValue:
    session, group = context.session(), context.group()
    pair = service.pair_of(session, ride)
    facts = reading.facts_of_day(
        session,
        group,
        ride.service_on,
        now=context.now(),
        engine=engine(),
        only=reading.Only(pair, None),
    )
    facts = service.without_rides(facts, [leg.id for leg in pair])
    asked = facts.rides[0]
    window = pickup_window(facts, asked)
    held = queries.live_assignment(session, pair[0])
    proposal = queries.live_proposal(session, pair[0])
    known = held or proposal
    pickup_at = at or (known.pickup_at if known else None) or (window[0] if window else None)
    found = _candidates(facts, asked, pickup_at) if pickup_at else []
    page = render_template(
        "planning/assign.html",
        ride=ride,
        pickup_at=pickup_at,
        window=window,
        can=[one for one in found if not one.reasons],
        cannot=[one for one in found if one.reasons],
        chosen=known.driver if known else None,
        estimate=facts.travel.is_estimate,
        values=values,
        errors=errors,
    )
    return page, 422 if errors else 200


def _candidates(facts: DayFacts, asked: AskedRide, at: datetime) -> list[Candidate]:
    session, zone = context.session(), context.group().zone
    vault = vault_of(session)
    known = {one.id: one for one in drivers.drivers(session, context.actor(), context.group())}
    return [
        Candidate(
            known[one.driver_id],
            people.shown_name(known[one.driver_id].user, vault),
            [
                refusal_sentence(why, lambda moment: say_time(moment, zone))
                for why in refusals(facts, asked, one, at)
            ],
        )
        for one in facts.drivers
        if one.driver_id in known
    ]
