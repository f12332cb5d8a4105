"""What is said beside a candidate and a pin."""

from dispatch.places.gazetteer.found import Found, MatchKind
from dispatch.places.gazetteer.pins import PinTrouble
from dispatch.places.gazetteer.words import say_how_found, say_pin_trouble


def a_candidate(kind, **facts):
    return Found(kind, (0.0, 0.0), "Larch Row", **facts)


def test_every_kind_of_match_has_its_own_words():
    assert len({say_how_found(a_candidate(kind)) for kind in MatchKind}) == len(MatchKind)


def test_what_was_corrected_and_what_is_doubtful_say_so():
    plain = say_how_found(a_candidate(MatchKind.EXACT, number="12"))
    corrected = say_how_found(a_candidate(MatchKind.EXACT, number="12", is_corrected=True))
    doubtful = say_how_found(a_candidate(MatchKind.STREET, number="12", is_doubtful=True))
    assert len({plain, corrected, doubtful}) == 3
    assert "several" in doubtful


def test_what_a_server_found_says_which_one():
    found = a_candidate(MatchKind.EXACT, number="12", server="geo.example.org")
    assert say_how_found(found) == "A known address. Found by geo.example.org."


def test_every_trouble_of_a_pin_has_its_own_words():
    assert len({say_pin_trouble(trouble) for trouble in PinTrouble}) == len(PinTrouble)
