"""What is noticed in notes, and what cannot be about a household."""

import pytest

from dispatch.families.rules import is_phone, note_warnings, party_trouble

SUSPICIOUS = {
    "case number": [
        "Case A-2041-77",
        "A 123 456 789",
        "a123456789",
        "receipt EAC2190012345",
        "case no. 24-CV-1187",
        "Caso número 5512",
        "expediente en la corte",
        "docket # 99",
    ],
    "papers": [
        "needs a new passport",
        "su pasaporte venció",
        "visa interview",
        "SSN on file",
        "123-45-6789",
        "no driver's license",
        "maneja sin licencia",
        "permiso de trabajo",
    ],
    "status": [
        "undocumented",
        "está indocumentada",
        "asylum hearing",
        "audiencia de asilo",
        "afraid of deportation",
        "ICE check-in",
        "immigration court",
        "cita de inmigración",
        "sin papeles",
        "nationality unknown",
    ],
    "date of birth": [
        "DOB 4/5/88",
        "born on 3 May",
        "fecha de nacimiento",
        "nacida el 3 de mayo",
        "03/05/1988",
        "1988-05-03",
        "birthday is Monday",
    ],
    "e-mail": ["write to rosa.perez@example.org"],
    "phone": ["call 604-555-0117", "(604) 555 0117", "+1 604.555.0117", "6045550117"],
}
HARMLESS = [
    "",
    "Stroller to fold.",
    "Ride on 2027-03-11 at 10:30, room 204",
    "Llega con andadera; el perro es manso.",
    "Ice on the steps, park uphill",
    "Gate code 4471, unit 12B",
    "Two boosters, one is 5 years old",
    "👩‍👧 كرسي أطفال",
    "Take bus 99 B-Line stop as landmark",
    "Bring the parcel from stand A-12",
]


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in SUSPICIOUS.items() for text in texts]
)
def test_what_should_not_be_written_down_is_noticed(kind, text):
    assert any(kind in sentence for sentence in note_warnings(text)), note_warnings(text)


@pytest.mark.parametrize("text", HARMLESS)
def test_ordinary_notes_are_left_alone(text):
    assert note_warnings(text) == []


def test_a_warning_quotes_what_it_found_once_a_kind():
    warnings = note_warnings("Case A-2041-77 and A-2041-78, ask rosa@example.org")
    assert len(warnings) == 2
    assert "“A-2041-77”" in warnings[0]
    assert "“rosa@example.org”" in warnings[1]


def test_a_long_note_is_read_to_its_end():
    assert note_warnings("stroller " * 1000 + "passport") != []


@pytest.mark.parametrize("text", ["604-555-0117", "+1 (604) 555.0117", "٦٠٤٥٥٥٠١١٧", "5550117"])
def test_phone_numbers_may_be_written_in_many_ways(text):
    assert is_phone(text)


@pytest.mark.parametrize("text", ["", "123", "call me", "1234567890123456", "604-555-0117 ext"])
def test_what_is_no_phone_number_is_told_apart(text):
    assert not is_phone(text)


def test_a_household_is_somebody_and_seats_are_for_children():
    assert set(party_trouble(adults=0, children=0, child_seats=0)) == {"adults"}
    assert set(party_trouble(adults=1, children=1, child_seats=2)) == {"children"}
    assert party_trouble(adults=0, children=2, child_seats=2) == {}
