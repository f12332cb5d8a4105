"""A module has one subject and fits on a few screens; a function fits on one."""

from ast import get_docstring
from collections.abc import Iterator

from tests.house import sources
from tests.house.sources import Function, Module

MOST_LINES = 300
MOST_LINES_WITH_COMPILED = 600
"""Of a module with compiled functions: their parts cannot be split without costing time."""
MOST_BODY = 40
MOST_COMPILED_BODY = 160
MOST_BY_PLACE = 5
MOST_BY_PLACE_PRIVATE = 8
LONG_MODULES = {
    "dispatch/db/migrations/versions/0001_the_first_tables.py": "every table, as generated",
    "matching/files.py": "the file formats, both ways, so that reading and writing stay alike",
    "matching/solo/engine.py": "the phases of one search in their order",
}
LONG_FUNCTIONS = {
    "dispatch/db/migrations/versions/0001_the_first_tables.py:upgrade": "every table, as generated",
    "dispatch/db/migrations/versions/0001_the_first_tables.py:downgrade": "the same, backwards",
    "dispatch/db/migrations/versions/0013_own_page_and_break_glass.py:_make_glass_break": (
        "every column of a table, as generated"
    ),
    "matching/solo/network.py:build": "the arrays of a network are filled in one pass",
    "matching/solo/choice.py:choose": "one integer programme, written from top to bottom",
    "matching/solo/pricing.py:_search": "what a label carries is compared in one loop",
    "matching/pooled/day_network.py:network_of": "the arrays of a network are filled in one pass",
}
"""What is longer, with the reason."""
MANY_PARAMETERS = {
    "matching/solo/search.py:improve": "a plan, what holds for it, and how long to look",
    "matching/pooled/academic.py:solve_file": "what is set on the command line",
    "matching/pooled/proof.py:prove": "an instance, a plan, and three limits",
}
"""What takes more by place, with the reason."""
HAS_NO_SUBJECT = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "base_service"}


def too_long(module: Module) -> list[tuple[str, int]]:
    """`module` if it should be split."""
    has_compiled = any(one.is_compiled for one in sources.functions_of(module))
    most = MOST_LINES_WITH_COMPILED if has_compiled else MOST_LINES
    return [(module.where, module.lines)] if module.lines > most else []


def too_large(module: Module) -> list[tuple[str, int]]:
    """The functions of `module` that should be split."""
    return [
        (_named(module, one), one.lines)
        for one in sources.functions_of(module)
        if one.lines > (MOST_COMPILED_BODY if one.is_compiled else MOST_BODY)
    ]


def too_many_parameters(module: Module) -> list[tuple[str, int]]:
    """The functions of `module` whose calls cannot be read."""
    return [
        (_named(module, one), one.by_place)
        for one in sources.functions_of(module)
        if not (one.is_compiled or one.is_command)
        and one.by_place > (MOST_BY_PLACE_PRIVATE if one.is_private else MOST_BY_PLACE)
    ]


def _named(module: Module, function: Function) -> str:
    return f"{module.where}:{function.name}"


def _all() -> Iterator[Module]:
    yield from sources.modules("dispatch")
    yield from sources.modules("matching")


def beyond(measure, agreed: dict[str, str]) -> list[tuple[str, int]]:
    """What `measure` finds anywhere that was not agreed."""
    return [one for module in _all() for one in measure(module) if one[0] not in agreed]


def test_modules_are_short():
    assert beyond(too_long, LONG_MODULES) == []


def test_functions_are_short():
    assert beyond(too_large, LONG_FUNCTIONS) == []


def test_calls_can_be_read():
    assert beyond(too_many_parameters, MANY_PARAMETERS) == []


def test_every_exception_is_still_needed():
    for measure, agreed in (
        (too_long, LONG_MODULES),
        (too_large, LONG_FUNCTIONS),
        (too_many_parameters, MANY_PARAMETERS),
    ):
        assert set(agreed) - {name for name, _size in beyond(measure, {})} == set()


def test_what_is_too_large_is_found():
    long = sources.parse("x = 1\n" * 301)
    large = sources.parse("def f():\n" + "    x = 1\n" * 41)
    many = sources.parse("def f(a, b, c, d, e, g): pass\ndef _f(a, b, c, d, e, *, g): pass")
    assert too_long(long)
    assert too_large(large)
    assert [name for name, _size in too_many_parameters(many)] == ["planted.py:f"]


def test_every_module_names_its_subject():
    names = {module.where: set(module.name.split(".")) for module in _all()}
    assert {where for where, parts in names.items() if parts & HAS_NO_SUBJECT} == set()


def test_every_module_says_what_it_is_about():
    assert [module.where for module in _all() if not get_docstring(module.tree)] == []
