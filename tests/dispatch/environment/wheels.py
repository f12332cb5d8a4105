"""A project whose only library is a wheel made here, so that a set-up needs no network."""

import hashlib
import zipfile
from pathlib import Path


def project(root: Path) -> Path:
    """Lists at `root` that pin one small library, and its wheel; the root."""
    (root / "tests").mkdir(parents=True)
    (root / "requirements.txt").write_text(_line(root, "runs"))
    (root / "tests/requirements.txt").write_text(_line(root, "checks"))
    return root


def _line(root: Path, name: str) -> str:
    wheel = root / f"{name}-1.0-py3-none-any.whl"
    about = f"{name}-1.0.dist-info"
    files = {
        f"{name}.py": "ANSWER = 42\n",
        f"{about}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{about}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},,\n" for file in [*files, f"{about}/RECORD"])
    with zipfile.ZipFile(wheel, "w") as archive:
        for file, text in {**files, f"{about}/RECORD": record}.items():
            archive.writestr(file, text)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return f"{name} @ {wheel.as_uri()} --hash=sha256:{digest}\n"
