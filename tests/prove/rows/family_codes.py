"""Codes of families: wrong ones tell nothing, and nobody guesses often enough to find one."""

import random
import re
from datetime import datetime, timedelta
from unittest.mock import patch

from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

from dispatch import clock
from dispatch.app import create_app
from dispatch.db.transactions import Database
from dispatch.errors import Refused, TooMany
from dispatch.families.models import Family
from dispatch.people.models import SignInFailure
from dispatch.policy import Actor
from dispatch.visits import rules, service
from tests import build
from tests.conftest import NOW
from tests.prove import installation
from tests.prove.figure import Figure, Row, Workplace, control

MOST_FROM_ONE = 100
"""Codes that one network may have heard in a day."""
MOST_FROM_ALL = 9_000
"""The same of all networks together."""
ROW = Row(
    what="One-time codes of families: what wrong, used, ended, expired ones are told; guesses "
    "heard in a day from one network, and from as many as one likes",
    must=f"byte-equal; at most {MOST_FROM_ONE} and {MOST_FROM_ALL:,}, of 20^12 codes",
    quick=20,
    full=20_000,
    fewest=lambda size: min(size, 9_000),  # the door rests: no more tries than that are heard
)
_TOKEN = re.compile(rb'(name="csrf_token"[^>]*value=")[^"]+')


def prove(at: Workplace) -> Figure:
    """Compare answers, then guess for a simulated day, `at.size` tries at most from each side."""
    settings, database = installation.make(at.folder)
    app = create_app(settings, database=database, enqueue=lambda _uid: None)
    app.config["WTF_CSRF_ENABLED"] = False
    compared, kinds = _compare(app, database, at.size)
    control(_tells_apart(app, database), "an answer that names what is wrong")
    at.told(0.1)
    one, stopped = _heard_in_a_day(database, at, networks=1)
    control(_unthrottled(database, 12) == 12, "a door without throttle hears every guess")
    at.told(0.4)
    everywhere, _stopped = _heard_in_a_day(database, at, networks=at.size)
    database.engine.dispose()
    database.vault.keys.close()
    told = f"{kinds} answer{'s' if kinds != 1 else ''} to {compared} codes that do not work"
    heard = f"heard in a day: {one} from one network, {everywhere:,} from all"
    return Figure(
        looked_at=compared + stopped + one + everywhere,
        unit="tries",
        measured=f"{told}; {heard}; a code found: 0",
        holds=kinds == 1 and one <= MOST_FROM_ONE and everywhere <= MOST_FROM_ALL,
        controls=2,
    )


def _household(session: Session) -> tuple[Actor, Family]:
    group = build.a_group(session)
    return build.a_coordinator(session, group), build.a_family(session, group)


def _codes(database: Database, many: int) -> list[str]:
    """Codes of every kind that does not work: used, ended, expired, unknown, and none at all."""
    chance = random.Random(7)  # noqa: S311 the same guesses every time
    with database.transaction() as session:
        rosa, family = _household(session)
        used = service.give_code(session, rosa, family, now=NOW)
    with database.transaction() as session:
        service.enter(session, used, "192.0.2.200", now=NOW)
        ended = service.give_code(session, rosa, family, now=NOW)
        late = service.give_code(session, rosa, family, now=NOW - rules.CODE_LASTS)
    odd = ["", " ", "x" * 4000, "<script>", "\x00", "٣" * 12, used[:11], used.lower()]
    unknown = ["".join(chance.choices(rules.ALPHABET, k=12)) for _one in range(min(many, 200))]
    return [used, ended, late, *odd, *unknown]


def _compare(app: Flask, database: Database, many: int) -> tuple[int, int]:
    """How many codes that do not work were tried, and how many kinds of answers they got."""
    answers, codes = set(), _codes(database, many)
    with patch.object(clock, "now", lambda: NOW):
        for number, code in enumerate(codes):
            answers.add(_answer(app, code, f"192.0.{number // 250 + 3}.{number % 250}"))
            _forget(database)
    return len(codes), len(answers)


def _answer(app: Flask, code: str, address: str) -> tuple[int, bytes, str]:
    """What a code is answered, without the token that every form has of its own."""
    with patch.object(clock, "now", lambda: NOW):
        answer = app.test_client().post(
            "/f", data={"code": code}, environ_base={"REMOTE_ADDR": address}
        )
    headers = [pair for pair in sorted(answer.headers) if pair[0] != "Set-Cookie"]
    return answer.status_code, _TOKEN.sub(rb"\1", answer.data), str(headers)


def _tells_apart(app: Flask, database: Database) -> bool:
    """Whether the comparison notices a page that says which code was used already."""
    used = _codes(database, 1)[0]
    kept = service.enter

    def says_more(session: Session, typed: str, *rest: object, **named: datetime) -> object:
        if typed == used:
            raise Refused("This code was used.")
        return kept(session, typed, *rest, **named)

    with patch("dispatch.visits.views.own.service.enter", says_more):
        answers = {_answer(app, code, "192.0.2.9") for code in (used, "K3MF 7HRA 9XWC")}
    _forget(database)
    return len(answers) > 1


def _heard_in_a_day(database: Database, at: Workplace, *, networks: int) -> tuple[int, int]:
    """Guess as fast as is listened to, for a day: how many were heard, how many turned away."""
    _forget(database)
    heard = turned_away = 0
    moment, end = NOW, NOW + timedelta(days=1)
    while moment < end and heard + turned_away < 2 * at.size:
        number = heard % networks
        address = f"10.{number // 65_536 % 256}.{number // 256 % 256}.{number % 256}"
        if networks > 1:  # every guess from a network of its own, as nobody has them
            address = f"{11 + number // 65_536}.{number // 256 % 256}.{number % 256}.1"
        try:
            with database.transaction() as session:
                service.enter(session, rules.make_code(), address, now=moment)
        except Refused:
            heard += 1
        except TooMany as told:
            turned_away += 1
            moment += timedelta(seconds=max(told.seconds, 1))
    return heard, turned_away


def _unthrottled(database: Database, tries: int) -> int:
    """How many guesses are heard of somebody whose wrong codes are forgotten each time."""
    heard = 0
    for _try in range(tries):
        _forget(database)
        try:
            with database.transaction() as session:
                service.enter(session, rules.make_code(), "10.0.0.1", now=NOW)
        except Refused:
            heard += 1
    return heard


def _forget(database: Database) -> None:
    with database.transaction() as session:
        session.execute(delete(SignInFailure))
