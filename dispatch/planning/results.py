"""What a match run leaves behind: its figures, and a reason for each choice and each ride left out.

Whatever says how far somebody drives is rounded first, so that nothing stored here draws a map.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dispatch.planning.facts import AskedRide, DayFacts, DriverDay, timing
from dispatch.planning.mapping import TOO_LATE, Mapped
from dispatch.planning.models import MatchRun
from dispatch.planning.rules import binding, is_off_road
from matching import InvalidProblem, files, prune

NOBODY_OFFERS = "nobody_offers"
"""Our own reasons where the matcher says that no driver fits: nobody offers any time at all, ..."""
ALL_RULED_OUT = "all_ruled_out"
"""... or whoever fits said no, is too far away, or is not to be matched with the family."""
OFF_ROAD = "off_road"
"""Where the matcher only knows of no road: none is near one of the ride's places, ..."""
CUT_OFF = "cut_off"
"""... or none joins the ride with whoever fits."""
_NOBODY_FITS = "no_compatible_driver"
_NO_ROAD = "unreachable"
_BUCKET = 5
"""Minutes."""


def expected(facts: DayFacts, mapped: Mapped) -> dict[str, Any]:
    """What is known before the search: how many rides there are, and how many could be served.

    A ride could be if some driver could take it with nothing else to do; None of a day that
    contradicts itself.
    """
    total = sum(_legs(ride) for ride in facts.rides)
    try:
        problem = files.problem_from_dict(mapped.problem)
    except InvalidProblem:
        return {"rides": total, "possible": None}
    able = [ride.id for ride in problem.rides if prune.obstacle(problem, ride) is None]
    possible = sum(_legs(mapped.rides[key]) for key in able if key in mapped.rides)
    return {"rides": total, "possible": possible}


def served_by(mapped: Mapped, solution: dict[str, Any]) -> int:
    """How many rides that wanted a driver have one in `solution`."""
    return sum(
        _legs(mapped.rides[stop["ride"]])
        for route in solution["routes"]
        for stop in route["stops"]
        if stop["kind"] == "pickup" and stop["ride"] in mapped.rides
    )


def figures(
    facts: DayFacts, mapped: Mapped, solution: dict[str, Any], run: MatchRun, *, now: datetime
) -> dict[str, Any]:
    """What the page says of the finished run, beside what was `expected`."""
    bound = solution.get("bound")
    objective = solution["objective"]
    gap = None
    reached = ("priority", "changes")
    is_near = bound and all(bound[part] == objective[part] for part in reached)
    if is_near and bound["cost_seconds"] > 0:
        gap = round(objective["cost_seconds"] / bound["cost_seconds"] - 1, 4)
    return {
        "served": served_by(mapped, solution),
        "proven": bool(bound and bound["proven"]),
        "gap": gap,
        "drive_minutes": objective["cost_seconds"] // 60,
        "estimate": facts.travel.is_estimate,
        "basis": facts.travel.basis.value,
        "cut_off": sum(_starts_nowhere(facts, driver) for driver in facts.drivers),
        "seconds": int((now - run.started_at).total_seconds()) if run.started_at else 0,
    }


def _starts_nowhere(facts: DayFacts, driver: DriverDay) -> bool:
    """Whether the driver offers time, but starts or ends on no road of the map."""
    homes = {driver.start_place, driver.end_place}
    return bool(driver.offered and homes & facts.travel.astray)


def left_out(
    facts: DayFacts,
    mapped: Mapped,
    solution: dict[str, Any],
    explanations: dict[str, Any],
    uids: dict[int, UUID],
) -> dict[int, tuple[str, dict[str, Any] | None]]:
    """By ride id why nobody takes it, as a code, and what it needs or what would help."""
    found: dict[int, tuple[str, dict[str, Any] | None]] = {
        ride.ride_id: (TOO_LATE, None) for ride in mapped.too_late
    }
    for one in solution["unserved"]:
        ride = mapped.rides[one["ride"]]
        reason, needs = _why_nobody(mapped, ride, one["reason"])
        if reason == _NO_ROAD:
            reason = _why_no_road(facts, ride)
        told = explanations.get("unserved", {}).get(one["ride"], one)
        helps = _relax(mapped, told.get("relax"), uids) | ({"needs": needs} if needs else {})
        for ride_id in (ride.ride_id, *([ride.way_back.ride_id] if ride.way_back else [])):
            found[ride_id] = (reason, helps or None)
    return found


def _why_nobody(mapped: Mapped, ride: AskedRide, reason: str) -> tuple[str, dict[str, int]]:
    """The reason, told apart where nobody fits; and which needs nobody meets, with how much."""
    if reason != _NOBODY_FITS:
        return reason, {}
    drivers = list({one.driver_id: one for one in mapped.shifts.values()}.values())
    if not drivers:
        return NOBODY_OFFERS, {}
    names = binding(ride.needs, drivers)
    if not names:
        return ALL_RULED_OUT, {}
    return reason, {name: ride.needs.load.get(name, 1) for name in names}


def _why_no_road(facts: DayFacts, ride: AskedRide) -> str:
    if is_off_road(facts, ride):
        return OFF_ROAD
    return _NO_ROAD if timing(facts, ride, facts.zero) is None else CUT_OFF


def _relax(mapped: Mapped, relax: dict[str, Any] | None, uids: dict[int, UUID]) -> dict[str, Any]:
    """The matcher's proposal with drivers in the place of its own ids."""
    if not relax:
        return {}
    drivers = {str(uids[mapped.shifts[key].driver_id]) for key in relax["shifts"]}
    return {**relax, "shifts": None, "drivers": sorted(drivers)}


def why_chosen(
    explanations: dict[str, Any], mapped: Mapped, key: str, uids: dict[int, UUID]
) -> dict[str, Any]:
    """The explanation of one proposal, by the problem's id of its ride."""
    told = explanations.get("served", {}).get(key)
    if not told:
        return {}
    ride = mapped.rides[key]
    terms = told["terms"]
    return {
        "away_minutes": _rounded(terms["before_seconds"]),
        "affinity": terms["affinity_seconds"],
        "seats": sorted(set(ride.needs.load) - {"seats"}),
        "skills": sorted(ride.needs.skills),
        "others": [
            {
                "driver": str(uids[mapped.shifts[one["shift"]].driver_id]),
                "minutes": _rounded(one["extra_seconds"]),
            }
            for one in told["alternatives"]
        ],
    }


def _legs(ride: AskedRide) -> int:
    """Rides as people count them: a waiting driver's way back is one of its own."""
    return 1 if ride.way_back is None else 2


def _rounded(seconds: float) -> int:
    return round(timedelta(seconds=seconds) / timedelta(minutes=_BUCKET)) * _BUCKET
