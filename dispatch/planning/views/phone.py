"""The driver's phone: today, offers, and a look at where to go."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from flask import make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch import clock
from dispatch.db.transactions import vault_of
from dispatch.errors import Closed, Conflict, Refused
from dispatch.i18n import gettext as _
from dispatch.i18n import say_time
from dispatch.people.models import Group
from dispatch.people.queries import shown_name
from dispatch.places.here import roads
from dispatch.planning import navigation, queries, service, troubles
from dispatch.planning.coarse import pickup_between, shown_minutes
from dispatch.planning.models import Assignment, AssignmentState, Tap
from dispatch.planning.service.looking import in_question
from dispatch.planning.views import taps
from dispatch.planning.views.blueprint import REFUSALS, blueprint, refused
from dispatch.policy import Action, permits
from dispatch.policy.endpoints import needs
from dispatch.rides.models import RideState
from dispatch.rides.queries import UNDER_WAY
from dispatch.web import context
from dispatch.web.headers import KEPT_BY_THE_PHONE
from dispatch.web.render import for_a_minute

_AHEAD = timedelta(days=14)


@dataclass(frozen=True)
class Looked:
    """What of one ride was just opened, for a minute."""

    assignment: Assignment
    shown: service.Shown | None = None
    number: str | None = None
    where: str = ""
    """Where the driver goes next, and the links that open it in a map app."""
    apps: list[tuple[str, str]] = field(default_factory=list)


@blueprint.app_context_processor
def _phone() -> dict[str, object]:
    """What the frame of every phone page shows: the desk's number, and new offers."""
    actor = context.actor()
    if not actor.drives:
        return {}
    return {
        "desk_phone": _desk_phone(),
        "pickup_of": _pickup,
        "offer_count": queries.count_offers(context.session(), actor, now=context.now()),
    }


@blueprint.get("/today")
@needs(Action.SEE_OWN_RIDES)
def today() -> ResponseReturnValue:
    """The next ride first, then the later ones, then what is done."""
    return _today(None)


@blueprint.get("/today/sheet")
@needs(Action.SEE_OWN_RIDES)
def sheet() -> ResponseReturnValue:
    """What the phone keeps for a dead spot: when, how many, and what can be told from the road."""
    now, zone = context.now(), context.group().zone
    today = clock.local_day(now, zone)
    own = _own([AssignmentState.ACCEPTED])
    rides = [one for one in own if clock.local_day(one.pickup_at, zone) == today]
    response = make_response(
        render_template(
            "planning/sheet.html",
            rides=rides,
            states_told=(RideState.ACCEPTED, *UNDER_WAY),
        )
    )
    response.headers["Cache-Control"] = KEPT_BY_THE_PHONE
    return response


@blueprint.post("/assignments/<uuid:uid>/reveal")
@needs(Action.MEET_FAMILY)
def reveal(uid: UUID) -> ResponseReturnValue:
    """Where to go and whom to ask for, for a minute."""
    session, actor = context.session(), context.actor()
    assignment = queries.get_assignment(session, actor, uid)
    shown = service.look(session, actor, assignment, now=context.now())
    if request.headers.get("HX-Request"):
        return render_template("planning/_shown.html", assignment=assignment, shown=shown)
    return for_a_minute(_today(Looked(assignment, shown=shown)), url_for("planning.today"))


@blueprint.post("/assignments/<uuid:uid>/phone")
@needs(Action.CALL_FAMILY)
def show_phone(uid: UUID) -> ResponseReturnValue:
    """The family's number, for a minute."""
    session, actor = context.session(), context.actor()
    assignment = queries.get_assignment(session, actor, uid)
    number = service.read_phone(session, actor, assignment, now=context.now())
    if request.headers.get("HX-Request"):
        return render_template("planning/_number.html", assignment=assignment, number=number)
    return for_a_minute(_today(Looked(assignment, number=number)), url_for("planning.today"))


@blueprint.post("/assignments/<uuid:uid>/navigate")
@needs(Action.NAVIGATE)
def navigate(uid: UUID) -> ResponseReturnValue:
    """The next stop for a map app, for a minute, with the warning before it."""
    session, actor = context.session(), context.actor()
    assignment = queries.get_assignment(session, actor, uid)
    where = service.where_next(session, actor, assignment, now=context.now())
    apps = navigation.links(where, request.user_agent.string)
    if request.headers.get("HX-Request"):
        return render_template(
            "planning/_navigation.html", assignment=assignment, where=where, apps=apps
        )
    return for_a_minute(
        _today(Looked(assignment, where=where, apps=apps)), url_for("planning.today")
    )


@blueprint.get("/offers")
@needs(Action.SEE_OWN_RIDES)
def offers() -> ResponseReturnValue:
    """What waits for the driver's answer."""
    found = _own([AssignmentState.OFFERED])
    both_ways, backs = _both_ways(found)
    shown = [one for one in found if one.uid not in backs]
    return render_template("planning/offers.html", offers=shown, both_ways=both_ways)


@blueprint.get("/offers/<uuid:uid>")
@needs(Action.SEE_OWN_RIDES)
def show_offer(uid: UUID) -> ResponseReturnValue:
    """One offer: areas, times, needs; never the door."""
    assignment = queries.get_own_assignment(context.session(), context.actor(), uid)
    if not assignment.is_live:
        raise Closed(_("Somebody else took this ride. Thank you for answering."))
    home = assignment.driver.start_place.coarse_point
    pickup = assignment.ride.pickup_place.coarse_point
    dropoff = assignment.ride.dropoff_place.coarse_point
    # From the middles of areas and public places alone: exact times would draw the homes.
    legs = roads().legs([home, pickup, dropoff, home])
    there, drive, back = map(shown_minutes, legs.minutes)
    return render_template(
        "planning/offer.html",
        offer=assignment,
        ride=assignment.ride,
        pair=queries.legs_with(context.session(), assignment),
        there=there,
        drive=drive,
        back=back,
        estimate=legs.basis.is_estimate,
    )


@blueprint.post("/offers/<uuid:uid>/accept")
@needs(Action.ANSWER_OFFER)
def accept(uid: UUID) -> ResponseReturnValue:
    """Yes, I drive."""
    session, actor = context.session(), context.actor()
    assignment = queries.get_own_assignment(session, actor, uid)
    try:
        return taps.carry_out(
            assignment,
            Tap.ACCEPT,
            lambda: service.accept(session, actor, assignment, now=context.now()),
            _("Thank you. The family is told that you come."),
            url_for("planning.today"),
        )
    except Conflict as error:  # said yes before: the ride stands among the own ones
        return refused(error, url_for("planning.today"))
    except (Closed, Refused) as error:
        return refused(error, url_for("planning.offers"))


@blueprint.post("/offers/<uuid:uid>/decline")
@needs(Action.ANSWER_OFFER)
def decline_offer(uid: UUID) -> ResponseReturnValue:
    """No, or not after all."""
    session, actor = context.session(), context.actor()
    assignment = queries.get_own_assignment(session, actor, uid)
    try:
        return taps.carry_out(
            assignment,
            Tap.DECLINE,
            lambda: service.decline_offer(session, actor, assignment, now=context.now()),
            _("Thank you for saying so. Somebody else will be asked."),
            url_for("planning.offers"),
        )
    except REFUSALS as error:
        return refused(error, url_for("planning.offers"))


@blueprint.post("/offers/<uuid:uid>/seen")
@needs(Action.ANSWER_OFFER)
def seen(uid: UUID) -> ResponseReturnValue:
    """The driver knows that this ride was taken back."""
    session, actor = context.session(), context.actor()
    assignment = queries.get_own_assignment(session, actor, uid)
    try:
        return taps.carry_out(
            assignment,
            Tap.SEEN,
            lambda: service.note_seen(session, actor, assignment, now=context.now()),
            _("Thank you. The desk need not call you about it."),
            url_for("planning.today"),
        )
    except REFUSALS as error:
        return refused(error, url_for("planning.today"))


def _today(looked: Looked | None) -> str:
    now, zone = context.now(), context.group().zone
    own = _own([AssignmentState.ACCEPTED, AssignmentState.COMPLETED])
    running = [one for one in own if one.state is AssignmentState.ACCEPTED]
    done = [one for one in own if one.state is AssignmentState.COMPLETED]
    group = context.session().get_one(Group, own[0].group_id) if own else None
    return render_template(
        "planning/today.html",
        name=shown_name(context.user(), vault_of(context.session())),
        next=running[0] if running else None,
        later=running[1:],
        may_arrive=bool(running and group) and service.may_arrive_at(running[0], group) <= now,
        may_miss=bool(running) and running[0].pickup_at <= now,
        done=done,
        undoable={one.uid for one in done if service.may_go_on(one, group, now)}
        if group
        else set(),
        both_ways=_both_ways(running)[0],
        troubles=troubles.told_of(context.session(), own),
        taken_back=queries.taken_back(
            context.session(), context.actor(), since=clock.local_day(now, zone)
        ),
        is_today=lambda at: clock.local_day(at, zone) == clock.local_day(now, zone),
        looked=looked,
        opens={one.uid: in_question(one, group) for one in running} if group else {},
        opens_about={one.uid: _opens_about(one, group) for one in running} if group else {},
        may_look=_permitted(Action.MEET_FAMILY, running, group),
        may_navigate=_permitted(Action.NAVIGATE, running, group),
    )


def _permitted(action: Action, running: list[Assignment], group: Group | None) -> dict[UUID, bool]:
    """Whether the driver may do this about each of `running` now."""
    if group is None:
        return {}
    actor, now = context.actor(), context.now()
    return {one.uid: permits(actor, action, in_question(one, group), now) for one in running}


def _pickup(assignment: Assignment) -> str:
    """About when the pickup is, before its address is open: "9:05–9:35"."""
    between = pickup_between(assignment.ride)
    if between is None:
        return ""
    first, last = (say_time(one, context.group().zone) for one in between)
    return first if first == last else f"{first}–{last}"


def _opens_about(assignment: Assignment, group: Group) -> datetime:
    """About when the address opens, as far as a driver may know before."""
    between = pickup_between(assignment.ride)
    return (between[0] if between else assignment.pickup_at) - group.grant_before


def _own(states: list[AssignmentState]) -> list[Assignment]:
    """The driver's own rides from the start of today on."""
    now = context.now()
    found = context.group()
    since, _end = clock.day_bounds(clock.local_day(now, found.zone), found.zone)
    return [
        one
        for one in queries.own_assignments(
            context.session(), context.actor(), since=since, states=states
        )
        if one.pickup_at < now + _AHEAD
    ]


def _both_ways(own: list[Assignment]) -> tuple[set[UUID], set[UUID]]:
    """Which of `own` belong together, there and back; and which of these are the ways back."""
    held = {one.ride_id for one in own}
    backs = [one for one in own if one.ride.with_outbound and one.ride.outbound_id in held]
    out_ids = {one.ride.outbound_id for one in backs}
    back_uids = {one.uid for one in backs}
    return back_uids | {one.uid for one in own if one.ride_id in out_ids}, back_uids


def _desk_phone() -> str:
    return context.group().desk_phone
