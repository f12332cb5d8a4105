"""The steward's pages: groups, their settings, who belongs to them."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from uuid import UUID

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from dispatch import i18n
from dispatch.errors import Conflict, Refused
from dispatch.i18n import gettext as _
from dispatch.people import forms, queries, rules, service
from dispatch.people.facts import Claims
from dispatch.people.forms import GroupSettings
from dispatch.people.link import show_link
from dispatch.people.middle import area_of
from dispatch.people.models import Group, Role, User, UserState
from dispatch.people.views.room import blueprint
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.web import context

_NEW = {
    "language": i18n.SOURCE,
    "grant_before_minutes": 120,
    "grant_after_minutes": 60,
    "most_seats": 6,
    "board_minutes": 5,
    "alight_minutes": 3,
    "flexible_minutes": 30,
    "even_load_seconds": 300,
    "ride_days": 30,
    "family_days": 90,
    "message_days": 14,
    "quiet_from_hour": 21,
    "quiet_until_hour": 7,
    "reminds_day": True,
    "reminds_same_day": True,
    "claims": Claims.NONE,
}


@blueprint.get("/groups")
@needs(Action.SEE_GROUP)
def groups() -> ResponseReturnValue:
    """Every group of this installation."""
    found = queries.groups(context.session(), context.actor(), now=context.now())
    return render_template("people/groups.html", groups=found)


@blueprint.get("/groups/new")
@needs(Action.MAKE_GROUP)
def new_group() -> ResponseReturnValue:
    """The form for a group."""
    return _show_new(_NEW, {})


@blueprint.post("/groups")
@needs(Action.MAKE_GROUP)
def make_group() -> ResponseReturnValue:
    """Make a group."""
    settings, errors = forms.parse_group(request.form)
    if settings is None:
        return _show_new(request.form, errors), 422
    group = service.make_group(context.session(), context.actor(), settings, now=context.now())
    flash(_("%(group)s is made. Invite its coordinators next.", group=group.name))
    return redirect(f"/groups/{group.uid}", code=303)


@blueprint.get("/groups/<uuid:uid>")
@needs(Action.SEE_GROUP)
def group(uid: UUID) -> ResponseReturnValue:
    """One group: its people and its settings."""
    return _show(_group(uid))


@blueprint.post("/groups/<uuid:uid>")
@needs(Action.CHANGE_GROUP)
def change_group(uid: UUID) -> ResponseReturnValue:
    """Change a group's settings."""
    found = _group(uid)
    settings, errors = forms.parse_group(request.form)
    if settings is None:
        return _show(found, request.form, errors), 422
    service.change_group(
        context.session(),
        context.actor(),
        found,
        settings,
        version=request.form.get("version", ""),
        now=context.now(),
    )
    flash(_("Saved."))
    return redirect(f"/groups/{uid}", code=303)


@blueprint.get("/groups/<uuid:uid>/limits")
@needs(Action.SEE_GROUP)
def limits(uid: UUID) -> ResponseReturnValue:
    """How many families one person of the group may open."""
    found = _group(uid)
    values = {name: getattr(found, name) for name in forms.RevealLimits.__annotations__}
    return _show_limits(found, values, {})


@blueprint.post("/groups/<uuid:uid>/limits")
@needs(Action.CHANGE_GROUP)
def change_limits(uid: UUID) -> ResponseReturnValue:
    """Tighter at once; looser once a second person wants it too."""
    session, found = context.session(), _group(uid)
    wanted, errors = forms.parse_limits(request.form)
    if wanted is None:
        return _show_limits(found, request.form, errors), 422
    try:
        motion = service.change_limits(session, context.actor(), found, wanted, now=context.now())
    except Conflict as error:
        session.rollback()
        flash(error.sentence)
        return redirect("/watch", code=303)
    flash(_("What is looser waits for a second person.") if motion else _("Saved."))
    return redirect("/watch" if motion else f"/groups/{uid}/limits", code=303)


@blueprint.get("/groups/<uuid:uid>/members/new")
@needs(Action.INVITE_COORDINATOR)
def new_member(uid: UUID) -> ResponseReturnValue:
    """The form for an invitation."""
    found = _group(uid)
    values = {"role": Role.COORDINATOR.value, "language": found.language}
    return _show_invitation(found, values, {})


@blueprint.post("/groups/<uuid:uid>/members")
@needs(Action.INVITE_COORDINATOR)
def invite(uid: UUID) -> ResponseReturnValue:
    """Invite somebody to a group; the link is shown now and never again."""
    found = _group(uid)
    person, errors = forms.parse_invitation(request.form)
    if person is None:
        return _show_invitation(found, request.form, errors), 422
    try:
        user, code = service.invite(
            context.session(),
            context.actor(),
            found,
            person.role,
            name=person.name,
            email=person.email,
            language=person.language,
            now=context.now(),
        )
    except Refused as refused:
        errors = {"email": " ".join(refused.reasons)}
        return _show_invitation(found, request.form, errors), 422
    if user.state is UserState.ACTIVE:
        flash(_("Added. They have an account already and sign in as always."))
        return redirect(f"/groups/{uid}", code=303)
    return show_link(found, user, code, back=f"/groups/{uid}")


@blueprint.post("/groups/<uuid:uid>/members/<uuid:user_uid>/link")
@needs(Action.INVITE_COORDINATOR)
def renew_link(uid: UUID, user_uid: UUID) -> ResponseReturnValue:
    """A new link for a member: the first one, or the password, was lost."""
    found, user = _member(uid, user_uid)
    code = service.renew_invitation(
        context.session(), context.actor(), found, user, now=context.now()
    )
    return show_link(found, user, code, back=f"/groups/{uid}")


@blueprint.post("/groups/<uuid:uid>/members/<uuid:user_uid>/withdraw")
@needs(Action.INVITE_COORDINATOR)
def withdraw_link(uid: UUID, user_uid: UUID) -> ResponseReturnValue:
    """Let a member's link work no more."""
    found, user = _member(uid, user_uid)
    service.revoke_invitation(context.session(), context.actor(), found, user, now=context.now())
    flash(_("The link works no more."))
    return redirect(f"/groups/{uid}", code=303)


@blueprint.post("/groups/<uuid:uid>/members/<uuid:user_uid>/suspend")
@needs(Action.SUSPEND_ACCOUNT)
def suspend(uid: UUID, user_uid: UUID) -> ResponseReturnValue:
    """Close a member's account, in every group."""
    _found, user = _member(uid, user_uid)
    service.suspend(context.session(), context.actor(), user, now=context.now())
    undo = f"/groups/{uid}/members/{user_uid}/restore"
    flash({"text": _("The account is suspended and signed out everywhere."), "undo": undo})
    return redirect(f"/groups/{uid}", code=303)


@blueprint.post("/groups/<uuid:uid>/members/<uuid:user_uid>/restore")
@needs(Action.SUSPEND_ACCOUNT)
def restore(uid: UUID, user_uid: UUID) -> ResponseReturnValue:
    """Open a member's account again."""
    _found, user = _member(uid, user_uid)
    service.restore(context.session(), context.actor(), user, now=context.now())
    flash(_("The account can be used again."))
    return redirect(f"/groups/{uid}", code=303)


def _group(uid: UUID) -> Group:
    return queries.get_group(context.session(), context.actor(), uid, now=context.now())


def _member(uid: UUID, user_uid: UUID) -> tuple[Group, User]:
    found = _group(uid)
    return found, queries.get_member(context.session(), found, user_uid)


def _show_limits(group: Group, values: Mapping[str, object], errors: dict[str, str]) -> str:
    return render_template("people/limits.html", group=group, values=values, errors=errors)


def _show_new(values: Mapping[str, object], errors: dict[str, str]) -> str:
    return render_template(
        "people/group_new.html", values=values, errors=errors, time_zones=forms.time_zones()
    )


def _show_invitation(group: Group, values: Mapping[str, object], errors: dict[str, str]) -> str:
    return render_template(
        "people/member_new.html", group=group, roles=_roles(), values=values, errors=errors
    )


def _show(
    group: Group,
    typed: Mapping[str, object] | None = None,
    errors: dict[str, str] | None = None,
) -> str:
    return render_template(
        "people/group.html",
        group=group,
        members=queries.members(context.session(), group, now=context.now()),
        own_uid=context.user().uid,
        roles={value: word for value, word, _explained in _roles()},
        values=typed or _settings(group),
        version=typed.get("version") if typed else rules.version_of(group),
        errors=errors or {},
        time_zones=forms.time_zones(),
        map_data=area_of(group),
    )


def _settings(group: Group) -> dict[str, object]:
    settings = GroupSettings(
        **{field.name: getattr(group, field.name) for field in fields(GroupSettings)}
    )
    return asdict(settings)


def _roles() -> list[tuple[str, str, str]]:
    """Value, word and explanation of each role."""
    return [
        (
            Role.COORDINATOR.value,
            _("Coordinator"),
            _("Enters families and their requests, approves who drives, handles the day."),
        ),
        (
            Role.DRIVER.value,
            _("Driver"),
            _("Offers times and a car. A coordinator enters the car and where it starts."),
        ),
    ]
