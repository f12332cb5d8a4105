"""What this program is made of, as a bill of materials (SBOM) in CycloneDX 1.6.

Told from the pinned lists themselves, so that it cannot say anything else than what is installed.
"""

import json
import re
from base64 import b64decode
from pathlib import Path

from dispatch.config import REPOSITORY

_PINNED = re.compile(r"^([A-Za-z0-9_.\-]+)(?:\[[^\]]*\])?==([^\s;\\]+)(?:\s*;\s*([^\\]+?))?\s*\\?$")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


def bill(root: Path = REPOSITORY) -> dict[str, object]:
    """Every component with its version, where it comes from, and the hashes it is checked by."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "dispatch", "bom-ref": "self"}},
        "components": [
            *_packages((root / "requirements.txt").read_text()),
            *_vendored(json.loads((root / "static" / "vendor" / "vendor.json").read_text())),
        ],
    }


def _packages(pinned: str) -> list[dict[str, object]]:
    """The Python packages of a list that pip installs with `--require-hashes`."""
    found: list[dict[str, object]] = []
    for line in pinned.splitlines():
        named, hashed = _PINNED.match(line), _HASH.search(line)
        if named:
            name, version, condition = named.groups()
            found.append(_component(name, version, f"pkg:pypi/{name.lower()}@{version}"))
            if condition:
                found[-1]["properties"] = [{"name": "dispatch:only-where", "value": condition}]
        elif hashed:
            digests = found[-1].setdefault("hashes", [])
            digests.append({"alg": "SHA-256", "content": hashed.group(1)})
    return found


def _vendored(known: list[dict]) -> list[dict[str, object]]:
    """What browsers are given of others, each file with its digest."""
    found = []
    for one in known:
        name, version = one["package"].removeprefix("npm:"), one["version"]
        entry = _component(name, version, f"pkg:npm/{name.replace('@', '%40')}@{version}")
        entry["licenses"] = [{"license": {"id": one["licence"]}}]
        entry["components"] = [
            {
                "type": "file",
                "name": file,
                "bom-ref": f"static/vendor/{file}",
                "hashes": [{"alg": "SHA-384", "content": b64decode(digest).hex()}],
            }
            for file, digest in sorted(one["files"].items())
        ]
        found.append(entry)
    return found


def _component(name: str, version: str, purl: str) -> dict[str, object]:
    return {
        "type": "library",
        "name": name,
        "version": version,
        "purl": purl,
        "bom-ref": purl,
        "scope": "required",
    }
