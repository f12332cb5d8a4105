"""What is under the seal of a place, and what is not."""

from uuid import uuid4

import pytest

from dispatch.crypto.keyring import Unreadable
from dispatch.db.transactions import vault_of
from dispatch.places.models import Place, PlaceKind
from dispatch.places.sealed import Address, address_of, point_of, seal_into
from tests.build import a_group, a_home, a_public_place

FULL = Address("48 Larch Row", unit="4B", town="Bayside", directions="👉 ‏الباب الجانبي")
POINT = (49.271234567891, -123.112)


def test_address_and_point_come_back_as_they_were_sealed(session):
    place, vault = Place(kind=PlaceKind.HOME, owner_uid=uuid4()), vault_of(session)
    seal_into(place, FULL, POINT, vault)
    assert address_of(place, vault) == FULL
    assert point_of(place, vault) == POINT


def test_what_is_stored_shows_neither(session):
    place = Place(kind=PlaceKind.HOME, owner_uid=uuid4())
    seal_into(place, FULL, POINT, vault_of(session))
    shown = repr(place) + repr(place.sealed_address) + repr(place.sealed_point)
    for part in ("Larch", "4B", "Bayside", "49.27", "123.11"):
        assert part not in shown
    assert (place.latitude, place.longitude, place.name) == (None, None, None)


def test_a_public_place_is_where_it_says(session):
    place = a_public_place(session, a_group(session), point=(49.26, -123.12))
    assert point_of(place, vault_of(session)) == (49.26, -123.12)


def test_without_its_key_a_home_is_nowhere(session):
    owner = uuid4()
    home, vault = a_home(session, a_group(session), owner), vault_of(session)
    vault.keys.destroy(owner)
    for opened in (address_of, point_of):
        with pytest.raises(Unreadable):
            opened(home, vault)
