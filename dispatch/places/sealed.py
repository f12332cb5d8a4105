"""What is under the seal of a private place: its address and its point."""

import json
from dataclasses import asdict, dataclass

from dispatch.crypto.vault import Vault
from dispatch.places.models import Place

Point = tuple[float, float]
"""Latitude and longitude, degrees."""


@dataclass(frozen=True)
class Address:
    """Where a door is, as a driver needs it."""

    line: str
    """Number and street: "48 Larch Row"."""
    unit: str = ""
    town: str = ""
    directions: str = ""
    """How to find the door: "side entrance"."""


def seal_into(place: Place, address: Address, point: Point, vault: Vault) -> None:
    """Store `address` and `point` in `place`, sealed."""
    place.seal("sealed_address", json.dumps(asdict(address)), vault)
    place.seal("sealed_point", json.dumps(point), vault)


def address_of(place: Place, vault: Vault) -> Address:
    """The address under the seal. Only for `places.service.reveal` and the editing form."""
    text = place.unseal("sealed_address", vault)
    return Address(**json.loads(text)) if text else Address(line="")


def point_of(place: Place, vault: Vault) -> Point:
    """Where the place is, for computing in memory; never for showing."""
    if place.latitude is not None and place.longitude is not None:
        return place.latitude, place.longitude
    latitude, longitude = json.loads(place.unseal("sealed_point", vault) or "null")
    return latitude, longitude
