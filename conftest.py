"""Every run of the tests: real servers on demand, gaps told, no way to somebody's real data."""

import os

from hypothesis import HealthCheck, settings

pytest_plugins = [
    "tests.gaps",
    "tests.services.postgres",
    "tests.services.redis",
    "tests.services.roads",
    "tests.services.chromium",
    "tests.services.systemd",
]

for name in [*os.environ]:
    if name.startswith(("DISPATCH_", "OSRM_")) or name in ("DATABASE_URL", "CREDENTIALS_DIRECTORY"):
        del os.environ[name]

# A slow machine is no defect of what is tested. Where a merge hangs on the result, the same
# examples are drawn every time; on a desk, new ones.
settings.register_profile(
    "project",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("project")
