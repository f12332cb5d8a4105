"""The page about what is kept and for how long, and what a family's record says of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from dispatch import clock, retention
from dispatch.erasing import queries, rules
from dispatch.erasing.models import RetentionReport, Why
from dispatch.erasing.service import holds, leaving
from dispatch.errors import Refused
from dispatch.families import queries as families
from dispatch.families.models import Family
from dispatch.i18n import gettext as _
from dispatch.people import queries as people
from dispatch.people.models import Group
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.web import context

blueprint = Blueprint("erasing", __name__)
_AHEAD = timedelta(days=30)
"""How far ahead the page looks for families whose time ends."""
_REPORTS = 7


@blueprint.get("/retention")
@needs(Action.SEE_RETENTION)
def index() -> ResponseReturnValue:
    """What this group keeps and for how long, what ends soon, what is held, what was erased."""
    session, now, group = context.session(), context.now(), g.get("group")
    reports = select(RetentionReport).order_by(RetentionReport.id.desc()).limit(_REPORTS)
    own = _own_group(group)
    return render_template(
        "erasing/index.html",
        lines=retention.table(group or Group(ride_days=30, family_days=90, message_days=14)),
        due=_ending(own) if own else [],
        holds=queries.live_holds(session, own.id, now=now) if own else [],
        reports=session.scalars(reports).all(),
        now=now,
    )


@blueprint.get("/families/<uuid:uid>/kept")
@needs(Action.SEE_FAMILY)
def show_kept(uid: UUID) -> ResponseReturnValue:
    """Until when a family is kept: a part of its record, or a page where there is no script."""
    return _kept(families.get_family(context.session(), context.actor(), uid), {})


@blueprint.post("/families/<uuid:uid>/hold")
@needs(Action.HOLD_FAMILY)
def ask_for_hold(uid: UUID) -> ResponseReturnValue:
    """Ask for a legal hold; somebody else has to agree."""
    session, actor = context.session(), context.actor()
    family = families.get_family(session, actor, uid)
    days, reason = request.form.get("days", ""), request.form.get("reason", "").strip()
    number = int(days) if days.isdecimal() and len(days) < 5 else 0
    try:
        holds.ask(session, actor, family, reason=reason, days=number, now=context.now())
    except Refused as refused:
        field = "reason" if len(reason) < holds.SHORTEST_REASON else "days"
        return _kept(family, {field: refused.reasons[0]}), 422
    flash(_("Asked. Nothing is held before another person agrees."))
    return redirect(url_for("families.show", uid=uid), code=303)


@blueprint.post("/families/<uuid:uid>/hold/end")
@needs(Action.HOLD_FAMILY)
def end_hold(uid: UUID) -> ResponseReturnValue:
    """End a hold."""
    session, actor, now = context.session(), context.actor(), context.now()
    found = holds.find_live(session, families.get_family(session, actor, uid), now=now)
    if found is not None:  # somebody else may have ended it a moment ago
        holds.end(session, actor, found, now=now)
    flash(_("The hold is ended."))
    return redirect(url_for("families.show", uid=uid), code=303)


@blueprint.post("/groups/<uuid:uid>/members/<uuid:user_uid>/erase")
@needs(Action.LEAVE)
def ask_to_erase(uid: UUID, user_uid: UUID) -> ResponseReturnValue:
    """Ask that a suspended account be erased; somebody else has to agree."""
    session, actor, now = context.session(), context.actor(), context.now()
    group = people.get_group(session, actor, uid, now=now)
    user = people.get_member(session, group, user_uid)
    leaving.ask(session, actor, user, group=group, now=now)
    flash(_("Asked. The account is erased once another person agrees."))
    return redirect(f"/groups/{uid}", code=303)


def _own_group(group: Group | None) -> Group | None:
    """The group whose families may be listed: that of a coordinator, no steward's."""
    is_own = group is not None and group.id in context.actor().coordinates
    return group if is_own else None


@dataclass(frozen=True)
class _Ending:
    """A family whose time ends soon, or has ended."""

    uid: UUID
    number: str
    has_withdrawn: bool
    on: date
    is_overdue: bool


def _ending(group: Group) -> list[_Ending]:
    session, now = context.session(), context.now()
    found = queries.due_families(session, now=now + _AHEAD)
    own = [one for one in found if one.group_id == group.id]
    chosen = select(Family.id, Family.number).where(Family.id.in_([one.row_id for one in own]))
    numbers = {row.id: row.number for row in session.execute(chosen)}
    return [
        _Ending(
            uid=one.owner_uid,
            number=numbers[one.row_id],
            has_withdrawn=one.why is Why.WITHDRAWN,
            on=clock.local_day(one.due_at, group.zone),
            is_overdue=one.due_at <= now - rules.OVERDUE_AFTER,
        )
        for one in own
    ]


def _kept(family: Family, errors: dict[str, str]) -> str:
    session, now, group = context.session(), context.now(), context.group()
    until = queries.kept_until(session, family)
    part = bool(request.headers.get("HX-Request"))
    return render_template(
        "erasing/_kept.html" if part else "erasing/kept.html",
        family=family,
        until=until,
        is_overdue=clock.local_day(now - rules.OVERDUE_AFTER, group.zone) >= until,
        hold=holds.find_live(session, family, now=now),
        errors=errors,
        values=request.form,
        longest=rules.LONGEST_HOLD.days,
        now=now,
    )
