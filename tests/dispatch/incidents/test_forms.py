"""What is missing of an incident is said, and what was ticked comes in one order."""

import pytest

from dispatch.incidents import forms
from dispatch.incidents.models import IncidentKind, Told


def test_a_kind_a_note_and_who_was_told():
    typed = {"kind": "health", "note": " She felt faint. "}
    found, errors = forms.parse_incident(typed, ["driver", "family", "nobody"])
    assert errors == {}
    assert found == forms.Written(
        IncidentKind.HEALTH, "She felt faint.", [Told.FAMILY, Told.DRIVER]
    )


@pytest.mark.parametrize(
    ("typed", "wrong"),
    [
        ({}, {"kind", "note"}),
        ({"kind": "bored", "note": "x"}, {"kind"}),
        ({"kind": "car", "note": "  "}, {"note"}),
        ({"kind": "car", "note": "x" * (forms.MOST_NOTE + 1)}, {"note"}),
    ],
)
def test_what_is_missing_is_said(typed, wrong):
    found, errors = forms.parse_incident(typed, [])
    assert (found, set(errors)) == (None, wrong)
