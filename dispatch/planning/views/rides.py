"""The ride itself: withdrawn, asked for at another time, ready, under way."""

from datetime import datetime
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from dispatch.clock import local_instant
from dispatch.errors import Refused
from dispatch.i18n import gettext as _
from dispatch.planning import forms, queries, service
from dispatch.planning.models import Tap
from dispatch.planning.views import taps
from dispatch.planning.views.blueprint import REFUSALS, back_from, blueprint, board_of, refused
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.rides import queries as rides
from dispatch.rides import rules
from dispatch.rides.models import Ride, RideState
from dispatch.web import context
from dispatch.web.errors import sentence_for


@blueprint.post("/rides/<uuid:uid>/cancel")
@needs(Action.CANCEL_RIDE)
def cancel(uid: UUID) -> ResponseReturnValue:
    """Withdraw a ride; or, with `scope`, both ways of its day, or the rest of its series."""
    session, actor = context.session(), context.actor()
    ride = rides.get_ride(session, actor, uid)
    try:
        service.cancel_together(
            session,
            actor,
            ride,
            rides.rides_in_scope(session, actor, ride, _scope()),
            reason=request.form.get("reason", "family")[:24],
            version=forms.parse_version(request.form),
            now=context.now(),
        )
    except REFUSALS as error:
        return refused(error, _record_of(uid))
    flash(_("Cancelled. Whoever was to come is told."))
    return redirect(_record_of(uid), code=303)


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
    version = forms.parse_version(request.form)
    try:
        window = _window(ride)
        service.change_window(session, actor, ride, window, version=version, now=context.now())
    except Refused as error:
        session.rollback()
        # The record stands in another room: what was typed travels with the sentence.
        flash(sentence_for(error), "time")
        for name in ("first", "last"):
            flash(request.form.get(name, "")[:8], f"time.{name}")
        return redirect(_record_of(uid), code=303)
    except REFUSALS as error:
        return refused(error, _record_of(uid))
    flash(_("Saved. The ride is open for the next run."))
    return redirect(_record_of(uid), code=303)


def _window(ride: Ride) -> tuple[datetime, datetime]:
    zone = context.group().zone
    first, last = (forms.parse_wall(request.form.get(name)) for name in ("first", "last"))
    if first is None or last is None:
        raise Refused(_("Write the time like 13:10."))
    return local_instant(ride.service_on, first, zone), local_instant(ride.service_on, last, zone)


@blueprint.post("/rides/<uuid:uid>/ready")
@needs(Action.MARK_READY)
def ready(uid: UUID) -> ResponseReturnValue:
    """A will-call party said that it is ready."""
    session, actor = context.session(), context.actor()
    ride = rides.get_ride(session, actor, uid)
    try:
        service.mark_ready(session, actor, ride, now=context.now())
    except REFUSALS as error:
        return refused(error, _record_of(uid))
    flash(_("Ready. The matcher looks for a driver now; you can also choose one."))
    return redirect(board_of(ride.service_on, ride), code=303)


@blueprint.post("/assignments/<uuid:uid>/report")
@needs(Action.REPORT_PROGRESS)
def report(uid: UUID) -> ResponseReturnValue:
    """The driver, or a coordinator for it, says how the ride goes."""
    session, actor = context.session(), context.actor()
    assignment = queries.get_assignment(session, actor, uid)
    way_back = back_from(assignment)
    try:
        before, state = _step()
        reason = request.form.get("noshow", "nobody")
        return taps.carry_out(
            assignment,
            _tap_of(before, state),
            lambda: service.report_progress(
                session,
                actor,
                assignment,
                state,
                before=before,
                reason=reason,
                now=context.now(),
            ),
            _("Saved."),
            way_back,
        )
    except REFUSALS as error:
        return refused(error, way_back)


def _step() -> tuple[RideState | None, RideState]:
    """The state that whoever reports saw, if the form says it, and the one that is reported."""
    before, state = request.form.get("before"), request.form.get("state")
    if "noshow" in request.form:
        state = RideState.NO_SHOW.value
    try:
        return RideState(before) if before else None, RideState(state)
    except ValueError as error:
        raise Refused(_("Choose what happened.")) from error


def _tap_of(before: RideState | None, state: RideState) -> Tap:
    if (before, state) in rules.UNDOES or state is RideState.ACCEPTED:
        return Tap.UNDO
    try:
        return Tap(state.value)
    except ValueError as error:
        raise Refused(_("Choose what happened.")) from error


def _record_of(uid: UUID) -> str:
    return url_for("rides.show_ride", uid=uid)
