"""What is sealed stays sealed: few modules open it, and no column holds it in clear."""

import csv
from pathlib import Path

import pytest
from sqlalchemy import Column, LargeBinary, MetaData, String, Table, Text

from dispatch import schema
from dispatch.crypto.sealed import SealedColumn
from tests.house import sources
from tests.house.sources import Module

OPENS = {
    "dispatch/crypto/sealed.py": "where opening is defined",
    "dispatch/places/sealed.py": "an address and a point are JSON under their seals",
    "dispatch/places/service.py": "reveal: noted first, then read",
    "dispatch/families/service.py": "reveal: noted first, then read",
    "dispatch/rides/service/asking.py": "the note of a request, noted first, then read",
    "dispatch/planning/service/looking.py": "a driver's look at a ride: noted first, then read",
    "dispatch/planning/reading.py": "points become driving times, in memory, for one run",
    "dispatch/people/factors/apps.py": "a code is compared with what the app was given",
    "dispatch/people/queries.py": "people are shown to each other by first name",
    "dispatch/glass/service.py": "why a closed family was opened, noted first, then read",
    "dispatch/incidents/service.py": "what happened on a ride, noted first, then read",
    "dispatch/notify/queries.py": "a family is told its driver's first name",
    "dispatch/notify/deliveries.py": "the address of a letter, while it is sent",
    "dispatch/imports/service/requests.py": "a known family's home is compared with the sheet's",
    "dispatch/places/celling.py": "points find their cell on a new map, in memory",
    "dispatch/erasing/service/owners.py": "tries whether what was erased opens no more",
    "dispatch/backups/restoring.py": "a drill tries one live family and whoever was erased",
    "dispatch/rotation.py": "the same text under a fresh key, in memory",
    "dispatch/demo/history.py": "the made-up week needs driving times",
}
"""The modules that may open a seal, with the reason."""
CLASSES = {
    "id": "a key, or the uid of something else",
    "coarse": "about a person, too coarse to harm: shown in lists",
    "public": "known to everybody: a clinic's door, a group's number",
    "personal-sealed": "a name, a phone, an address, a note",
    "operational": "a state, a time, a count",
    "secret-hash": "digests, the seals of the log, the public halves of keys",
}
TABLE = Path(__file__).with_name("columns.csv")
NEVER_ASKED = (
    "immigration",
    "status",
    "nationality",
    "citizen",
    "passport",
    "visa",
    "licence",
    "license",
    "birth",
    "age",
    "gender",
    "religion",
    "ethnic",
    "race",
    "diagnosis",
    "surname",
    "last_name",
)
"""Words of what is not asked of anybody: no column of this name can leak it."""
WIDEST_CLEAR_TEXT = 60
"""Characters that a column about people may hold in clear: a code or a word, not a letter."""


def opens(module: Module) -> bool:
    """Whether `module` opens a seal, itself or by the functions for addresses and points."""
    knows_places = module.name == "dispatch.places.sealed" or any(
        one.target == "dispatch.places.sealed" for one in sources.imports_of(module)
    )
    by_place = knows_places and any(
        sources.calls_of(module, name)
        for name in ("point_of", "address_of")
        if not _own(module, name)
    )
    return bool(
        sources.calls_of(module, "unseal")
        or by_place
        or sources.mentions_of(module, "vault.open")
        or sources.mentions_of(module, "self._vault.open")
    )


def _own(module: Module, name: str) -> bool:
    """Whether `name` comes from elsewhere than the places' seals."""
    return module.name != "dispatch.places.sealed" and not any(
        sources.takes_from(node, "dispatch.places.sealed", name) for node in module.tree.body
    )


def columns_of(metadata: MetaData) -> dict[tuple[str, str], Column]:
    """Every column by table and name."""
    return {
        (table.name, column.name): column
        for table in metadata.tables.values()
        for column in table.columns
    }


def classified() -> dict[tuple[str, str], str]:
    """The class of every column, as the list has it."""
    _head, *rows = csv.reader(TABLE.read_text().splitlines(), skipinitialspace=True)
    return {(table.strip(), column.strip()): kind.strip() for table, column, kind in rows}


def in_clear(metadata: MetaData, classes: dict[tuple[str, str], str]) -> list[tuple[str, str]]:
    """Columns wide enough for something personal that are neither sealed nor known to all."""
    return [
        name
        for name, column in columns_of(metadata).items()
        if classes.get(name) not in ("public", "secret-hash", "id")
        and isinstance(column.type, String | Text | LargeBinary)
        and (getattr(column.type, "length", None) or WIDEST_CLEAR_TEXT + 1) > WIDEST_CLEAR_TEXT
    ]


def asked_too_much(metadata: MetaData) -> list[tuple[str, str]]:
    """Columns whose name holds a word of what is never asked."""
    return [
        name
        for name in columns_of(metadata)
        if any(f"_{word}_" in f"_{name[1]}_" for word in NEVER_ASKED)
    ]


def test_only_the_listed_modules_open_a_seal():
    found = {module.where for module in sources.modules("dispatch") if opens(module)}
    assert found == set(OPENS)


@pytest.mark.parametrize(
    "text",
    [
        "family.unseal('sealed_name', vault)",
        "vault.open(slot, sealed)",
        "from dispatch.places.sealed import point_of\npoint_of(place, vault)",
        "from dispatch.places.sealed import address_of\naddress_of(place, vault)",
    ],
)
def test_a_planted_opening_is_found(text: str):
    assert opens(sources.parse(text))


def test_every_column_is_classified():
    known = classified()
    assert set(columns_of(schema.metadata())) == set(known)
    assert set(known.values()) == set(CLASSES)


def test_what_is_sealed_is_personal_and_what_is_personal_is_sealed():
    known = classified()
    sealed = {
        name
        for name, column in columns_of(schema.metadata()).items()
        if isinstance(column.type, SealedColumn)
    }
    assert sealed == {name for name, kind in known.items() if kind == "personal-sealed"}


def test_bytes_are_sealed_or_a_digest():
    known = classified()
    bare = {
        name
        for name, column in columns_of(schema.metadata()).items()
        if isinstance(column.type, LargeBinary)
    }
    assert bare
    assert {name for name in bare if known[name] != "secret-hash"} == set()


def test_no_column_could_hold_a_letter_in_clear():
    # The token of a form, the key of a message, the squares of a cell and the sentence of a refusal
    # are made by the program.
    made = {
        ("ride_request", "form_token"),
        ("message", "once"),
        ("alarm", "once"),
        ("alarm", "facts"),
        ("motion", "facts"),
        ("cell", "code"),
        ("driver_action", "refusal"),
    }
    assert set(in_clear(schema.metadata(), classified())) - made == set()


def test_nothing_is_asked_that_could_harm():
    assert asked_too_much(schema.metadata()) == []


def test_planted_columns_are_found():
    planted = MetaData()
    Table("family", planted, Column("notes", Text), Column("date_of_birth", String(10)))
    assert in_clear(planted, {}) == [("family", "notes")]
    assert asked_too_much(planted) == [("family", "date_of_birth")]
    assert not set(columns_of(planted)) <= set(classified())
