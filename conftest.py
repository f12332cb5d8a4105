"""Every run of the tests: real servers on demand, gaps told, no way to somebody's real data."""

import os

pytest_plugins = [
    "tests.gaps",
    "tests.services.postgres",
    "tests.services.redis",
    "tests.services.chromium",
]

for name in [*os.environ]:
    if name.startswith("DISPATCH_") or name in ("DATABASE_URL", "CREDENTIALS_DIRECTORY"):
        del os.environ[name]
