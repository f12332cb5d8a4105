"""What may be typed about a family, and which sentence answers what cannot be."""

from uuid import UUID

import pytest

from dispatch.families import forms
from dispatch.families.facts import Home, RiderFacts
from dispatch.families.models import Family, FamilyState, RiderKind
from dispatch.places.sealed import Address

TYPED = {
    "number": "f118",
    "name": "Carmen",
    "phone": "604-555-0117",
    "language": "es",
    "adults": "1",
    "children": "2",
    "where": "home",
    "home-line": "48 Larch Row",
    "home-lat": "49.2711",
    "home-lon": "-123.1121",
}
STORED = Family(number="F118")
UID = UUID("00000000-0000-0000-0000-000000000118")


def _parsed(stored: Family | None = None, **changes: str):
    return forms.parse({**TYPED, **changes}, stored)


def test_a_family_is_taken_as_typed():
    typed, errors = _parsed(infant="1", wheelchair="1", shares_rides="1", notes="Ring twice.")
    assert errors == {}
    facts = typed.facts
    assert (facts.number, facts.name, facts.phone) == ("F118", "Carmen", "604-555-0117")
    assert (facts.adults, facts.children, facts.child_seats) == (1, 2, {"infant": 1})
    assert (facts.wheelchair, facts.shares_rides, facts.needs_language) == (True, True, False)
    assert (facts.notes, facts.state) == ("Ring twice.", FamilyState.ACTIVE)
    assert facts.where == Home(Address("48 Larch Row"), (49.2711, -123.1121))


def test_a_family_gets_texts_only_if_somebody_ticked_that_it_wants_them():
    assert not _parsed()[0].facts.takes_texts
    typed, _errors = _parsed(takes_texts="1")
    assert typed.facts.takes_texts
    assert forms.values_of(Family(number="F1", child_seats={}, state=FamilyState.ACTIVE))[
        "takes_texts"
    ] in (None, False)


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"number": " "}, "number", "Write the family's number."),
        ({"number": "F" * 13}, "number", "At most 12 characters; this is one too many."),
        ({"name": ""}, "name", "Write the first name of the person to ask for."),
        ({"name": "x" * 82}, "name", "At most 80 characters; these are 2 too many."),
        ({"phone": "12345"}, "phone", "Write 7 to 15 digits: 604-555-0117."),
        ({"phone": "call Ana"}, "phone", "Write 7 to 15 digits: 604-555-0117."),
        ({"language": ""}, "language", "Choose a language."),
        ({"language": "Spanish"}, "language", "Choose a language."),
        ({"adults": "21"}, "adults", "Write a whole number from 0 to 20."),
        ({"children": "-1"}, "children", "Write a whole number from 0 to 20."),
        ({"booster": "two"}, "booster", "Write a whole number from 0 to 9."),
        ({"notes": "x" * 10_000}, "notes", "At most 1000 characters; these are 9000 too many."),
        ({"where": ""}, "where", "Choose where the family's rides begin."),
        ({"where": "keep"}, "where", "Choose where the family's rides begin."),
        ({"home-line": ""}, "home-line", "Write the number and the street."),
        ({"home-lat": ""}, "home-lat", "Drop a pin on the map, or write the coordinate."),
        ({"home-lon": "west"}, "home-lon", "Write it in degrees: 49.2711."),
        ({"where": "meeting_point"}, "meeting_point", "Choose a meeting point."),
        ({"where": "meeting_point", "meeting_point": "library"}, "meeting_point",
         "Choose a meeting point."),
        ({"new-0-name": "Luz", "new-0-kind": ""}, "new-0-kind",
         "Choose what this rider sits on."),
        ({f"rider-{UID}-kind": "roof"}, f"rider-{UID}-kind", "Choose what this rider sits on."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_answered_beside_its_field(wrong, field, sentence):
    assert _parsed(**wrong) == (None, {field: sentence})


def test_everything_wrong_is_told_at_once():
    _typed, errors = forms.parse({})
    assert set(errors) == {"number", "name", "language", "where"}


@pytest.mark.parametrize("text", ["👩‍👧‍👦 Luz", "مريم", "‏בית כחול‏"])
def test_emoji_and_text_from_right_to_left_are_kept(text):
    typed, _errors = _parsed(name=text, notes=text)
    assert (typed.facts.name, typed.facts.notes) == (text, text)


def test_a_meeting_point_stands_instead_of_a_home():
    typed, errors = _parsed(where="meeting_point", meeting_point=str(UID))
    assert (typed.meeting_point, typed.facts.where, errors) == (UID, None, {})
    assert _parsed(meeting_point=str(UID))[0].meeting_point is None


def test_what_is_sealed_stays_if_nothing_is_typed_and_goes_when_told_to():
    empty = {"name": "", "phone": "", "notes": "", "where": "keep", "state": "active"}
    facts = _parsed(STORED, **empty)[0].facts
    assert (facts.name, facts.phone, facts.notes, facts.where) == (None, None, None, None)
    facts = _parsed(STORED, **empty, forget_phone="1", forget_notes="1")[0].facts
    assert (facts.name, facts.phone, facts.notes) == (None, "", "")


def test_only_a_family_that_is_known_can_have_left():
    assert _parsed(state="left")[0].facts.state is FamilyState.ACTIVE
    assert _parsed(STORED, state="left", version="4")[0].facts.state is FamilyState.LEFT
    assert _parsed(STORED, state="left", version="4")[0].seen_version == 4
    assert _parsed(STORED, state="?")[1] == {"state": "Choose whether the family asks for rides."}


def test_riders_are_added_renamed_and_left_out():
    other = "00000000-0000-0000-0000-000000000119"
    typed, errors = _parsed(
        STORED,
        **{
            "state": "active",
            f"rider-{UID}-kind": "booster",
            f"rider-{UID}-name": "",
            f"rider-{other}-kind": "adult",
            f"rider-{other}-gone": "1",
            "new-0-name": "Luz",
            "new-0-kind": "infant",
            "new-1-name": "",
            "new-1-kind": "adult",
        },
    )
    assert errors == {}
    assert typed.facts.riders == (
        RiderFacts(RiderKind.BOOSTER, None, UID),
        RiderFacts(RiderKind.INFANT, "Luz"),
    )


def test_the_form_of_a_family_begins_without_what_is_sealed():
    family = Family(
        number="F118",
        state=FamilyState.ACTIVE,
        language="es",
        adults=1,
        children=2,
        child_seats={"infant": 1},
        version=3,
    )
    values = forms.values_of(family)
    assert not {"name", "phone", "notes", "home-line", "home-lat"} & set(values)
    assert (values["number"], values["infant"], values["booster"]) == ("F118", 1, 0)
    assert (values["where"], values["version"]) == (forms.KEEP, 3)


def test_every_field_that_can_be_wrong_has_a_label():
    _typed, errors = _parsed(
        number="", name="", phone="1", language="", adults="x", children="x", notes="x" * 1001,
        infant="x", convertible="x", booster="x",
        **{"home-line": "", "home-lat": "", "home-lon": ""},
    )  # fmt: skip
    _typed, elsewhere = _parsed(where="meeting_point")
    assert set(errors) | set(elsewhere) | {"where"} == set(forms.labels())
