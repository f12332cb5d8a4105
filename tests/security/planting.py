"""Canaries in an installation: planted through the real forms, where families and drivers are."""

from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch.config import Settings
from dispatch.db.transactions import Database
from dispatch.drivers.models import Driver
from dispatch.families.models import Family
from dispatch.incidents.models import Incident
from dispatch.planning.models import Assignment
from dispatch.rides.models import Request, Ride
from tests.dispatch.rides.asked import RIDE_FORM
from tests.security import world
from tests.security.canaries import DRIVER, FAMILY
from tests.security.world import World

EVERYTHING = [*FAMILY.values(), *DRIVER.values()]
FAMILY_FORM = {
    "number": "FCANARY",
    "name": FAMILY["name"],
    "phone": FAMILY["phone"],
    "language": "es",
    "adults": "1",
    "children": "1",
    "new-0-name": FAMILY["rider"],
    "new-0-kind": "child",
    "where": "home",
    "home-line": FAMILY["line"],
    "home-unit": FAMILY["unit"],
    "home-town": FAMILY["town"],
    "home-directions": FAMILY["directions"],
    "home-lat": FAMILY["latitude"],
    "home-lon": FAMILY["longitude"],
    "notes": FAMILY["notes"],
}
DRIVER_FORM = {
    "number": "DCANARY",
    "name": DRIVER["name"],
    "email": DRIVER["email"],
    "language": "en",
    "languages": ["en"],
    "car": "red Fiat",
    "seats": "4",
    "start": "own",
    "start-line": DRIVER["line"],
    "start-lat": DRIVER["latitude"],
    "start-lon": DRIVER["longitude"],
    "end": "same",
}
REQUEST_FORM = {
    "family": "FCANARY",
    "form_token": "a-token-of-this-form",
    **RIDE_FORM,
    "notes": FAMILY["request note"],
}
REVEALED = {
    "name": ["name"],
    "phone": ["phone"],
    "notes": ["notes"],
    "riders": ["rider"],
    "address": ["line", "unit", "town", "directions"],
}
"""What each part of a family's record opens."""


@dataclass
class Planted:
    """A world in which the canaries live, and browsers to look with."""

    app: Flask
    settings: Settings
    world: World
    family: Family

    def browser(self, principal: str) -> FlaskClient:
        """A browser of `principal`."""
        return self.world.browser(self.app, principal)


def _sent(browser: FlaskClient, address: str, form: dict) -> None:
    answer = browser.post(address, data=form)
    assert answer.status_code in (200, 302, 303), (address, answer.status_code, answer.text)


def plant(app: Flask, database: Database, settings: Settings, now: datetime) -> Planted:
    """Canaries in a family, a driver, a request, an accepted ride, and in forms that failed."""
    made = world.make(database, now)
    desk = made.browser(app, "coordinator")
    _sent(desk, "/families/new", FAMILY_FORM)
    _sent(desk, "/drivers/new", DRIVER_FORM)
    _sent(desk, "/requests/new", REQUEST_FORM)
    _sent(desk, "/runs", {"day": "2027-03-09"})
    assert desk.post("/families/new", data=FAMILY_FORM).status_code == 422
    desk.post("/requests/new", data={**REQUEST_FORM, "family": FAMILY["name"]})
    desk.post("/families/find", data={"phone": FAMILY["phone"]})
    phone = {"name": "Marta", "phone": DRIVER["phone"], "language": "en"}
    made.browser(app, "driver").post("/me", data=phone)
    app.test_client().post("/signin", data={"email": DRIVER["email"], "password": "not it"})
    with database.transaction(reads_only=True) as session:
        family = session.scalars(select(Family).where(Family.number == "FCANARY")).one()
        request = session.scalars(select(Request).where(Request.family_id == family.id)).one()
        ride = session.scalars(select(Ride).where(Ride.request_id == request.id)).one()
        driver = session.scalars(select(Driver).where(Driver.number == "DCANARY")).one()
    chosen = {"driver": str(made.ours.driver.uid), "pickup_at": "10:10", "version": "1"}
    _sent(desk, f"/rides/{ride.uid}/assign", chosen)
    with database.transaction(reads_only=True) as session:
        held = session.scalars(select(Assignment).where(Assignment.ride_id == ride.id)).one()
    _sent(made.browser(app, "driver"), f"/offers/{held.uid}/accept", {})
    happened = {"kind": "car", "note": FAMILY["incident"], "told": ["family"]}
    _sent(desk, f"/rides/{ride.uid}/incident", happened)
    desk.post(f"/rides/{ride.uid}/incident", data={"note": FAMILY["incident"]})
    with database.transaction(reads_only=True) as session:
        incident = session.scalars(select(Incident).where(Incident.ride_id == ride.id)).one()
    made.ours.things |= {
        "family": family,
        "request": request,
        "ride": ride,
        "driver": driver,
        "offer": held,
        "assignment": held,
        "incident": incident,
    }
    return Planted(app, settings, made, family)
