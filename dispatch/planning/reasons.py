"""Codes of the rules and of the matcher, said to a coordinator."""

from collections.abc import Callable
from datetime import datetime

from babel.lists import format_list

from dispatch.i18n import gettext as _
from dispatch.i18n import language, ngettext
from dispatch.places.words import language_name
from dispatch.planning.rules import Obstacle, Refusal

_SPEAKS = "lang:"
_SEATS: dict[str, Callable[[int], str]] = {
    "seats": lambda n: ngettext("%(num)s seat", "%(num)s seats", n),
    "infant": lambda n: ngettext("%(num)s infant seat", "%(num)s infant seats", n),
    "convertible": lambda n: ngettext("%(num)s toddler seat", "%(num)s toddler seats", n),
    "booster": lambda n: ngettext("%(num)s booster", "%(num)s boosters", n),
}


def refusal_sentence(refusal: Refusal, clock: Callable[[datetime], str]) -> str:
    """Why a driver cannot take a ride then; `clock` says a moment in the group's way."""
    facts = refusal.facts
    match refusal.obstacle:
        case Obstacle.OUTSIDE_WINDOW:
            return _(
                "The pickup would have to be between %(first)s and %(last)s.",
                first=clock(facts["first"]),
                last=clock(facts["last"]),
            )
        case Obstacle.CAR_TOO_SMALL:
            return _(
                "The ride needs %(needs)s, the car has %(has)s.",
                needs=_SEATS[facts["name"]](facts["needs"]),
                has=facts["has"],
            )
        case Obstacle.SKILL_MISSING if facts["name"] == "wheelchair":
            return _("The car takes no wheelchair.")
        case Obstacle.SKILL_MISSING:
            return _("The driver does not speak the language that the family needs.")
        case _:
            return _PLAIN[refusal.obstacle]()


_PLAIN: dict[Obstacle, Callable[[], str]] = {
    Obstacle.NO_ROAD: lambda: _("There is no road between these places."),
    Obstacle.OFF_ROAD: lambda: _(
        "The map has no road near the pickup or the drop-off. Look at the pins of both places."
    ),
    Obstacle.CUT_OFF: lambda: _(
        "The map has no road between where the driver starts or ends and this ride."
    ),
    Obstacle.IN_THE_PAST: lambda: _("That is too soon: nobody could be there in time."),
    Obstacle.NOT_OFFERED: lambda: _(
        "The driver does not offer enough time then to get there and home again."
    ),
    Obstacle.NEVER: lambda: _("This family and this driver are not to be matched."),
    Obstacle.SAID_NO: lambda: _("This driver said no to this ride."),
    Obstacle.TOO_FAR_AWAY: lambda: _("The pickup is farther than the driver wants to go."),
    Obstacle.ELSEWHERE: lambda: _("The driver has another ride then, or could not get there."),
    Obstacle.TOO_MUCH_DRIVING: lambda: _("It would be more driving than the driver's limit."),
    Obstacle.WEEK_IS_FULL: lambda: _("The driver's rides for this week are used up."),
}


def unserved_sentence(code: str) -> str:
    """Why the matcher left a ride out."""
    sentences = {
        "no_compatible_driver": _("No driver of the day has everything that this ride needs."),
        "nobody_offers": _("Nobody has offered time on this day."),
        "all_ruled_out": _(
            "Whoever could take it said no, does not go that far, "
            "or is not to be matched with this family."
        ),
        "no_driver_in_time": _("No suitable driver has offered time then."),
        "too_far": _("The suitable drivers could not get there in time, or it is too far."),
        "unreachable": _("There is no road between its places."),
        "off_road": _(
            "The map has no road near its pickup or drop-off. Look at the pins of both places."
        ),
        "cut_off": _("The map has no road between the suitable drivers and this ride."),
        "outweighed": _("Whoever could drive it is needed for rides that count as much."),
        "not_found": _("The run ended before a driver was found or ruled out. Run it again."),
        "too_late": _("Its time is too near or past."),
    }
    return sentences[code]


def relax_sentence(relax: dict | None) -> str | None:
    """What nobody has for an unserved ride, and what would help; None where neither is known."""
    if not relax:
        return None
    said = [_needs_sentence(relax["needs"])] if relax.get("needs") else []
    if relax.get("kind"):
        said.append(_help_sentence(relax))
    return " ".join(said)


def _needs_sentence(needs: dict[str, int]) -> str:
    said = [_need(name, number) for name, number in needs.items()]
    return _("It needs %(needs)s.", needs=format_list(said, locale=language()))


def _need(name: str, number: int) -> str:
    if name == "wheelchair":
        return _("a car that takes a wheelchair")
    if name.startswith(_SPEAKS):
        spoken = language_name(name.removeprefix(_SPEAKS))
        return _("a driver who speaks %(language)s", language=spoken)
    return _SEATS[name](number)


def _help_sentence(relax: dict) -> str:
    drivers = len(relax["drivers"])
    minutes = -(-abs(relax.get("seconds", 0)) // 60)
    earlier = relax.get("seconds", 0) < 0
    who = ngettext("one driver can", "%(num)s drivers can", drivers)
    match relax["kind"]:
        case "pickup_window" | "dropoff_window" if earlier:
            return _("If it may be %(minutes)s minutes earlier, %(who)s.", minutes=minutes, who=who)
        case "pickup_window" | "dropoff_window":
            return _("If it may be %(minutes)s minutes later, %(who)s.", minutes=minutes, who=who)
        case "load":
            return _(
                "With %(seats)s less, %(who)s.",
                seats=_SEATS[relax["name"]](relax["amount"]),
                who=who,
            )
        case "skills" if relax["name"] == "wheelchair":
            return _("Without the wheelchair, %(who)s.", who=who)
        case "skills":
            spoken = language_name(relax["name"].removeprefix(_SPEAKS))
            return _(
                "If the driver need not speak %(language)s, %(who)s.", language=spoken, who=who
            )
        case "max_drive_seconds":
            return _("With %(minutes)s minutes more driving, %(who)s.", minutes=minutes, who=who)
        case _:
            return _("With %(minutes)s minutes more time, %(who)s.", minutes=minutes, who=who)


def failure_sentence(code: str) -> str:
    """Why a match run failed."""
    sentences = {
        "crashed": _("The matcher stopped unexpectedly three times. It is logged."),
        "no_plan": _("The matcher ended before it had a plan. Run it again."),
        "wrong_plan": _("The matcher's plan did not pass its check and was thrown away."),
        "invalid": _("The day's data contradict each other. It is logged."),
    }
    return sentences[code]
