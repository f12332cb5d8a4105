"""A group with a coordinator, a driver, a ride and a proposal for the two."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dispatch.drivers.models import Driver
from dispatch.notify.models import Message, MessageKind
from dispatch.places.models import AddressGrant
from dispatch.places.roads import Estimate
from dispatch.planning import service
from dispatch.planning.models import (
    Assignment,
    MatchRun,
    Proposal,
    ProposalState,
    RunState,
    Trouble,
    TroubleKind,
)
from dispatch.rides.models import Leg, Ride, RideState
from tests.build import (
    DAY,
    TEN,
    a_coordinator,
    a_driver,
    a_family,
    a_group,
    a_public_place,
    a_request,
    a_ride,
    driver_actor,
)

ENGINE = Estimate()
PICKUP = TEN - timedelta(minutes=20)


class World:
    """What most tests of planning are about; a class because they share all of it."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now = session, now
        self.group = a_group(session)
        self.rosa = a_coordinator(session, self.group)
        self.driver = a_driver(session, self.group)
        self.marta = driver_actor(self.driver)
        self.ride = a_ride(session, self.group)
        self.proposal = self.propose(self.ride, self.driver)

    def propose(self, ride: Ride, driver: Driver, pickup_at: datetime = PICKUP) -> Proposal:
        """A live proposal of a run of its own."""
        run = MatchRun(
            group_id=self.group.id, service_on=DAY, asked_at=self.now, state=RunState.DONE
        )
        self.session.add(run)
        self.session.flush()
        proposal = Proposal(
            run=run,
            group_id=self.group.id,
            ride=ride,
            driver=driver,
            state=ProposalState.LIVE,
            pickup_at=pickup_at,
            dropoff_at=pickup_at + timedelta(minutes=15),
            ride_version=ride.version,
        )
        self.session.add(proposal)
        self.session.flush()
        return proposal

    def propose_both_ways(self) -> tuple[Proposal, Proposal]:
        """A ride whose driver waits, with a proposal for each way."""
        session, group = self.session, self.group
        family = a_family(session, group)
        request = a_request(session, family)
        clinic = a_public_place(session, group, "Harbour Court")
        out = a_ride(session, group, family=family, request=request, dropoff_place=clinic)
        out.wait_minutes = 45
        back = a_ride(
            session,
            group,
            family=family,
            request=request,
            leg=Leg.RETURN,
            outbound=out,
            with_outbound=True,
            pickup_place=clinic,
            dropoff_place=family.place,
            window_starts_at=TEN + timedelta(minutes=15),
            window_ends_at=TEN + timedelta(minutes=45),
        )
        first = self.propose(out, self.driver)
        second = self.propose(back, self.driver, TEN + timedelta(minutes=30))
        return first, second

    def approve(self, proposal: Proposal | None = None) -> list[Assignment]:
        """What the coordinator's yes makes of a proposal."""
        return service.approve(
            self.session, self.rosa, proposal or self.proposal, engine=ENGINE, now=self.now
        )

    def accepted(self) -> Assignment:
        """The ride, with the driver's yes."""
        (assignment,) = self.approve()
        service.accept(self.session, self.marta, assignment, now=self.now)
        return assignment

    def assign(
        self,
        driver: Driver,
        pickup_at: datetime = PICKUP,
        ride: Ride | None = None,
        version: int | None = None,
    ) -> list[Assignment]:
        """The ride, given to `driver` by hand."""
        ride = ride or self.ride
        return service.assign(
            self.session,
            self.rosa,
            ride,
            driver,
            pickup_at=pickup_at,
            version=version or ride.version,
            engine=ENGINE,
            now=self.now,
        )

    def report(self, assignment: Assignment, *states: RideState, at: datetime) -> None:
        """The driver goes through `states`, all at the same moment."""
        for state in states:
            service.report_progress(self.session, self.marta, assignment, state, now=at)

    def tell(self, assignment: Assignment, kind: TroubleKind, at: datetime, by: int = 0) -> Trouble:
        """The driver tells that something is wrong."""
        service.tell_trouble(self.session, self.marta, assignment, kind, delay_minutes=by, now=at)
        return self.session.scalars(select(Trouble).order_by(Trouble.id.desc())).first()

    def live_grants(self) -> list[AddressGrant]:
        """The grants that nobody took back, as the database has them."""
        self.session.expire_all()
        grants = self.session.scalars(select(AddressGrant))
        return [one for one in grants if one.revoked_at is None]

    def messages(self, kind: MessageKind) -> list[Message]:
        """What somebody will be told."""
        found = select(Message).where(Message.kind == kind, Message.dropped_at.is_(None))
        return list(self.session.scalars(found))
