"""An address that was found, as the places room wants it."""

from dispatch.imports.reading.addresses import Found
from dispatch.places.sealed import Address, Point


def address_of(found: Found) -> tuple[Address, Point]:
    """The address behind `found`, and where it is."""
    line, _comma, town = found.label.partition(", ")
    address = Address(line=line, unit=found.unit or "", town=town)
    return address, (found.point.lat, found.point.lon)
