"""What may be typed about a public place, and which sentence answers what cannot be."""

import pytest

from dispatch.places import forms
from dispatch.places.models import PRIVATE_KINDS, PlaceKind

TYPED = {
    "name": "Lakeview Clinic",
    "kind": "clinic",
    "line": "100 Lake St",
    "lat": "49.26",
    "lon": "-123.12",
}


def test_a_place_is_taken_as_typed():
    assert forms.parse(TYPED) == (
        forms.PublicPlace(
            PlaceKind.CLINIC, "Lakeview Clinic", "100 Lake St", (49.26, -123.12), far_is_meant=False
        ),
        {},
    )
    assert forms.parse({**TYPED, "far_is_meant": "1"})[0].far_is_meant


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"name": " \x07"}, "name", "Write the name that people know it by."),
        ({"name": "x" * 81}, "name", "At most 80 characters; this is one too many."),
        ({"kind": ""}, "kind", "Choose what kind of place it is."),
        ({"kind": "moon"}, "kind", "Choose what kind of place it is."),
        ({"line": "x" * 10_000}, "line",
         "At most 120 characters; these are 9880 too many."),
        ({"lat": ""}, "lat", "Drop a pin on the map, or write the coordinate."),
        ({"lon": "west"}, "lon", "Write it in degrees: 49.2711."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_answered_beside_its_field(wrong, field, sentence):
    assert forms.parse({**TYPED, **wrong}) == (None, {field: sentence})


@pytest.mark.parametrize("kind", [kind for kind in PlaceKind if kind in PRIVATE_KINDS])
def test_no_private_kind_is_offered_or_taken(kind):
    assert kind.value not in dict(forms.kind_options())
    assert forms.parse({**TYPED, "kind": kind.value}) == (
        None,
        {"kind": "Homes are kept with their family, sealed, not in this list."},
    )


def test_every_public_kind_is_offered_in_words():
    offered = dict(forms.kind_options())
    assert set(offered) == {kind.value for kind in set(PlaceKind) - PRIVATE_KINDS}
    assert all(offered.values())


def test_everything_wrong_is_told_at_once():
    assert set(forms.parse({})[1]) == {"name", "kind", "lat", "lon"}


@pytest.mark.parametrize("name", ["⛪ San José", "مركز الصحة", "Zoë's"])
def test_a_name_may_be_in_any_script(name):
    assert forms.parse({**TYPED, "name": name})[0].name == name


def test_an_address_may_be_left_out():
    assert forms.parse({**TYPED, "line": ""})[0].address == ""
