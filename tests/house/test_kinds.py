"""A file name means the same thing in every room, and only a few places do what is dangerous."""

import pytest

from tests.house import sources
from tests.house.sources import Module
from tests.house.test_imports import ASSEMBLY, room_of

NEVER = {
    "models": ("flask", "dispatch.web"),
    "rules": ("flask", "sqlalchemy", "dispatch.db", "dispatch.web"),
    "queries": ("flask", "dispatch.web"),
    "service": ("flask", "dispatch.web"),
    "forms": ("flask", "sqlalchemy", "dispatch.db"),
    "facts": ("flask", "dispatch.db", "dispatch.web"),
}
"""What a file of this name never imports, in any room."""
COMMITS = {
    "dispatch/db/transactions.py": "where transactions end",
    "dispatch/db/upgrade.py": "a migration is a transaction of its own",
    "dispatch/demo/filling.py": "the town is for good before whoever imports its map looks at it",
    "dispatch/people/guard.py": "that somebody was there stands even if the form is refused",
    "dispatch/people/factors/passkeys.py": "a challenge is gone, whatever comes of the answer",
    "dispatch/places/looks.py": "the note of a look is for good before anything is unsealed",
    "dispatch/people/service/accounts.py": "a try counts even if the request fails",
    "dispatch/people/service/signing_in.py": "a try counts even if the request fails",
    "dispatch/visits/guard.py": "that somebody was there stands even if the form is refused",
    "dispatch/visits/service/entering.py": "a try counts even if the request fails",
    "dispatch/web/transactions.py": "one transaction per request",
}
"""Who may end a transaction for good, with the reason."""
READS_THE_CLOCK = {
    "dispatch/web/context.py": "a request happens now, once",
    "dispatch/planning/worker.py": "a match run takes time, and its lease is renewed meanwhile",
}
"""Who may ask what time it is, beside the commands and jobs above all rooms; the rest is told."""


def breaches(module: Module) -> list[tuple[str, int, str]]:
    """Where `module` imports what a file of its name never does."""
    forbidden = [name for part in module.name.split(".")[2:] for name in NEVER.get(part, ())]
    return [
        (module.where, one.line, one.target)
        for one in sources.imports_of(module)
        if not one.is_for_types
        and any(f"{one.target}.".startswith(f"{name}.") for name in forbidden)
    ]


def doers(names: tuple[str, ...]) -> set[str]:
    """The modules that call one of `names`."""
    return {
        module.where
        for module in sources.modules("dispatch")
        for name in names
        if sources.calls_of(module, name)
    }


def test_a_file_uses_only_what_its_name_allows():
    assert [found for module in sources.modules("dispatch") for found in breaches(module)] == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("dispatch.rides.rules.series", "from sqlalchemy.orm import Session"),
        ("dispatch.rides.service", "import flask"),
        ("dispatch.rides.forms", "from dispatch.db import transactions"),
    ],
)
def test_a_planted_import_is_found(name: str, text: str):
    assert breaches(sources.parse(text, name))


def test_only_a_few_places_commit():
    assert doers(("commit",)) == set(COMMITS)


def test_a_commit_by_any_name_of_the_session_is_found():
    assert sources.calls_of(sources.parse("context.session().commit()"), "commit")
    assert sources.calls_of(sources.parse("commit(session)"), "commit")


def test_only_the_edges_ask_what_time_it_is():
    askers = {
        module.where
        for module in sources.modules("dispatch")
        for asked in ("clock.now", "datetime.now", "date.today")
        if room_of(module.name) not in ASSEMBLY and sources.mentions_of(module, asked)
    }
    assert askers == {"dispatch/clock.py", *READS_THE_CLOCK}


def test_nobody_asks_for_the_time_under_another_name():
    takers = [
        module.where
        for module in sources.modules("dispatch")
        for one in module.tree.body
        if sources.takes_from(one, "dispatch.clock", "now")
    ]
    assert takers == []
