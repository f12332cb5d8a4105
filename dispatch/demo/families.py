"""The families of Alder Bay: who rides, on which seats, in which language, and from where."""

from dataclasses import replace
from random import Random

from dispatch.demo.town import House
from dispatch.families.facts import FamilyFacts, Home, RiderFacts
from dispatch.families.models import RiderKind
from dispatch.places.models import Place

_NAMES = {
    "es": ("Carmen", "José", "Lucía", "Rosario", "Wilmer", "Yolanda", "Xiomara", "Ernesto"),
    "prs": ("Zahra", "Karim", "Laila", "Najib"),
    "ti": ("Saba", "Tesfay", "Hiwet", "Yonas"),
    "uk": ("Iryna", "Taras", "Nadia", "Petro"),
    "vi": ("Mai", "Duc", "Hoa", "Thanh"),
    "ht": ("Mirlande", "Jean"),
    "en": ("Shirley", "Dwayne"),
}
_SPOKEN = ("es", "es", "prs", "es", "ti", "es", "uk", "es", "vi")
"""About half of the families speak Spanish."""
_CHILDREN = ("Leo", "Mila", "Sami", "Ana", "Noor", "Bao", "Kidane", "Vera")
_KINDS = (RiderKind.CHILD, RiderKind.BOOSTER, RiderKind.CONVERTIBLE, RiderKind.INFANT)
_NOTES = ("Ring twice.", "Third floor, no lift.", "Brings a stroller.", "Prefers to sit in front.")
_HOW_TO_FIND = ("blue door", "side entrance", "behind the garage", "second bell")


def family_facts(number: int, random: Random, house: House, meeting_point: Place) -> FamilyFacts:
    """The `number`-th family, which lives in `house` or wants to be met elsewhere."""
    language = _language(number)
    children = random.choices((0, 1, 2, 3), (5, 3, 2, 1))[0]
    kinds = [random.choice(_KINDS) for _ in range(children)]
    adults = 2 if random.random() < 0.25 else 1
    wheelchair = number % 20 == 4
    names = _NAMES[language]
    name = names[number % len(names)]
    riders = [RiderFacts(RiderKind.ADULT, name)]
    riders += [RiderFacts(RiderKind.ADULT, random.choice(names)) for _ in range(adults - 1)]
    riders += [RiderFacts(kind, random.choice(_CHILDREN)) for kind in kinds]
    directions = random.choice(_HOW_TO_FIND) if random.random() < 0.3 else ""
    address = replace(house.address, directions=directions)
    seats = {kind.value: kinds.count(kind) for kind in _KINDS[1:] if kind in kinds}
    return FamilyFacts(
        number=f"F{100 + number}",
        language=language,
        needs_language=language != "en" and random.random() < 0.12,
        adults=adults,
        children=children,
        child_seats=seats,
        wheelchair=wheelchair,
        shares_rides=random.random() < 0.3,
        name=name,
        phone=f"902-555-{100 + number:04d}",
        notes=random.choice(_NOTES) if random.random() < 0.3 else "",
        riders=tuple(riders),
        where=meeting_point if number % 9 == 5 else Home(address, house.point),
    )


def _language(number: int) -> str:
    if number % 20 == 0:
        return "en" if number % 40 else "ht"
    return _SPOKEN[number % len(_SPOKEN)]
