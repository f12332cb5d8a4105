"""The board's pages: the day, the week, the day on paper."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch import clock
from dispatch.board import queries
from dispatch.board.picture import map_of
from dispatch.board.queries import Day, Row
from dispatch.board.rules import ORDER
from dispatch.board.timeline import lane_on, now_line
from dispatch.db.transactions import vault_of
from dispatch.drivers.models import Driver
from dispatch.i18n import gettext as _
from dispatch.i18n import ngettext, say_time
from dispatch.people import queries as people
from dispatch.places.words import language_name
from dispatch.planning import repairs, troubles
from dispatch.planning.cards import run_card
from dispatch.planning.forms import parse_day, parse_uid
from dispatch.planning.models import MatchRun, RunState, Trouble
from dispatch.planning.reasons import relax_sentence, unserved_sentence
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.web import context

blueprint = Blueprint("board", __name__)
_STATES = (*ORDER, "live")


class Line(NamedTuple):
    """One ride of the list, in words; a tuple, so that the page takes it apart quickly."""

    row: Row
    uid: str
    state: str
    time: str
    note: str
    pickup: str
    dropoff: str
    facts: str
    driver: str
    proposal: str
    """The uid of the proposal, or nothing."""
    is_picked: bool


@blueprint.get("/board")
@needs(Action.SEE_BOARD)
def day() -> ResponseReturnValue:
    """One day: list, timeline and map, with what needs a coordinator first.

    An open board asks again with the mark of what it shows; while that is the same, it is told so.
    """
    group, now = context.group(), context.now()
    on, zone = _day_asked(), group.zone
    found = queries.day_of(context.session(), context.actor(), group, on, now=now)
    if request.if_none_match.contains(found.mark):
        return Response(status=304)
    state = request.args.get("state")
    state = state if state in _STATES else None
    picked, today = _picked(found), clock.local_day(now, zone)
    if request.headers.get("HX-Target") == "pick":
        return render_template(
            "board/_pick.html",
            day=found,
            picked=picked,
            picked_driver=_driver_of(found, picked),
            today=today,
        )
    vault = vault_of(context.session())
    # Built once: an address for each of 200 rides in list and timeline would take longer than
    # everything else on the page.
    base = url_for("board.day", day=on.isoformat(), state=state, ride="")
    return render_template(
        "board/day.html",
        day=found,
        state=state,
        groups=_groups(found.of_state(state), picked),
        picked=picked,
        picked_driver=_driver_of(found, picked),
        today=today,
        troubles=_troubles(found),
        hands=[(one, people.shown_name(one.driver.user, vault)) for one in found.hands],
        before=on - timedelta(days=1),
        after=on + timedelta(days=1),
        card=_card(found.run) if found.run else None,
        changes=_changes(found),
        running=queries.is_running(found.run),
        base=base,
        timeline=[lane_on(lane, found.axis, picked, base, zone) for lane in found.lanes],
        now_line=now_line(found.axis, on, now, zone),
        map_data=map_of(found),
    )


@blueprint.get("/board/week")
@needs(Action.SEE_BOARD)
def week() -> ResponseReturnValue:
    """Seven days: how many rides in which state, who can drive, and what plan there is."""
    session, actor, group, now = (
        context.session(),
        context.actor(),
        context.group(),
        context.now(),
    )
    first = _day_asked()
    days = [first + timedelta(days=ahead) for ahead in range(7)]
    found = [queries.counts_of(session, actor, group, on, now=now) for on in days]
    return render_template(
        "board/week.html",
        group=group,
        days=found,
        first=first,
        before=first - timedelta(days=7),
        after=first + timedelta(days=7),
        today=clock.local_day(now, group.zone),
        free=[queries.count_free(session, actor, group, on) for on in days],
        plans=[_card(one.run) if one.run else None for one in found],
        states=[s for s in ORDER if _any(found, s)],
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
        "why_unserved": unserved_sentence,
        "what_helps": relax_sentence,
        "why_proposed": _why,
    }


def _day_asked() -> date:
    group = context.group()
    return parse_day(request.args.get("day")) or clock.local_day(context.now(), group.zone)


def _card(run: MatchRun) -> dict[str, object]:
    limit = current_app.config["DISPATCH"].match_seconds
    return run_card(run, context.group().zone, limit=limit)


def _picked(found: Day) -> Row | None:
    uid = parse_uid(request.args.get("ride"))
    chosen = next((row for row in found.rows if row.uid == uid), None)
    return chosen or next((row for row in found.rows if row.state == "proposed"), None)


def _driver_of(found: Day, picked: Row | None) -> UUID | None:
    """Whose ride the chosen one is, or would be."""
    lanes = (lane.uid for lane in found.lanes if any(row is picked for row in lane.rows))
    return next(lanes, None)


def _troubles(found: Day) -> list[tuple[Trouble, str, str]]:
    """What was told from the road: in a sentence, and by whom."""
    vault = vault_of(context.session())
    return [
        (
            one,
            troubles.sentence(one.kind, one.delay_minutes, one.assignment.ride.family.number),
            people.shown_name(one.assignment.driver.user, vault),
        )
        for one in found.troubles
    ]


def _changes(found: Day) -> list[tuple[Row, str, str]] | None:
    """Each ride that the latest run, a repair, gave to another driver: before and after."""
    run = found.run
    if run is None or not run.is_repair or run.state is not RunState.DONE:
        return None
    session = context.session()
    vault, rows = vault_of(session), {row.ride_id: row for row in found.rows}

    def name(driver: Driver | None) -> str:
        return people.shown_name(driver.user, vault) if driver else _("nobody")

    return [
        (rows[one.ride_id], name(one.before), name(one.after))
        for one in repairs.changes_of(session, run)
        if one.ride_id in rows
    ]


def _groups(rows: Iterable[Row], picked: Row | None) -> list[tuple[str, list[Line]]]:
    """The rides by state, in the order of the list."""
    zone = context.group().zone
    groups: dict[str, list[Line]] = {name: [] for name in ORDER}
    # Each number of riders is put into words once, not once for each of 200 rides.
    party = cache(_party)
    estimated = " · " + _("estimated times")
    for row in rows:
        groups[row.state].append(
            Line(
                row=row,
                uid=str(row.uid),
                state=row.state,
                time=say_time(row.at, zone) if row.at else "–",
                note=_note(row, zone),
                pickup=row.pickup.name,
                dropoff=row.dropoff.name,
                facts=f"{row.number} · {party(*_needs(row))}{estimated if row.is_estimate else ''}",
                driver=row.driver_name,
                proposal=str(row.proposal_uid) if row.proposal_uid else "",
                is_picked=row is picked,
            )
        )
    return [(name, these) for name, these in groups.items() if these]


def _any(days: Iterable[Day], state: str) -> bool:
    return any(Counter(row.state for row in day.rows)[state] for day in days)


def _why(why: Mapping[str, Any]) -> str:
    """Why this driver, in half a sentence."""
    parts = []
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


def _note(row: Row, zone: ZoneInfo) -> str:
    """The small line under a ride's time."""
    if row.delay_minutes and row.at is not None:
        expected = row.at + timedelta(minutes=row.delay_minutes)
        return _("about %(time)s", time=say_time(expected, zone))
    if row.asked_by is not None:
        return _("by %(time)s", time=say_time(row.asked_by, zone))
    if row.asked_from is not None:
        return _("from %(time)s", time=say_time(row.asked_from, zone))
    return _("will-call")


def _needs(row: Row) -> tuple[int, int, bool, str | None]:
    return row.riders, sum(row.child_seats.values()), row.wheelchair, row.language


def _party(riders: int, seats: int, wheelchair: bool, language: str | None) -> str:
    """Riders and what they need, as they stand in a list."""
    facts = [ngettext("%(num)s rider", "%(num)s riders", riders)]
    if seats:
        facts.append(ngettext("%(num)s child seat", "%(num)s child seats", seats))
    if wheelchair:
        facts.append(_("wheelchair"))
    if language:
        facts.append(language_name(language))
    return " · ".join(facts)
