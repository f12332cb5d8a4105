"""How a candidate is written."""

from dispatch.places.gazetteer.found import Found, MatchKind


def a_house(name: str) -> Found:
    return Found(MatchKind.EXACT, (0.0, 0.0), name, "12", "Grand Bend", "49506")


def test_the_number_stands_where_the_language_of_the_street_has_it():
    assert a_house("Quarry Street").label == "12 Quarry Street, Grand Bend 49506"
    assert a_house("Calle Mayor").label == "Calle Mayor 12, Grand Bend 49506"


def test_what_is_not_known_is_not_written():
    assert Found(MatchKind.PLACE, (0.0, 0.0), "Reeds Lake").label == "Reeds Lake"
