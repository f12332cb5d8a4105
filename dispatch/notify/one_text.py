"""What fits into one text message: 160 signs of the alphabet of telephones, or 70 of any.

The alphabet is GSM 7 bit of 3GPP TS 23.038; a message with one other sign is sent as UCS-2.
"""

_ALPHABET = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = frozenset("^{}\\[~]|€\f")
"""Signs that take the room of two."""
_MOST, _MOST_OF_ANY = 160, 70


def fits(text: str) -> bool:
    """Whether `text` is one message."""
    if set(text) <= _ALPHABET | _TWICE:
        return sum(2 if sign in _TWICE else 1 for sign in text) <= _MOST
    return len(text.encode("utf-16-be")) // 2 <= _MOST_OF_ANY
