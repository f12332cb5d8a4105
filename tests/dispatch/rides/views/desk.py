"""What the tests of the pages of requests and rides share."""

import re

from sqlalchemy import select

from dispatch.people.models import User
from dispatch.rides.models import Ride
from tests.build import a_coordinator, a_driver, a_family, a_group, a_public_place
from tests.dispatch.rides.asked import RIDE_FORM

ASKED = {
    "form_token": "a-token-of-this-form",
    **RIDE_FORM,
    "booster": "1",
}


class Desk:
    """A browser in which a coordinator is signed in, and the family that asks."""

    def __init__(self, database, client_of):
        self.database = database
        with database.transaction() as session:
            group = a_group(session)
            actor = a_coordinator(session, group)
            self.family = a_family(session, group)
            a_public_place(session, group)
            a_public_place(session, group, "Riverside School")
            self.driver = a_driver(session, group).user
            self.stranger = session.get_one(User, a_coordinator(session, a_group(session)).user_id)
            self.user = session.get_one(User, actor.user_id)
            self.group = group
        self.client = client_of(self.user)

    def ask(self, **changes):
        return self.client.post(
            "/requests/new", data={"family": self.family.number} | ASKED | changes
        )

    def rides(self):
        with self.database.session() as session:
            return list(session.scalars(select(Ride).order_by(Ride.id)))


def text(answer):
    return answer.get_data(as_text=True)


def error(page, name):
    """The sentence beside a field."""
    found = re.search(rf'id="e-{name}">.*?<span>(.*?)</span></span>', page, re.DOTALL)
    return found and found[1].replace("&#34;", '"').replace("&#39;", "'")
