"""The world of planning's use cases, in the database for good, with a browser for each person."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select

from dispatch.db.transactions import Database
from dispatch.drivers.models import Driver
from dispatch.people.models import Group, User
from dispatch.planning.models import Assignment, Proposal
from dispatch.rides.models import Ride
from tests.build import DAY, a_coordinator, a_group
from tests.dispatch.planning.service.world import World


class Scene:
    """A coordinator at the desk, a driver with a phone, a coordinator elsewhere; they share it."""

    def __init__(
        self, database: Database, client_of: Callable[[User], FlaskClient], now: datetime
    ) -> None:
        self.database = database
        with database.transaction() as session:
            self.world = World(session, now)
            stranger = a_coordinator(session, a_group(session, name="Elsewhere"))
            users = [session.get_one(User, one.user_id) for one in (self.world.rosa, stranger)]
        self._client_of, self._coordinator = client_of, users[0]
        self.elsewhere = client_of(users[1])
        self.take_the_desk()
        self.take_the_phone()
        self.ride_uid, self.proposal_uid = self.world.ride.uid, self.world.proposal.uid

    def take_the_desk(self) -> None:
        """The coordinator signs in, as it has to when a day has passed."""
        self.desk = self._client_of(self._coordinator)

    def take_the_phone(self) -> None:
        """The driver signs in, as it has to when a day has passed."""
        self.phone = self._client_of(self.world.driver.user)

    def let_navigate(self) -> None:
        """The group lets its drivers hand an address to a map app."""
        with self.database.transaction() as session:
            session.get_one(Group, self.world.group.id).lets_navigate = True

    def both_ways(self) -> tuple[UUID, UUID]:
        """The proposals of a ride whose driver waits, there and back, by their uids."""
        with self.database.transaction() as session:
            self.world.session = session
            self.world.group = session.get_one(Group, self.world.group.id)
            self.world.driver = session.get_one(Driver, self.world.driver.id)
            out, back = self.world.propose_both_ways()
            return out.uid, back.uid

    def offered(self) -> str:
        """The uid of the offer that the desk's approval makes."""
        answer = self.desk.post(f"/proposals/{self.proposal_uid}/approve")
        assert answer.status_code == 303
        return str(self.assignment().uid)

    def accepted(self) -> str:
        """The uid of the assignment after the driver's yes."""
        uid = self.offered()
        assert self.phone.post(f"/offers/{uid}/accept").status_code == 303
        return uid

    def ride(self) -> Ride:
        """The ride as it is now."""
        with self.database.session() as session:
            return session.scalars(select(Ride).where(Ride.uid == self.ride_uid)).one()

    def proposal(self) -> Proposal:
        """The proposal as it is now."""
        with self.database.session() as session:
            return session.scalars(select(Proposal).where(Proposal.uid == self.proposal_uid)).one()

    def change_ride(self, **values: object) -> None:
        """Somebody else changes the ride."""
        with self.database.transaction() as session:
            ride = session.scalars(select(Ride).where(Ride.uid == self.ride_uid)).one()
            for name, value in values.items():
                setattr(ride, name, value)

    def on_the_board(self) -> str:
        """The address of the board with the ride selected."""
        return f"/board?day={DAY}&ride={self.ride_uid}"

    def assignment(self) -> Assignment | None:
        """The newest assignment there is."""
        with self.database.session() as session:
            return session.scalars(select(Assignment).order_by(Assignment.id.desc())).first()
