"""A steward's consent that a public server is asked: given, held to its name, and ended."""

import pytest
from sqlalchemy import select

from dispatch.audit.models import AuditEvent
from dispatch.db.transactions import commit
from dispatch.errors import Forbidden
from dispatch.geocoding_server import named
from dispatch.places import consents
from dispatch.places.models import GeocoderConsent
from tests.build import a_coordinator, a_group, a_steward

OWN = named("photon", "http://geocoder.lan")
PUBLIC = named("nominatim", "https://nominatim.openstreetmap.org")
OTHER = named("photon", "https://photon.komoot.io")


def test_a_server_of_ones_own_needs_no_consent(any_session):
    assert consents.may_be_asked(any_session, OWN)


def test_a_strangers_server_is_not_asked_before_a_steward_allows_it(any_session, now):
    assert not consents.may_be_asked(any_session, PUBLIC)
    consents.give(any_session, a_steward(any_session), PUBLIC, now=now)
    assert consents.may_be_asked(any_session, PUBLIC)
    assert not consents.may_be_asked(any_session, OTHER)


def test_a_consent_ends_and_can_be_given_again(any_session, now):
    steward = a_steward(any_session)
    consents.give(any_session, steward, PUBLIC, now=now)
    consents.end(any_session, steward, PUBLIC, now=now)
    assert not consents.may_be_asked(any_session, PUBLIC)
    consents.give(any_session, steward, PUBLIC, now=now)
    assert consents.may_be_asked(any_session, PUBLIC)


def test_a_consent_given_twice_is_one_and_ended_twice_is_ended(any_session, now):
    steward = a_steward(any_session)
    for _ in range(2):
        consents.give(any_session, steward, PUBLIC, now=now)
    assert len(any_session.scalars(select(GeocoderConsent)).all()) == 1
    for _ in range(2):
        consents.end(any_session, steward, PUBLIC, now=now)
    assert any_session.scalars(select(GeocoderConsent)).one().ended_at == now


def test_a_server_of_ones_own_is_given_no_consent(any_session, now):
    consents.give(any_session, a_steward(any_session), OWN, now=now)
    assert any_session.scalars(select(GeocoderConsent)).all() == []


def test_the_log_says_who_allowed_it_and_who_ended_it(session, now):
    steward, other = a_steward(session), a_steward(session)
    consents.give(session, steward, PUBLIC, now=now)
    consents.end(session, other, PUBLIC, now=now)
    commit(session)
    noted = session.scalars(select(AuditEvent).order_by(AuditEvent.position)).all()
    assert [(one.action, one.actor_uid) for one in noted] == [
        ("geocoder:allow", steward.uid),
        ("geocoder:stop", other.uid),
    ]


def test_whoever_starts_the_program_is_told_whether_it_is_asked(session, now):
    assert "does not know" in consents.say_whether_asked(session, OWN)
    assert "is not asked" in consents.say_whether_asked(session, PUBLIC)
    consents.give(session, a_steward(session), PUBLIC, now=now)
    assert "a steward allowed it" in consents.say_whether_asked(session, PUBLIC)


def test_only_a_steward_gives_and_ends_it(session, now):
    rosa = a_coordinator(session, a_group(session))
    for change in (consents.give, consents.end):
        with pytest.raises(Forbidden):
            change(session, rosa, PUBLIC, now=now)
