"""The form in which coordinators enter what families ask for."""

import secrets
from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from babel import Locale
from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dispatch import clock
from dispatch.errors import Conflict, NotFound
from dispatch.families import queries as families
from dispatch.families.models import Family
from dispatch.families.rules import note_warnings
from dispatch.i18n import gettext as _
from dispatch.i18n import language, ngettext
from dispatch.places import geocode
from dispatch.places import queries as places
from dispatch.places.models import Place
from dispatch.places.words import spoken_languages
from dispatch.policy import Action
from dispatch.policy.endpoints import needs
from dispatch.rides import forms, pasted, queries, rules, service
from dispatch.rides.models import Request, Ride
from dispatch.rides.pasted import filling
from dispatch.rides.views.blueprint import blueprint, words
from dispatch.rides.words import PURPOSE_WORDS
from dispatch.web import context

_WEEK = timedelta(days=7)


@blueprint.get("/requests/new")
@needs(Action.SUBMIT_REQUEST)
def new_request() -> ResponseReturnValue:
    """An empty form; `family` fills it in for one, `repeat` as for an earlier ride of it."""
    group = context.group()
    values = forms.empty(group)
    family = _find_family(request.args.get("family", ""))
    if family is not None:
        values |= forms.of_family(family)
    day = _day(request.args.get("day", ""))
    earlier = _earlier(request.args.get("repeat", ""), family)
    if family is not None and earlier is not None:
        values |= forms.of_ride(earlier, family, group)
        day = day or _next_like(earlier.service_on)
    return _form(values | {"day": day.isoformat() if day else ""}, {}, family)


@blueprint.post("/requests/new")
@needs(Action.SUBMIT_REQUEST)
def enter_request() -> ResponseReturnValue:
    """Save a request with all its rides; with `use` or `read`, only fill the form in.

    `use` fills it in for the family, `read` from a message that somebody pasted.
    """
    family = _find_family(request.form.get("family", ""))
    if "read" in request.form:
        return _read_message(request.form.get("message", ""), family)
    if "use" in request.form:
        known = {} if family else {"family": _unknown_family()}
        filled = forms.of_family(family) if family else {}
        return _form({**_typed(), **filled}, known, family)
    typed, errors = forms.parse(request.form)
    if family is None:
        errors.setdefault("family", _unknown_family())
    ends = {name: _find_place(name, family, errors) for name in ("pickup", "dropoff")}
    if typed is None or family is None or errors:
        return _form(_typed(), _further(typed, ends) | errors, family)
    asked = typed.asked(**ends)
    try:
        made = service.submit(
            context.session(),
            context.actor(),
            family,
            asked,
            form_token=forms.token_of(request.form) or _new_token(),
            now=context.now(),
        )
    except service.RequestRefused as refused:
        return _form(_typed(), refused.by_field, family)
    except Conflict as conflict:
        return _form({**_typed(), "form_token": ""}, {"": conflict.sentence}, family)
    return _saved(made, asked.notes, family)


def _read_message(text: str, family: Family | None) -> ResponseReturnValue:
    """The form with what the message says; the message itself is kept nowhere."""
    session, actor, group = context.session(), context.actor(), context.group()
    values = _typed()
    if family is None:
        family = _family_in(text)
        values |= forms.of_family(family) if family else {}
    reading = pasted.read(
        text,
        today=clock.local_day(context.now(), group.zone),
        places=[place.name for place in places.public_places(session, actor, group) if place.name],
        month_first=Locale.parse(language()).date_formats["short"].pattern.startswith("M"),
    )
    riders = family.adults + family.children if family else 0
    return _form(values | filling.values(reading, riders), {}, family, reading)


def _family_in(text: str) -> Family | None:
    """The family that a message names by its number or is reached by a phone that stands in it."""
    session, actor, group = context.session(), context.actor(), context.group()
    found = [
        families.find_by_number(session, actor, group, number)
        for number in filling.numbers_in(text, queries.family_numbers(session, actor, group))
    ]
    for phone in filling.phones_in(text):
        found += families.find_by_phone(session, actor, group, phone)
    return found[0] if len({family.id for family in found if family}) == 1 else None


def _form(
    values: Mapping[str, object],
    errors: dict[str, str],
    family: Family | None,
    reading: pasted.Reading | None = None,
) -> ResponseReturnValue:
    session, actor, group = context.session(), context.actor(), context.group()
    recent = queries.recent_dropoffs(session, actor, family) if family else []
    page = render_template(
        "rides/new.html",
        values={**values, "form_token": values.get("form_token") or _new_token()},
        errors={name: errors[name] for name in sorted(errors, key=forms.ORDER.index)},
        labels=forms.LABELS,
        family=family,
        understood=filling.told(reading) if reading else None,
        doubts=filling.doubts(reading) if reading else [],
        numbers=queries.family_numbers(session, actor, group),
        recent=recent,
        home=forms.home_word(family),
        public=[place.name for place in places.public_places(session, actor, group)],
        flexible=forms.minutes_to_choose(group.flexible_minutes),
        waits=forms.waits_to_choose(),
        purposes=[(one.value, word) for one, word in PURPOSE_WORDS.items()],
        weekdays=list(Locale.parse(language()).days["format"]["abbreviated"].items()),
        spoken=spoken_languages([str(values.get("language") or "")]),
        warnings=note_warnings(str(values.get("notes") or "")),
        today=clock.local_day(context.now(), group.zone),
        group=group,
        **words(),
    )
    return page, 422 if errors else 200


def _further(typed: forms.RequestForm | None, ends: Mapping[str, Place | None]) -> dict[str, str]:
    """What the rules say as well, so that everything is mended at once."""
    if typed is None:
        return {}
    group = context.group()
    # An end that was not found stands for some place: no other rule asks which.
    asked = typed.asked(**{name: place or Place() for name, place in ends.items()})
    return rules.mistakes(asked, zone=group.zone, most_seats=group.most_seats, now=context.now())


def _typed() -> dict[str, object]:
    """What was typed, to be shown again: days and weekdays are lists.

    A browser leaves out what did not apply; that is as in every new form.
    """
    several = {name: request.form.getlist(name) for name in ("weekdays", "except_on")}
    return {**forms.empty(context.group()), **request.form.to_dict(), **several}


def _saved(made: Request, notes: str, family: Family) -> ResponseReturnValue:
    number = len(made.rides)
    flash(ngettext("Saved: one ride.", "Saved: %(num)s rides.", number))
    if note_warnings(notes):
        flash(_("The note may hold something that is better not written down. Read it again."))
    if request.form.get("next"):
        return redirect(url_for("rides.new_request", family=family.uid), code=303)
    if number == 1:
        return redirect(url_for("rides.show_ride", uid=made.rides[0].uid), code=303)
    return redirect(url_for("rides.show_request", uid=made.uid), code=303)


def _find_family(wanted: str) -> Family | None:
    """By number, as typed; or by uid, as linked."""
    session, actor = context.session(), context.actor()
    try:
        return families.get_family(session, actor, UUID(wanted))
    except (ValueError, NotFound):
        return families.find_by_number(session, actor, context.group(), wanted[:12])


def _unknown_family() -> str:
    return _("No family has this number.")


def _find_place(name: str, family: Family | None, errors: dict[str, str]) -> Place | None:
    """The place that is meant by the words in field `name`; else a sentence in `errors`."""
    words = request.form.get(name, "")
    if name in errors or not words.strip():
        return None
    plain = geocode.plain(words)
    if family is not None and plain in map(geocode.plain, (_("Home"), forms.home_word(family))):
        return family.place
    if plain == geocode.plain(_("Home")):
        return None  # the family is unknown, and told so
    public = places.public_places(context.session(), context.actor(), context.group())
    found = geocode.find(words, [geocode.ByName(public)])
    if found and found[0].match is geocode.MatchKind.EXACT:
        return found[0].place
    errors[name] = _("No place is called “%(name)s”.", name=words.strip()[:60])
    if found:
        errors[name] += " " + _("Did you mean %(name)s?", name=found[0].name)
    return None


def _earlier(uid: str, family: Family | None) -> Ride | None:
    """The ride to repeat, if it is one of the family's."""
    try:
        ride = queries.get_ride(context.session(), context.actor(), UUID(uid))
    except (ValueError, NotFound):
        return None
    return ride if family is not None and ride.family_id == family.id else None


def _next_like(day: date) -> date:
    """The next day, after today, that is the same weekday as `day`."""
    today = clock.local_day(context.now(), context.group().zone)
    return today + ((day - today - timedelta(days=1)) % _WEEK) + timedelta(days=1)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _new_token() -> str:
    return secrets.token_urlsafe(24)
