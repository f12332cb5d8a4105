"""What becomes of planted faults, and those that no test can notice, each with the reason."""

import ast
import re
from difflib import ndiff
from functools import cache
from pathlib import Path

NOTICED, SURVIVED, UNTESTED, EXPLAINED = "noticed", "survived", "untested", "explained"
"""A test fails, or never ends; all pass; none reaches the function; it is no fault."""
_LAW = "dispatch.policy.predicates."
_STORE = "dispatch.crypto.keystore.KeyStore._connection"
_OPENED = "connection = sqlite3.connect(place, uri=True, isolation_level=None, timeout=10)"
_BY_NAME = "this SQLite takes a name that begins with file: for a URI anyhow; others do not"
_LOOK = "dispatch.planning.service.looking.look"
_ENDS = (
    "ends = [None if place.is_public else places.reveal(session, actor, place, **uids,"
    " family=ride.family, now=now) for place in (ride.pickup_place, ride.dropoff_place)]"
)
_NAMES = "dispatch.erasing.closure._names"
_UID, _UID_CROSSED = "'uid'", "'XXuidXX'"
_BY_UID = f"if isinstance(column.type, Uuid) and column.name != {_UID}:"
_ITSELF = "a row that its own uid finds is found already"
_DAY = (
    "session.execute(update(Family).where(Family.id == family_id, Family.last_ride_on.is_(None)"
    " | (Family.last_ride_on < day)).values(last_ride_on=day))"
)
_CLOSED = "a closed family refuses the look itself, before its doors are asked for"
_REASONS: dict[str, str] = {
    f"dispatch.erasing.service.rides._remember_day - {_DAY} + {_DAY.replace('<', '<=')}": (
        "the same day takes its own place"
    ),
    f"{_NAMES} - {_BY_UID} + {_BY_UID.replace(_UID, _UID_CROSSED)}": _ITSELF,
    f"{_NAMES} - {_BY_UID} + {_BY_UID.replace(_UID, _UID.upper())}": _ITSELF,
    f"{_LOOK} - {_ENDS} + {_ENDS.replace('=ride.family', '=None')}": _CLOSED,
    f"{_LOOK} - {_ENDS} + {_ENDS.replace(' family=ride.family,', '')}": _CLOSED,
    f"{_LAW}coordinates_its_group_or_all"
    " - return coordinates_the_group(actor, thing, now)"
    " + return coordinates_the_group(actor, thing, None)": "who coordinates hangs on no moment",
    f"{_STORE} - {_OPENED} + {_OPENED.replace('uri=True', 'uri=None')}": _BY_NAME,
    f"{_STORE} - {_OPENED} + {_OPENED.replace('uri=True', 'uri=False')}": _BY_NAME,
    f"{_STORE} - {_OPENED} + {_OPENED.replace('uri=True, ', '')}": _BY_NAME,
    "dispatch.crypto.memory.keep_to_itself - libc.prctl(_PR_SET_DUMPABLE, 0)"
    " + libc.prctl(_PR_SET_DUMPABLE, None)": "nothing is handed to the system as 0",
    "dispatch.places.looks.note_look"
    " - policy.require(actor, action, asked_about, now)"
    " + policy.require(actor, action, None, now)": "what was refused just now is refused again",
}
"""By the words of a fault, as `words_of` has them."""


def words_of(name: str, root: Path) -> str:
    """A fault in words that stay true when others are added: function, line, line instead."""
    module, _, function = name.rpartition(".")
    bodies = _bodies(root / f"{module.replace('.', '/')}.py")
    mangled = function.partition("__mutmut")[0]
    lines = ndiff(bodies[f"{mangled}__mutmut_orig"], bodies[function])
    changed = [line for line in lines if line.startswith(("- ", "+ "))]
    plain = mangled.removeprefix("x_").removeprefix("xǁ")
    where = f"{module}.{plain.replace('ǁ', '.')}"
    return " ".join([where, *(" ".join(line.split()) for line in changed)])


@cache
def _bodies(path: Path) -> dict[str, list[str]]:
    """The lines of every function, planted ones too, in a file with faults, without its name."""
    found = {}
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            name, node.name = node.name, "_"
            found[name] = ast.unparse(node).splitlines()
    return found


def is_explained(words: str) -> bool:
    """Whether a fault, in the words of `words_of`, is none."""
    gone, _plus, came = words.partition(" + ")
    return words in _REASONS or _is_the_same_sql(gone, came)


def _is_the_same_sql(gone: str, came: str) -> bool:
    """Whether a statement changed between small letters and capitals only: SQL reads both alike."""
    pairs = zip(_TEXT.findall(gone), _TEXT.findall(came), strict=False)
    changed = [(before, after) for before, after in pairs if before != after]
    return bool(changed) and all(
        _STATEMENT.match(before) and before.lower() == after.lower() for before, after in changed
    )


_TEXT = re.compile(r"'([^']*)'")
_STATEMENT = re.compile(r"(SELECT|INSERT|UPDATE|DELETE|PRAGMA) ")
