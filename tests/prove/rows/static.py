"""What could let an address out is not in the sources: rules of our own, and bandit's."""

import json
import subprocess
import sys
from pathlib import Path

from tests.prove.figure import Figure, Row, Workplace, control
from tests.prove.static_rules import ROOT, RULES, findings, stale

ROW = Row(
    what="rules of our own about sources, templates and scripts; bandit",
    must="0 findings",
    quick=1,
    full=1,
    fewest=lambda _size: 2_000,
)
STARTS = "starts a program of ours or one that the settings name, by a list of words, without shell"
AGREED = {
    ("dispatch/backups/copying.py", "B404"): STARTS,
    ("dispatch/backups/copying.py", "B603"): STARTS,
    ("dispatch/bootstrap.py", "B606"): STARTS,
    ("dispatch/cli.py", "B606"): STARTS,
    ("dispatch/db/migrations/versions/0002_guards.py", "B608"): "names of our own tables only",
    ("dispatch/demo/extract.py", "B311"): "a made-up town wants the same numbers every time",
    ("dispatch/demo/families.py", "B311"): "the same",
    ("dispatch/demo/filling.py", "B311"): "the same",
    ("dispatch/demo/people.py", "B105"): "the demo's pass phrase is printed for everybody",
    ("dispatch/demo/processes.py", "B404"): STARTS,
    ("dispatch/demo/processes.py", "B603"): STARTS,
    ("dispatch/environment/making.py", "B404"): STARTS,
    ("dispatch/environment/making.py", "B603"): STARTS,
    ("dispatch/environment/pythons.py", "B404"): STARTS,
    ("dispatch/environment/pythons.py", "B603"): STARTS,
    ("dispatch/people/factors/apps.py", "B303"): "an HMAC with SHA-1, which every app understands",
    ("dispatch/people/factors/models.py", "B105"): "what changed in an account, not a password",
    ("dispatch/people/link.py", "B704"): "a square code that we draw, and our own card",
    ("dispatch/people/rules.py", "B105"): "the name of a way to prove who one is",
    ("dispatch/people/views/enrolling.py", "B704"): "a square code that we draw",
    ("dispatch/places/basemap/building.py", "B404"): STARTS,
    ("dispatch/places/basemap/building.py", "B603"): STARTS,
    ("dispatch/places/gazetteer/borders.py", "B608"): "question marks for a list of numbers",
    ("dispatch/places/roads/building.py", "B404"): STARTS,
    ("dispatch/places/roads/building.py", "B603"): STARTS,
    ("dispatch/places/roads/keeper.py", "B404"): STARTS,
    ("dispatch/places/roads/keeper.py", "B603"): STARTS,
    ("dispatch/places/roads/leash.py", "B606"): STARTS,
    ("dispatch/planning/worker.py", "B404"): STARTS,
    ("dispatch/planning/worker.py", "B603"): STARTS,
    ("dispatch/rides/views/requesting.py", "B105"): "an empty field of a form",
    ("dispatch/visits/views/desk.py", "B704"): "the same",
    ("matching/benchmark/race.py", "B404"): STARTS,
    ("matching/benchmark/race.py", "B603"): STARTS,
    ("matching/compile.py", "B404"): STARTS,
    ("matching/compile.py", "B603"): STARTS,
    ("matching/solo/parts.py", "B311"): "a seeded search, no secret",
}
"""What bandit asks about and a person looked at: file and test, with the answer."""


def prove(at: Workplace) -> Figure:
    """Read every source; each rule has to find the bad text that stands beside it."""
    for rule in RULES:
        control(bool(list(rule.find(rule.bad))), rule.forbids)
    found, looked_at = findings(RULES)
    troubles = [f"{one.where}: {one.rule}" for one in found] + stale(RULES)
    planted = at.folder / "planted"
    planted.mkdir()
    (planted / "bad.py").write_text("import subprocess\nsubprocess.call(word, shell=True)\n")
    control(("bad.py", "B602") in _bandit(planted, planted), "a shell that is given words")
    asked = _bandit(ROOT, ROOT / "dispatch", ROOT / "matching")
    troubles += [f"{file}: bandit {test}" for file, test in sorted(asked - set(AGREED))]
    troubles += [f"{file} {test} is agreed for nothing" for file, test in set(AGREED) - asked]
    return Figure(
        looked_at=looked_at,
        unit=f"files by {len(RULES)} rules",
        measured=f"{len(troubles)} findings" + "".join(f"; {one}" for one in troubles),
        holds=not troubles,
        controls=len(RULES) + 1,
    )


def _bandit(root: Path, *folders: Path) -> set[tuple[str, str]]:
    """The questions of bandit by file below `root` and name of its test."""
    command = [sys.executable, "-W", "ignore", "-m", "bandit", "-q", "-r", "-f", "json"]
    answer = subprocess.run(
        [*command, *(str(folder) for folder in folders)],
        capture_output=True,
        text=True,
        check=False,
    )
    report = json.loads(answer.stdout)
    if report["errors"]:
        raise RuntimeError(f"bandit could not read {report['errors']}")
    return {
        (str(Path(one["filename"]).resolve().relative_to(root)), one["test_id"])
        for one in report["results"]
    }
