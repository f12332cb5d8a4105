"""The board's pages: the day, the week, the day on paper."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch import clock
from dispatch.board import queries
from dispatch.board.queries import Day, DriverLane, Row
from dispatch.board.rules import ORDER, Axis
from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext, say_time
from dispatch.places import cells
from dispatch.planning.forms import parse_day, parse_uid
from dispatch.planning.models import Proposal
from dispatch.planning.reasons import relax_sentence, unserved_sentence
from dispatch.planning.views.desk import run_card
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.rides.models import Anchor
from dispatch.web import context

blueprint = Blueprint("board", __name__)
_STATES = (*ORDER, "live")


@blueprint.get("/board")
@needs(Action.SEE_BOARD)
def day() -> ResponseReturnValue:
    """One day: list, timeline and map, with what needs a coordinator first."""
    group, now = context.group(), context.now()
    on = _day_asked()
    found = queries.day_of(context.session(), context.actor(), group, on, now=now)
    state = request.args.get("state")
    state = state if state in _STATES else None
    picked = _picked(found)
    return render_template(
        "board/day.html",
        day=found,
        state=state,
        rows=found.of_state(state),
        picked=picked,
        today=clock.local_day(now, group.zone),
        before=on - timedelta(days=1),
        after=on + timedelta(days=1),
        card=run_card(found.run) if found.run else None,
        running=queries.is_running(found.run),
        timeline=[_lane(lane, found.axis, picked) for lane in found.lanes],
        now_line=_now_line(found.axis, on, now),
        map_data=_map(found),
    )


@blueprint.get("/board/week")
@needs(Action.SEE_BOARD)
def week() -> ResponseReturnValue:
    """Seven days: how many rides in which state."""
    group = context.group()
    first = _day_asked()
    days = [first + timedelta(days=ahead) for ahead in range(7)]
    found = [
        queries.day_of(context.session(), context.actor(), group, on, now=context.now())
        for on in days
    ]
    return render_template(
        "board/week.html", days=found, first=first, states=[s for s in ORDER if _any(found, s)]
    )


@blueprint.get("/board/print")
@needs(Action.SEE_BOARD)
def print_day() -> ResponseReturnValue:
    """The day on paper: times, areas, needs and names of drivers; no address."""
    found = queries.day_of(
        context.session(), context.actor(), context.group(), _day_asked(), now=context.now()
    )
    rows = sorted(
        (row for row in found.rows if row.state != "cancelled"),
        key=lambda row: (row.at is None, row.at),
    )
    large = request.args.get("type") == "large"
    return render_template("board/print.html", day=found, rows=rows, large=large)


@blueprint.app_context_processor
def _words() -> dict[str, object]:
    """What the board's templates say about a ride."""
    return {
        "why_unserved": lambda one: unserved_sentence(one.reason),
        "what_helps": lambda one: relax_sentence(one.relax),
        "why_proposed": _why,
        "when_note": _note,
        "ride_facts": _facts,
    }


def _day_asked() -> date:
    group = context.group()
    return parse_day(request.args.get("day")) or clock.local_day(context.now(), group.zone)


def _picked(found: Day) -> Row | None:
    uid = parse_uid(request.args.get("ride"))
    chosen = next((row for row in found.rows if row.ride.uid == uid), None)
    return chosen or next((row for row in found.rows if row.state == "proposed"), None)


def _any(days: Iterable[Day], state: str) -> bool:
    return any(Counter(row.state for row in day.rows)[state] for day in days)


def _why(proposal: Proposal) -> str:
    """Why this driver, in half a sentence."""
    why, parts = proposal.why, []
    away = why.get("away_minutes")
    if away is not None:
        parts.append(_("about %(minutes)s min away", minutes=max(away, 5)))
    if why.get("seats"):
        parts.append(_("has the child seats"))
    if any(skill.startswith("lang:") for skill in why.get("skills", [])):
        parts.append(_("speaks the language"))
    if "wheelchair" in why.get("skills", []):
        parts.append(_("takes the wheelchair"))
    others = len(why.get("others", []))
    if others:
        parts.append(ngettext("%(num)s other could", "%(num)s others could", others))
    return ", ".join(parts)


def _note(row: Row) -> str:
    """The small line under a ride's time."""
    ride = row.ride
    if ride.window_ends_at is None or ride.window_starts_at is None:
        return _("will-call")
    zone = context.group().zone
    if ride.anchor is Anchor.ARRIVE_BY:
        return _("by %(time)s", time=say_time(ride.window_ends_at, zone))
    return _("from %(time)s", time=say_time(ride.window_starts_at, zone))


def _facts(row: Row) -> list[str]:
    """Number, riders and needs, as they stand in a list."""
    ride = row.ride
    facts = [
        ride.family.number,
        ngettext("%(num)s rider", "%(num)s riders", ride.riders),
    ]
    seats = sum(ride.child_seats.values())
    if seats:
        facts.append(ngettext("%(num)s child seat", "%(num)s child seats", seats))
    if ride.wheelchair:
        facts.append(_("wheelchair"))
    if ride.language:
        facts.append(ride.language)
    return facts


def _lane(lane: DriverLane, axis: Axis, picked: Row | None) -> dict[str, object]:
    zone = context.group().zone
    return {
        "name": lane.name,
        "detail": lane.driver.number,
        "url": url_for("drivers.show", uid=lane.driver.uid),
        "shift": str(lane.driver.uid),
        "shifts": [axis.span(first, last) for first, last in lane.shifts],
        "blocks": [
            {
                **axis.span(row.at, row.until),
                "state": row.state,
                "url": url_for(
                    "board.day",
                    day=row.ride.service_on.isoformat(),
                    ride=str(row.ride.uid),
                ),
                "words": f"{say_time(row.at, zone)} {row.ride.family.number}",
                "label": row.ride.family.number,
                "ride": str(row.ride.uid),
                "current": picked is not None and picked.ride.id == row.ride.id,
            }
            for row in lane.rows
            if row.at is not None and row.until is not None
        ],
    }


def _now_line(axis: Axis, on: date, now: datetime) -> dict[str, object] | None:
    zone = context.group().zone
    if clock.local_day(now, zone) != on:
        return None
    return {"s": axis.column(now), "words": say_time(now, zone)}


def _map(found: Day) -> dict[str, object]:
    """Cells with how many rides touch them, public places in use, and the ways between cells."""
    touched: Counter[int] = Counter()
    known, public = {}, {}
    for row in found.rows:
        for place in (row.ride.pickup_place, row.ride.dropoff_place):
            if place.is_public:
                public[place.id] = place
            else:
                touched[place.cell_id] += 1
                known[place.cell_id] = place.cell
    return {
        "cells": [
            {"name": cell.name, "points": cells.outline_of(cell.code), "count": touched[cell.id]}
            for cell in known.values()
        ],
        "places": [
            {
                "name": one.name,
                "kind": one.kind.value[0].upper(),
                "lat": one.latitude,
                "lon": one.longitude,
            }
            for one in public.values()
        ],
        "rides": [
            {
                "ride": str(row.ride.uid),
                "state": row.state,
                "from": row.ride.pickup_place.coarse_point,
                "to": row.ride.dropoff_place.coarse_point,
                "words": row.ride.family.number,
            }
            for row in found.rows
            if row.state != "cancelled"
        ],
    }
