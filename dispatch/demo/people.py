"""Who works for the group: steward, coordinators, and drivers with their cars and weeks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

PASS_PHRASE = "amber kettle under the pier"  # noqa: S105 -- printed on purpose
"""Of every account of the demo, and printed with them: a demo holds nothing of anybody."""


@dataclass(frozen=True)
class Person:
    """Somebody with an account."""

    name: str
    email: str
    language: str = "en"


@dataclass(frozen=True)
class DemoDriver:
    """A driver as the demo makes one."""

    person: Person
    car: str
    speaks: tuple[str, ...]
    week: Mapping[int, tuple[tuple[int, int], ...]]
    """Weekday to hours offered, in minutes after midnight."""
    seats: int = 4
    child_seats: Mapping[str, int] = field(default_factory=dict)
    wheelchair: bool = False
    most_minutes: int | None = None
    most_rides: int | None = None
    most_km: int | None = None


STEWARD = Person("Helena", "steward@example.org")
COORDINATORS = (Person("Rosa", "rosa@example.org"), Person("Inés", "ines@example.org", "es"))
NEIGHBOUR = Person("Owen", "owen@example.org")
"""Coordinates the second group, and knows nothing of the first."""


def _hours(*ranges: tuple[float, float]) -> tuple[tuple[int, int], ...]:
    return tuple((round(start * 60), round(end * 60)) for start, end in ranges)


_DAY = _hours((7.5, 18))
_MORNING = _hours((7, 13))
_AFTERNOON = _hours((12, 18.5))
_EVENING = _hours((16, 21))
_SPLIT = _hours((7, 10), (14, 18))
_WEEKDAYS, _WEEKEND, _ALWAYS = range(5), (5, 6), range(7)

DRIVERS = (
    DemoDriver(
        Person("Marta", "marta@example.org", "es"),
        "blue Honda Fit",
        ("es", "en"),
        dict.fromkeys(_ALWAYS, _DAY),
        child_seats={"booster": 2, "infant": 1},
    ),
    DemoDriver(
        Person("Tomas", "tomas@example.org"),
        "white Ford Transit",
        ("en",),
        dict.fromkeys(_ALWAYS, _DAY),
        seats=5,
        wheelchair=True,
        child_seats={"booster": 1},
    ),
    DemoDriver(
        Person("Amina", "amina@example.org"),
        "grey Toyota Sienna",
        ("prs", "fa", "en"),
        dict.fromkeys(_ALWAYS, _hours((8, 19))),
        seats=6,
        child_seats={"convertible": 1, "booster": 2},
    ),
    DemoDriver(
        Person("Viktor", "viktor@example.org"),
        "red Skoda Octavia",
        ("uk", "ru", "en"),
        dict.fromkeys(_ALWAYS, _hours((7, 16))),
        child_seats={"booster": 1},
        most_minutes=240,
    ),
    DemoDriver(
        Person("Linh", "linh@example.org"),
        "green Subaru Forester",
        ("vi", "en"),
        dict.fromkeys((0, 1, 2, 3, 4, 5, 6), _hours((9, 20))),
        child_seats={"infant": 1, "convertible": 1},
        most_rides=14,
    ),
    DemoDriver(
        Person("Selam", "d06@example.org"),
        "silver Hyundai i30",
        ("ti", "am", "en"),
        dict.fromkeys((0, 2, 4, 6), _DAY),
        child_seats={"booster": 1},
    ),
    DemoDriver(
        Person("Joseph", "d07@example.org"),
        "black Chrysler Pacifica",
        ("en", "es"),
        dict.fromkeys((1, 3, 5), _DAY),
        seats=6,
        child_seats={"infant": 1, "booster": 2},
    ),
    DemoDriver(
        Person("Beatriz", "d08@example.org", "es"),
        "yellow Fiat Panda",
        ("es",),
        dict.fromkeys(_WEEKDAYS, _MORNING),
        seats=3,
        most_km=6,
    ),
    DemoDriver(
        Person("Graham", "d09@example.org"),
        "brown Volvo V70",
        ("en",),
        dict.fromkeys((0, 1, 3), _hours((9, 15))),
        most_rides=8,
    ),
    DemoDriver(
        Person("Paola", "d10@example.org", "es"),
        "white Kia Soul",
        ("es", "en"),
        dict.fromkeys(_WEEKDAYS, _AFTERNOON) | dict.fromkeys(_WEEKEND, _MORNING),
        child_seats={"booster": 2},
    ),
    DemoDriver(
        Person("Wes", "d11@example.org"),
        "blue Nissan NV200",
        ("en",),
        dict.fromkeys((0, 2, 4), _hours((8, 16))),
        seats=3,
        wheelchair=True,
    ),
    DemoDriver(
        Person("Oksana", "d12@example.org"),
        "beige Renault Clio",
        ("uk", "en"),
        dict.fromkeys((1, 2, 4, 5), _SPLIT),
    ),
    DemoDriver(
        Person("Ray", "d13@example.org"),
        "green Jeep Cherokee",
        ("en", "es"),
        dict.fromkeys(_ALWAYS, _EVENING),
        child_seats={"convertible": 1},
        most_minutes=150,
    ),
    DemoDriver(
        Person("Farid", "d14@example.org"),
        "silver Toyota Corolla",
        ("prs", "ps", "en"),
        dict.fromkeys((0, 1, 2, 3), _MORNING),
    ),
    DemoDriver(
        Person("Ingrid", "d15@example.org"),
        "red Mazda 5",
        ("en", "fr"),
        dict.fromkeys((2, 3, 6), _DAY),
        seats=5,
        child_seats={"booster": 3},
        most_rides=6,
    ),
    DemoDriver(
        Person("Mateo", "d16@example.org", "es"),
        "grey Seat Ibiza",
        ("es", "en"),
        dict.fromkeys((1, 4), _DAY) | dict.fromkeys(_WEEKEND, _AFTERNOON),
    ),
    DemoDriver(
        Person("Abel", "d17@example.org"),
        "white Dacia Logan",
        ("ti", "en"),
        dict.fromkeys(_WEEKDAYS, _SPLIT),
        child_seats={"infant": 1},
    ),
    DemoDriver(
        Person("June", "d18@example.org"),
        "turquoise Honda Jazz",
        ("en",),
        dict.fromkeys((0, 4), _MORNING),
        most_km=8,
        most_rides=4,
    ),
    DemoDriver(
        Person("Carlos", "d19@example.org", "es"),
        "blue VW Sharan",
        ("es", "pt", "en"),
        dict.fromkeys((0, 1, 3), _AFTERNOON),
        seats=6,
        child_seats={"convertible": 2, "booster": 1},
    ),
    DemoDriver(
        Person("Hanh", "d20@example.org"),
        "white Toyota Yaris",
        ("vi", "en"),
        dict.fromkeys((2, 5), _DAY),
    ),
    DemoDriver(
        Person("Dolores", "d21@example.org", "es"),
        "maroon Buick Encore",
        ("es", "en"),
        dict.fromkeys((1, 2, 3), _hours((10, 16))),
        most_minutes=120,
    ),
    DemoDriver(
        Person("Pete", "d22@example.org"),
        "black Ford Focus",
        ("en",),
        dict.fromkeys(_WEEKEND, _DAY) | {4: _EVENING},
    ),
)
WITH_SIGN_IN = DRIVERS[:5]
"""The drivers whose accounts are printed; they drive on every day of the week."""
