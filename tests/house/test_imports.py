"""Every room looks only down: the floors of the house, and what may cross between rooms."""

import os
import subprocess
import sys

from dispatch.config import Settings
from tests.house import sources
from tests.house.sources import Import, Module

FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"bootstrap", "environment", "__main__"}),
    frozenset(
        {
            "app",
            "cli",
            "jobs",
            "wsgi",
            "demo",
            "commands",
            "housekeeping",
            "mailing",
            "rotation",
            "backups",
            "schema",
            "installation",
            "deployment",
        }
    ),
    frozenset({"board", "numbers"}),
    frozenset({"erasing"}),
    frozenset({"imports", "visits", "glass", "log", "about", "feeds", "claims", "incidents"}),
    frozenset({"planning"}),
    frozenset({"rides"}),
    frozenset({"drivers", "families"}),
    frozenset({"places"}),
    frozenset({"people"}),
    frozenset({"notify"}),
    frozenset({"audit"}),
    frozenset({"web"}),
    frozenset({"policy", "retention"}),
    frozenset({"db"}),
    frozenset({"crypto"}),
    frozenset({"clock", "i18n", "errors", "config"}),
    frozenset(
        {
            "geocoding_server",
            "http_call",
            "key_server",
            "mail_server",
            "secret_file",
            "sms_gateway",
        }
    ),
)
"""From the roof down. Notify stands above audit: what is marked as told is recorded."""
ASSEMBLY = FLOORS[0] | FLOORS[1]
"""Wires everything together, itself included; seen by nothing."""
UPWARDS = {
    ("dispatch/db/migrations/env.py", "dispatch.schema"): (
        "the migration tool runs this file by itself and needs every table"
    ),
}
"""The imports that look up although they are carried out, with the reason."""
WITHIN = frozenset({"views", "forms"})
"""What a room keeps to itself."""
LENT = {
    ("dispatch/board/views.py", "dispatch.planning.forms"): (
        "a day in an address is read the same way on the board and by its buttons"
    ),
}
"""Views and forms that another room uses, with the reason."""
HEAVY = ("ortools", "numba", "pandas", "numpy")
"""What the web process never loads: half a second, and hundreds of megabytes."""


def room_of(name: str) -> str:
    """The room of a module: the word after the package."""
    return [*name.split("."), ""][1]


def floor_of(room: str) -> int:
    """How far down `room` is. A room without a floor is a mistake."""
    return next(index for index, floor in enumerate(FLOORS) if room in floor)


def crossings(module: Module) -> list[Import]:
    """What `module` imports from other rooms."""
    return [
        one
        for one in sources.imports_of(module)
        if one.target.startswith("dispatch.") and room_of(one.target) != room_of(module.name)
    ]


def looks_up(module: Module) -> list[tuple[str, int, str]]:
    """Where `module` imports from its own floor or one above, and does it when it runs."""
    room = room_of(module.name)
    return [
        (module.where, one.line, one.target)
        for one in crossings(module)
        if not one.is_for_types
        and floor_of(room_of(one.target)) <= floor_of(room)
        and not (room in ASSEMBLY and room_of(one.target) in ASSEMBLY)
    ]


def looks_into(module: Module) -> list[tuple[str, int, str]]:
    """Where `module` imports what another room keeps to itself."""
    return [
        (module.where, one.line, one.target)
        for one in crossings(module)
        if room_of(module.name) not in ASSEMBLY and WITHIN & set(one.target.split(".")[2:])
    ]


def but_for(found: list[tuple[str, int, str]], agreed: dict) -> list[tuple[str, int, str]]:
    """`found` without what was agreed."""
    return [one for one in found if (one[0], one[2]) not in agreed]


def all_of(package: str, look) -> list[tuple[str, int, str]]:
    """What `look` finds in every module of `package`."""
    return [found for module in sources.modules(package) for found in look(module)]


def test_every_module_stands_on_a_floor():
    rooms = {room_of(module.name) for module in sources.modules("dispatch")} - {""}
    assert rooms - frozenset().union(*FLOORS) == set()


def test_imports_look_only_down():
    assert but_for(all_of("dispatch", looks_up), UPWARDS) == []


def test_no_room_looks_into_the_views_and_forms_of_another():
    assert but_for(all_of("dispatch", looks_into), LENT) == []


def test_every_exception_is_still_needed():
    up = {(where, target) for where, _line, target in all_of("dispatch", looks_up)}
    into = {(where, target) for where, _line, target in all_of("dispatch", looks_into)}
    assert set(UPWARDS) - up == set()
    assert set(LENT) - into == set()


def test_a_planted_import_is_found():
    up = sources.parse("def f():\n    from dispatch.board import queries", "dispatch.rides.service")
    side = sources.parse("import dispatch.families.models", "dispatch.drivers.queries")
    view = sources.parse("from dispatch.people.views import door", "dispatch.places.views")
    assert [line for _where, line, _target in looks_up(up)] == [2]
    assert looks_up(side)
    assert not looks_up(view)
    assert looks_into(view)


def test_an_import_for_types_may_look_up():
    text = (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from dispatch.board import rules"
    )
    assert not looks_up(sources.parse(text, "dispatch.rides.models"))


def test_only_planning_knows_the_matcher():
    knows = {
        room_of(module.name)
        for module in sources.modules("dispatch")
        for one in sources.imports_of(module)
        if one.target.split(".")[0] == "matching"
    }
    assert knows == {"planning"}


def test_the_matcher_knows_neither_the_house_nor_its_tools():
    found = [
        (module.where, one.target)
        for module in sources.modules("matching")
        for one in sources.imports_of(module)
        if one.target.split(".")[0] in ("flask", "sqlalchemy", "dispatch")
    ]
    # Typed on a terminal, it first goes into the environment, like every other command.
    assert (
        set(found)
        - {
            ("matching/__main__.py", "dispatch.bootstrap"),
            ("matching/compile.py", "dispatch.bootstrap"),
        }
        == set()
    )


def test_no_room_reads_the_environment():
    readers = {
        room_of(module.name)
        for module in sources.modules("dispatch")
        if sources.mentions_of(module, "os.environ") or sources.calls_of(module, "getenv")
    }
    assert readers - ASSEMBLY == {"config"}


def test_the_web_process_loads_no_solver(settings: Settings):
    looked_for = (*HEAVY, "flask")
    script = (
        "import sys; from dispatch import wsgi; wsgi.app()\n"
        f"print(*[name for name in {looked_for!r} if name in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", script],
        cwd=sources.ROOT,
        env={**os.environ, "DISPATCH_DATA": str(settings.data_dir)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == ["flask"]
