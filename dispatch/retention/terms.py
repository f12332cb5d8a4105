"""The lines of the table: every table of the database stands in exactly one of them."""

from dataclasses import dataclass
from typing import Protocol

from babel.support import LazyProxy

from dispatch.i18n import lazy_gettext as _l


class Periods(Protocol):
    """Where the periods that a group sets are read: a group."""

    ride_days: int
    family_days: int
    message_days: int


@dataclass(frozen=True)
class Term:
    """One line: a thing, and how its time goes."""

    name: str
    """For reports and the command line."""
    thing: LazyProxy
    tables: tuple[str, ...]
    """The tables that hold it."""
    starts: LazyProxy
    """What its clock starts at."""
    period: str | int | None
    """Days, or the setting of a group that says them; None: until somebody asks or removes it."""
    ends: LazyProxy
    """How it ends."""

    def days(self, group: Periods) -> int | None:
        """How many days `group` keeps it, counted from what starts its clock."""
        return getattr(group, self.period) if isinstance(self.period, str) else self.period

    @property
    def is_set_by_group(self) -> bool:
        """Whether each group has its own period."""
        return isinstance(self.period, str)


TERMS: tuple[Term, ...] = (
    Term(
        "family",
        _l("A family: names, phone, address, notes, who rides, wishes about drivers"),
        ("family", "rider", "driver_wish", "glass_break"),
        _l("the last day it asked for a ride; its wish to withdraw ends the time at once"),
        "family_days",
        _l("its key is destroyed, so that no copy can be read, and its rows are deleted"),
    ),
    Term(
        "rides",
        _l("Rides, the requests they come from, who drove, and who might read an address for them"),
        (
            "ride",
            "ride_request",
            "ride_event",
            "ride_trouble",
            "ride_claim",
            "assignment",
            "proposal",
            "address_grant",
        ),
        _l("the day of the ride"),
        "ride_days",
        _l("deleted; its week, purpose, outcome and rough distance are counted, of nobody"),
    ),
    Term(
        "counts",
        _l("What was driven, counted by week: purpose, outcome, rough distance"),
        ("past_ride",),
        _l("the week"),
        None,
        _l("names nobody, and stays for the group's own figures"),
    ),
    Term(
        "runs",
        _l("Match runs, and why a ride was left out"),
        ("match_run", "unserved"),
        _l("the day that was planned"),
        "ride_days",
        _l("deleted"),
    ),
    Term(
        "messages",
        _l("Messages, which hold times and no names"),
        ("message", "delivery"),
        _l("the moment it was made"),
        "message_days",
        _l("deleted"),
    ),
    Term(
        "taps",
        _l("What a driver's phone told, under a code of its own, so that it counts once"),
        ("driver_action",),
        _l("the moment it arrived"),
        7,
        _l("deleted; what came of it stays with the ride"),
    ),
    Term(
        "people",
        _l("An account: name, e-mail, phone, what it signs in with; and what its driver offers"),
        (
            "user_account",
            "membership",
            "passkey",
            "passkey_challenge",
            "authenticator_app",
            "recovery_code",
            "account_notice",
            "driver",
            "credential",
            "weekly_availability",
            "ride_feed",
            "push_subscription",
        ),
        _l("the person's wish to leave"),
        0,
        _l("its key is destroyed, so that no copy can be read, and its rows are deleted"),
    ),
    Term(
        "times",
        _l("Hours and days off that a driver gave for dates"),
        ("dated_availability", "day_off"),
        _l("the date"),
        "ride_days",
        _l("deleted"),
    ),
    Term(
        "places",
        _l("Places: doors under a family's or a driver's seal, and public places in the clear"),
        ("place", "cell"),
        _l("a sealed door goes with the family or the driver it belongs to"),
        None,
        _l("opens no more once the key is destroyed; public places stay"),
    ),
    Term(
        "sessions",
        _l("Signed-in browsers, and phones on which a family opened its page"),
        (
            "web_session",
            "family_phone",
        ),
        _l("the last use, or signing out"),
        30,
        _l("deleted"),
    ),
    Term(
        "guesses",
        _l("Failed attempts to sign in, as digests"),
        ("sign_in_failure",),
        _l("the attempt"),
        2,
        _l("deleted"),
    ),
    Term(
        "invitations",
        _l("Invitation links, and codes for families, as digests"),
        ("invitation", "family_code"),
        _l("the end of the days it works"),
        30,
        _l("deleted"),
    ),
    Term(
        "log",
        _l("The log: who did or saw what, when. Codes, never a name or an address"),
        ("audit_event", "audit_cut"),
        _l("the entry"),
        365,
        _l("deleted from the oldest on; the chain begins anew where the rest starts"),
    ),
    Term(
        "receipts",
        _l("That a family or an account was erased: a code, the time, how many rows"),
        ("erasure", "retention_report"),
        _l("the erasure"),
        365,
        _l("deleted"),
    ),
    Term(
        "incidents",
        _l("Incidents: what kind, who was told, and what happened (sealed)"),
        ("incident",),
        _l("the day it was written down; it goes with the family, if that goes first"),
        365,
        _l("deleted; its text is sealed under the family's key"),
    ),
    Term(
        "holds",
        _l("A legal hold: which family, until when, and why (sealed)"),
        ("legal_hold",),
        _l("the end of the hold, at most 90 days after its start"),
        365,
        _l("deleted; its reason is sealed under the family's key and goes with the family"),
    ),
    Term(
        "motions",
        _l("What one person asked for and a second one said yes or no to; alarms"),
        ("motion", "alarm"),
        _l("the answer, or the end of its time"),
        365,
        _l("deleted"),
    ),
    Term(
        "settings",
        _l("Groups, their settings, house numbers known to all, consents to servers, pauses"),
        ("community_group", "known_address", "geocoder_consent", "freeze"),
        _l("as long as the group drives"),
        None,
        _l("removed with the installation; names no family"),
    ),
)
"""The whole table."""
