"""A family's address, found on the map of this machine while it is typed with a slip."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from dispatch.places import editions
from dispatch.places.importing import import_file
from tests.browser import tabs
from tests.browser.roles import Coordinator
from tests.browser.world import Installation
from tests.dispatch.places.gazetteer.town import SOUTH, WEST, grand_bend

pytestmark = pytest.mark.needs("browser")

HERE = (49.26, -123.12)
"""Where the clinic of a scene lies."""
MOVED = (HERE[0] - SOUTH, HERE[1] - WEST)


@pytest.fixture
def imported(installation: Installation, tmp_path: Path) -> Iterator[None]:
    """The tiny town near the places of the group; gone again for the tests after this one."""
    extract = grand_bend(MOVED).write(tmp_path / "town.osm.pbf")
    data_dir = Path(installation.database.engine.url.database).parent
    import_file(extract, data_dir, lambda _step, _share: None, products={})
    yield
    shutil.rmtree(editions.current(data_dir).resolve())
    editions.current(data_dir).unlink()


def test_a_slip_finds_the_address_and_the_person_looks_at_the_pin(
    imported: None, scene: Callable, signed_in: Callable
):
    rosa: Coordinator = signed_in(scene(), Coordinator, "Rosa")
    tab = rosa.tab
    asked = []
    tab.on("request", lambda request: asked.append(request.url))
    rosa.begin_family("F901", "Amina", "Somali")
    rosa.field("Number and street").press_sequentially("1201 wealhty st se")
    offered = tab.get_by_role("button", name=re.compile("1201 Wealthy Street Southeast"))
    expect(offered).to_be_visible()
    assert tabs.faults(tab) == []
    offered.click()
    expect(rosa.field("Number and street")).to_have_value("1201 Wealthy Street Southeast")
    expect(rosa.field("Town")).to_have_value("Grand Bend")
    expect(rosa.field("Latitude")).to_have_value(f"{HERE[0] + 0.0002:.6f}")
    expect(tab.locator(".map .pin")).to_be_visible()
    expect(tab.get_by_text("Look at the pin before you save")).to_be_visible()
    rosa.keep("address-found")
    rosa.press("Save family")
    rosa.is_told("Saved.")
    assert [url for url in asked if "ealhty" in url or "ealthy" in url] == []
