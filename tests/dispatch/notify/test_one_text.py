"""What fits into one text message."""

import pytest

from dispatch.notify import one_text


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("a" * 160, True),
        ("a" * 161, False),
        ("ñ¿éüà" * 32, True),
        ("€" * 80, True),
        ("€" * 80 + "a", False),
        ("a" * 159 + "á", False),
        ("á" * 70, True),
        ("á" * 71, False),
        ("م" * 70, True),
        ("م" * 71, False),
        ("😀" * 35, True),
        ("😀" * 36, False),
        ("", True),
    ],
)
def test_a_message_has_its_room(text: str, fits: bool):
    assert one_text.fits(text) is fits
