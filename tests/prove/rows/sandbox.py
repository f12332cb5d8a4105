"""The services of a server can reach little of it: their units as systemd judges them."""

from pathlib import Path

from dispatch.deployment import units
from tests.prove.figure import Figure, Row, Workplace, control
from tests.services import systemd

MOST = 1.5
ROW = Row(
    what="exposure of each systemd unit (`systemd-analyze security --offline`)",
    must="<= 1.5 of 10",
    quick=1,
    full=1,
    fewest=lambda _size: 2,
    needs=(systemd.SYSTEMD,),
)


def prove(at: Workplace) -> Figure:
    """Write the units and have every one judged; one without its fence has to stand out."""
    written = units.write(units.Plan(Path("/opt/dispatch")), at.folder)
    found = {file.name: systemd.exposure(file) for file in written}
    misread = [line for file in written for line in systemd.complaints(file)]
    bare = at.folder / "bare.service"
    bare.write_text(_without_fence(written[0].read_text()))
    control(systemd.exposure(bare) > 5, "a unit without its fence")
    odd = at.folder / "odd.service"
    odd.write_text(written[0].read_text().replace("ProtectHome=yes", "ProtectHome=perhaps"))
    control(bool(systemd.complaints(odd)), "a unit that systemd cannot read")
    said = ", ".join(f"{name.split('.')[0]} {level}" for name, level in found.items())
    return Figure(
        looked_at=len(found),
        unit="units",
        measured=said + "".join(f"; {line}" for line in misread),
        holds=max(found.values()) <= MOST and not misread,
        controls=2,
    )


def _without_fence(unit: str) -> str:
    """The unit with nothing but what it runs."""
    kept = ("[", "Description", "ExecStart", "User", "Group", "Type", "WantedBy")
    return "\n".join(line for line in unit.splitlines() if line.startswith(kept))
