"""A real installation for timing: a database with a full day, the web server on a free port."""

import os
import socket
import subprocess
import tempfile
import time as clock_time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from dispatch import clock, config, installation
from dispatch.app import open_database
from dispatch.drivers.models import Driver
from dispatch.people import sessions
from dispatch.people.models import Membership, Role
from dispatch.planning.models import (
    Assignment,
    AssignmentState,
    MatchRun,
    Proposal,
    ProposalState,
    RunState,
    Unserved,
)
from dispatch.rides.models import Ride, RideState
from tests import build


@dataclass(frozen=True)
class Running:
    """Where the server listens, and what a request needs."""

    port: int
    cookie: str
    """Of a signed-in coordinator."""
    driver: str
    """The same of a driver who has rides on the full day."""
    day: date
    """The full day."""
    family: str
    """A family's number."""
    place: str
    """A public place's name."""


@contextmanager
def running(*, rides: int, drivers: int, workers: int = 2) -> Iterator[Running]:
    """An installation with a day of so many rides and drivers, ended with the block."""
    with tempfile.TemporaryDirectory() as folder:
        port = free_port()
        settings = config.load(str(Path(folder) / "data"), base_url=f"http://127.0.0.1:{port}")
        installation.prepare(settings)
        told = _fill(settings, rides, drivers)
        command = installation.serving_command("127.0.0.1", port, workers)
        environment = {**installation.environment(settings), "PYTHONPATH": os.getcwd()}
        server = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            wait(port)
            yield Running(port, *told)
        finally:
            server.terminate()
            server.wait()


def _fill(settings: config.Settings, rides: int, drivers: int) -> tuple[str, str, date, str, str]:
    now = clock.now()
    with open_database(settings).transaction() as session:
        group = build.a_group(session)
        anna = build.a_user(session, name="Anna")
        session.add(Membership(user=anna, group=group, role=Role.COORDINATOR))
        day = clock.local_day(now, group.zone) + timedelta(days=1)
        clinic = build.a_public_place(session, group)
        crew = [build.a_driver(session, group, name=f"Driver {n}") for n in range(drivers)]
        run = MatchRun(group_id=group.id, service_on=day, asked_at=now, state=RunState.DONE)
        session.add(run)
        for number in range(rides):
            at = clock.local_instant(day, time(7 + number % 12, number * 7 % 60), group.zone)
            ride = build.a_ride(
                session,
                group,
                service_on=day,
                dropoff_place=clinic,
                window_starts_at=at - timedelta(minutes=30),
                window_ends_at=at,
            )
            session.flush()
            _plan(session, run, ride, number, crew)
        session.flush()
        session.refresh(anna)
        cookies = [
            f"dispatch={sessions.begin(session, user, now=now)}" for user in (anna, crew[0].user)
        ]
        return *cookies, day, ride.family.number, clinic.name


def _plan(session: Session, run: MatchRun, ride: Ride, number: int, crew: list[Driver]) -> None:
    """What coordinators have on a board in the morning: of ten rides, four are promised, four
    proposed, one left out and one new. Nobody is promised two rides.
    """
    driver = crew[number % len(crew)]
    times = {
        "pickup_at": ride.window_ends_at - timedelta(minutes=20),
        "dropoff_at": ride.window_ends_at,
    }
    made = {"group_id": run.group_id, "ride": ride, "driver": driver, **times}
    if number % 10 < 4 and number < len(crew) * 2:
        ride.state = RideState.ACCEPTED
        held = AssignmentState.ACCEPTED
        until = ride.window_ends_at + timedelta(minutes=3)
        promised = {"user_id": driver.user_id, "state": held, "busy_until": until}
        session.add(Assignment(**made, **promised, approved_at=run.asked_at))
    elif number % 10 < 8:
        why = {"away_minutes": number % 30, "others": ["D01", "D02"], "skills": []}
        told = {"state": ProposalState.LIVE, "ride_version": ride.version, "why": why}
        session.add(Proposal(run=run, **made, **told))
    elif number % 10 == 8:
        relax = {"kind": "pickup_window", "seconds": -1200, "drivers": ["D01", "D02"]}
        told = {"reason": "too_far", "relax": relax, "ride_version": ride.version}
        session.add(Unserved(run_id=run.id, ride_id=ride.id, **told))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait(port: int) -> None:
    for _try in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1)
        except OSError:
            clock_time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server did not start")
