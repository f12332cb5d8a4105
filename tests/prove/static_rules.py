"""Rules of our own about the sources: what could let an address out, found by reading.

Each rule stands with a bad text that it has to find.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
Found = Iterable[int]
"""Line numbers."""

REACHES_OUT = {"requests", "httpx", "aiohttp", "urllib3", "smtplib", "ftplib", "telnetlib"}
REACHES_OUT |= {"urllib.request", "http.client", "socket"}
MAY_REACH_OUT = {
    "dispatch/http_call.py": "one question to one server, for those below",
    "dispatch/places/servers/adapter.py": "a geocoding server that the settings name",
    "dispatch/crypto/transit.py": "the server that holds the master key, if the settings name one",
    "dispatch/places/roads/osrm.py": "the road engine, on this machine or named in the settings",
    "dispatch/places/roads/keeper.py": "a free port for the road engine",
    "dispatch/places/roads/notice.py": "the name of this machine",
    "dispatch/notify/mail.py": "the mail server that the settings name, for a time and a link",
    "dispatch/notify/push/channel.py": "push services, for a time and a link, if that is allowed",
    "dispatch/notify/sms.py": "the gateway that the settings name, for a time and a link",
    "dispatch/demo/processes.py": "a free port for the demo",
}
MAY_SEND_FILES = {
    "dispatch/places/basemap/views.py": "the map's tiles, under a name of our own",
    "dispatch/planning/driven.py": "numbers of drivers and sums, no cell of which is a formula",
    "dispatch/planning/views/driven.py": "the same, under a name of our own",
}
MAY_SET_COOKIES = {
    "dispatch/people/guard.py": "the one cookie that says who is signed in",
    "dispatch/visits/guard.py": "the one cookie that says which family's page is open",
}
MAY_NAME_THE_CLOCK = {"dispatch/clock.py": "the clock itself"}
MAY_KEEP_IN_THE_BROWSER = {
    "static/js/keys.js": "whether single keys are off on this device",
    "static/js/phone.js": "which step of which ride was tapped without a connection",
    "static/js/worker.js": "the one page that the server lets a phone keep",
}
MAY_MARK_AS_SAFE = {
    "dispatch/people/link.py": "a square code that we draw, and our own card",
    "dispatch/people/views/enrolling.py": "a square code that we draw",
    "dispatch/visits/views/desk.py": "a square code that we draw, and our own card",
}
PERSONAL = re.compile(r"name|phone|e?mail|address|street|line|unit|town|lat|lon|point|notes?|typed")
_LOGS = re.compile(r"(log|logger|logging)\.(debug|info|warning|error|exception|critical)")
SAFE_TO_LOG = {"filename", "endpoint", "kind", "hostname"}


@dataclass(frozen=True)
class Rule:
    """Something that no source may hold."""

    forbids: str
    files: str
    """Which files it reads, as a glob below the root."""
    find: Callable[[str], Found]
    bad: str
    """A text that breaks it."""
    but: frozenset[str] = frozenset()
    """Files that may, each with its reason beside the list it comes from."""


@dataclass(frozen=True)
class Finding:
    """A broken rule and where."""

    rule: str
    where: str


def findings(rules: Iterable[Rule], root: Path = ROOT) -> tuple[list[Finding], int]:
    """What breaks `rules` below `root`, and how many pairs of rule and file were looked at."""
    found, looked_at = [], 0
    for rule in rules:
        for path in sorted(root.glob(rule.files)):
            where = str(path.relative_to(root))
            if "vendor" in path.parts or where in rule.but:
                continue
            looked_at += 1
            found += [
                Finding(rule.forbids, f"{where}:{line}") for line in rule.find(path.read_text())
            ]
    return found, looked_at


def stale(rules: Iterable[Rule], root: Path = ROOT) -> list[str]:
    """Exceptions that nothing needs any more."""
    return [
        f"{where} need not be excepted from: {rule.forbids}"
        for rule in rules
        for where in sorted(rule.but)
        if not (root / where).is_file() or not list(rule.find((root / where).read_text()))
    ]


@cache
def _nodes(text: str) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(text)))


def _walk(text: str, kind: type[ast.AST] | tuple) -> Iterator[ast.AST]:
    return (node for node in _nodes(text) if isinstance(node, kind))


@cache
def _calls(text: str) -> tuple[tuple[ast.Call, str], ...]:
    return tuple((node, ast.unparse(node.func)) for node in _walk(text, ast.Call))


def _names_called(*names: str) -> Callable[[str], Found]:
    """Calls of a function of one of `names`, bare or after a dot."""

    def find(text: str) -> Found:
        return [call.lineno for call, name in _calls(text) if name.rpartition(".")[2] in names]

    return find


def _imports(wanted: set[str]) -> Callable[[str], Found]:
    def find(text: str) -> Found:
        for node in _walk(text, (ast.Import, ast.ImportFrom)):
            names = [alias.name for alias in node.names]
            if isinstance(node, ast.ImportFrom):
                names = [node.module or "", *(f"{node.module}.{name}" for name in names)]
            if any(name in wanted or name.partition(".")[0] in wanted for name in names):
                yield node.lineno

    return find


def _lines(pattern: str) -> Callable[[str], Found]:
    """Lines that match."""
    compiled = re.compile(pattern)

    def find(text: str) -> Found:
        return [n for n, line in enumerate(text.splitlines(), 1) if compiled.search(line)]

    return find


def _logs_something_personal(text: str) -> Found:
    """Log calls with a formatted text, or with a field that could hold something personal."""
    for call, name in _calls(text):
        if not _LOGS.fullmatch(name):
            continue
        built = any(not isinstance(one, ast.Constant) for one in call.args[:1])
        fields = [
            one.arg or "" for one in call.keywords if not ast.unparse(one.value).startswith("len(")
        ]
        if built or any(PERSONAL.search(one) and one not in SAFE_TO_LOG for one in fields):
            yield call.lineno


def _builds_sql(text: str) -> Found:
    """`text(...)` around anything but a literal. Migrations run before there is any input."""
    for call, name in _calls(text):
        if name in ("text", "sqlalchemy.text", "sa.text") and call.args:
            first = call.args[0]
            if isinstance(first, ast.JoinedStr | ast.BinOp) or (
                isinstance(first, ast.Call) and ast.unparse(first.func).endswith(".format")
            ):
                yield call.lineno


def _puts_into_an_address(text: str) -> Found:
    """`url_for` with a value that could be personal: addresses stand in logs and histories."""
    for call, name in _calls(text):
        if name.rpartition(".")[2] != "url_for":
            continue
        if any(PERSONAL.fullmatch(one.arg or "") for one in call.keywords):
            yield call.lineno


def _follows_a_stranger(text: str) -> Found:
    """A redirect to what the request says, not passed through `own_path`."""
    for call, name in _calls(text):
        if name.rpartition(".")[2] == "redirect" and call.args:
            told = ast.unparse(call.args[0])
            if "request." in told and "own_path(" not in told:
                yield call.lineno


def _reads_the_clock(text: str) -> Found:
    return [
        call.lineno
        for call, name in _calls(text)
        if re.fullmatch(r"(datetime\.)?datetime\.(now|utcnow|today)|(datetime\.)?date\.today", name)
    ]


def _keeps_in_the_browser(text: str) -> Found:
    return _lines(r"\b(localStorage|sessionStorage|indexedDB|caches|document\.cookie)\b")(text)


RULES = (
    Rule(
        "logging a built text or a personal field",
        "dispatch/**/*.py",
        _logs_something_personal,
        "log.info(f'saved {family}')\nlog.info('saved', phone=phone)",
    ),
    Rule(
        "an SQL statement that is put together",
        "dispatch/**/*.py",
        _builds_sql,
        "session.execute(text(f'SELECT * FROM family WHERE number = {number}'))",
    ),
    Rule(
        "something personal in the address of a page",
        "dispatch/**/*.py",
        _puts_into_an_address,
        "url_for('families.list', phone=phone)",
    ),
    Rule(
        "a redirect to wherever a request says",
        "dispatch/**/*.py",
        _follows_a_stranger,
        "redirect(request.args['next'])",
    ),
    Rule(
        "a module that could speak to others",
        "dispatch/**/*.py",
        _imports(REACHES_OUT),
        "import urllib.request\nfrom http import client",
        but=frozenset(MAY_REACH_OUT),
    ),
    Rule(
        "evaluating text, or loading objects from bytes",
        "dispatch/**/*.py",
        lambda text: [
            *_names_called("eval", "exec", "compile_source")(text),
            *_imports({"pickle", "shelve", "marshal", "dill"})(text),
        ],
        "import pickle\neval(text)",
    ),
    Rule(
        "a file for another program, in which a name could be a formula or a path",
        "dispatch/**/*.py",
        lambda text: [
            *_names_called("send_file", "send_from_directory")(text),
            *_lines(r"csv\.(Dict)?[wW]riter|text/csv|(?i:content-disposition)|as_attachment")(text),
        ],
        "writer = csv.writer(file)\nheaders['Content-Disposition'] = f'attachment; {name}'",
        but=frozenset(MAY_SEND_FILES),
    ),
    Rule(
        "a file that a browser sends",
        "dispatch/**/*.py",
        _lines(r"request\.files|FileField|FileStorage"),
        "sheet = request.files['sheet']",
    ),
    Rule(
        "a form that sends files",
        "templates/**/*.html",
        _lines(r'multipart/form-data|type="file"|\bdownload\b='),
        '<input type="file" name="sheet">',
    ),
    Rule(
        "text that is marked as safe for a page",
        "dispatch/**/*.py",
        _names_called("Markup"),
        "Markup(name)",
        but=frozenset(MAY_MARK_AS_SAFE),
    ),
    Rule(
        "a template that does not escape",
        "templates/**/*.html",
        _lines(r"\|\s*safe\b|autoescape\s+false"),
        "{{ name|safe }}",
    ),
    Rule(
        "a form that sends what it holds in its address",
        "templates/**/*.html",
        lambda text: [
            text[: match.start()].count("\n") + 1
            for match in re.finditer(
                r'<form(?![^>]*method="post")[^>]*>(?:(?!</form>).)*'
                r'<input[^>]*type="(?:tel|email|password)"',
                text,
                re.DOTALL,
            )
        ],
        '<form action="/families"><input type="tel" name="phone"></form>',
    ),
    Rule(
        "a link that tells another site where one was",
        "templates/**/*.html",
        _lines(r'<a(?=[^>]*href="https?:)(?![^>]*rel="[^"]*noreferrer)'),
        '<a href="https://maps.example">',
    ),
    Rule(
        "a cookie that is set elsewhere than at the door",
        "dispatch/**/*.py",
        _names_called("set_cookie"),
        "response.set_cookie('who', name)",
        but=frozenset(MAY_SET_COOKIES),
    ),
    Rule(
        "the machine's clock, past the one clock of the program",
        "dispatch/**/*.py",
        _reads_the_clock,
        "datetime.now(UTC)",
        but=frozenset(MAY_NAME_THE_CLOCK),
    ),
    Rule(
        "anything kept in the browser by a script",
        "static/js/*.js",
        _keeps_in_the_browser,
        "localStorage.setItem('address', line)",
        but=frozenset(MAY_KEEP_IN_THE_BROWSER),
    ),
    Rule(
        "a script that writes markup or evaluates text",
        "static/js/*.js",
        _lines(
            r"\.(innerHTML|outerHTML)\s*=|insertAdjacentHTML|document\.write|\beval\(|new Function"
        ),
        "box.innerHTML = name",
    ),
    Rule(
        "a script or a style that loads from elsewhere",
        "static/[cj]s*/*.*s*",
        _lines(r"(?:fetch|import|url|src)\W{0,4}(?:https?:)?//(?!www\.w3\.org)"),
        "fetch('https://tiles.example/1/2/3.png')",
    ),
)
