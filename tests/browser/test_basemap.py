"""The map below cells, signs and pins: what is painted, and that nothing else is asked for it."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dispatch.db.transactions import Database
from dispatch.people.models import Group
from dispatch.places import editions
from dispatch.places.basemap import building, serving
from tests import build
from tests.browser import tabs
from tests.browser.test_pages import Site, look, site, tab_of
from tests.dispatch.places.basemap.conftest import town

__all__ = ["site", "tab_of"]
"""Fixtures: the application with two groups in it, and tabs of it."""

pytestmark = pytest.mark.needs("browser")

TOWN = (49.255, -123.125)
"""The town's south-west corner: its crossing is where the clinic of the groups stands."""
IN_VIEW = ".map canvas.leaflet-tile"
ALL_DRAWN = f"""() => {{
    const tiles = [...document.querySelectorAll('{IN_VIEW}')];
    return tiles.length && tiles.every(tile => tile.classList.contains('leaflet-tile-loaded'));
}}"""
NOTE_WORDS = """
    window.written = [];
    const write = CanvasRenderingContext2D.prototype.fillText;
    CanvasRenderingContext2D.prototype.fillText = function (text, ...where) {
        window.written.push(text);
        write.call(this, text, ...where);
    };
"""
"""Words on a canvas are no text of the page: note them while they are written."""
PAINTED = """() => {
    const style = getComputedStyle(document.querySelector('.map'));
    const roles = ['land', 'water', 'green', 'road', 'road-2', 'words'];
    const hex = (red, green, blue) =>
        '#' + [red, green, blue].map(part => part.toString(16).padStart(2, '0')).join('');
    const counts = {};
    for (const tile of document.querySelectorAll('.map canvas.leaflet-tile')) {
        const area = tile.getContext('2d').getImageData(0, 0, tile.width, tile.height).data;
        for (let at = 0; at < area.length; at += 4) {
            const colour = hex(area[at], area[at + 1], area[at + 2]);
            counts[colour] = (counts[colour] ?? 0) + 1;
        }
    }
    return Object.fromEntries(roles.map(
        role => [role, counts[style.getPropertyValue(`--map-${role}`).trim()] ?? 0]));
}"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiles of a town round the clinic, with a name in Spanish."""
    folder = tmp_path_factory.mktemp("tiles")
    drawn = town(*TOWN)
    drawn.line((0, 3), (10, 3), highway="secondary", name="Church Street", name_es="Calle Iglesia")
    extract = drawn.write(folder / "town.osm.pbf", size=12)
    building.build(extract, folder / serving.FILE, lambda _step, _share: None)
    return folder / serving.FILE


@pytest.fixture
def put(site: Site, made: Path) -> Callable[[], None]:
    """A function that puts the town's map to use, as an import does."""

    def put() -> None:
        with editions.making(site.app.config["DISPATCH"].data_dir) as fresh:
            shutil.copy(made, fresh / serving.FILE)

    return put


@pytest.fixture
def imported(put: Callable[[], None]) -> None:
    """The town's map is in use."""
    put()


@pytest.fixture
def opened(site: Site, tab_of) -> Callable[..., contextmanager]:
    """A function to the page of the clinic, with its pin in the middle of the map."""

    @contextmanager
    def come(language: str = "en", theme: str = "light") -> Iterator[Page]:
        with tab_of("coordinator", language) as tab:
            tab.context.add_init_script(NOTE_WORDS)
            tab.emulate_media(color_scheme=theme, reduced_motion="reduce")
            tab.goto(f"/places/{site.world.ours.things['place'].uid}")
            tab.locator(".map").first.scroll_into_view_if_needed()
            tab.locator(".map.leaflet-container").first.wait_for()
            yield tab

    return come


def wait_until_drawn(tab: Page) -> None:
    """Wait for the tiles that are in view, and for words that reach from one into the next."""
    tab.wait_for_function(ALL_DRAWN)
    tab.wait_for_function(
        "() => { const before = window.seen; window.seen = window.written.length;"
        " return before === window.seen; }",
        polling=150,
    )


_PRESSED = """button => {
  if (button.ariaDisabled === "true") return false;
  button.click();
  return new Promise((go) => requestAnimationFrame(() => requestAnimationFrame(() => go(true))));
}"""
"""Looked at and pressed in one go: the map may reach its end between the two. It begins to move
with the next frame, and does not hear what is pressed while it moves."""


def closer(tab: Page, times: int) -> None:
    """Zoom in, as far as it goes, and wait for what is then to be seen."""
    for _once in range(times):
        if not tab.locator(".leaflet-control-zoom-in").evaluate(_PRESSED):
            return
        tab.wait_for_function("() => !document.querySelector('.leaflet-zoom-anim')")
        wait_until_drawn(tab)


def written(tab: Page) -> set[str]:
    """The words that stand on the map, or stood on it."""
    return set(tab.evaluate("window.written"))


def keep(tab: Page, name: str) -> None:
    """A picture for people to look at."""
    if folder := os.environ.get("SCREENSHOTS"):
        tabs.take(tab, f"basemap-{name}", Path(folder))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_streets_and_water_are_painted_in_the_colours_of_the_page(imported, opened, theme):
    with opened(theme=theme) as tab:
        wait_until_drawn(tab)
        closer(tab, 1)
        painted = tab.evaluate(PAINTED)
        keep(tab, theme)
    assert {role for role, pixels in painted.items() if pixels < 50} == set()


def test_the_painted_colours_follow_the_theme_at_once(imported, opened):
    with opened(theme="light") as tab:
        wait_until_drawn(tab)
        tab.emulate_media(color_scheme="dark")
        tab.wait_for_function(f"() => ({PAINTED})().water > 50")
        assert tab.evaluate(PAINTED)["land"] > 50


def test_without_an_import_a_plain_ground_still_shows_cells_and_places(opened):
    with opened() as tab:
        asked = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.reload()
        expect(tab.locator(".map .cell").first).to_be_attached()
        expect(tab.locator(".map .sign").first).to_be_visible()
        assert tab.locator(IN_VIEW).count() == 0
        assert tab.locator(".map .credit").count() == 0
        assert tab.evaluate(PAINTED)["water"] == 0
        assert look(tab, "plain") == []
        assert asked
        assert [url for url in asked if "pmtiles" in url or "protomaps" in url] == []


def test_a_damaged_file_leaves_the_ground_plain(site: Site, imported, opened):
    file = serving.in_use(site.app.config["DISPATCH"].data_dir).path
    os.truncate(file, file.stat().st_size // 2)
    with opened() as tab:
        expect(tab.locator(".map .sign").first).to_be_visible()
        assert tab.locator(IN_VIEW).count() == 0


def test_names_stand_on_the_map_and_no_number_of_a_house(imported, opened):
    with opened() as tab:
        wait_until_drawn(tab)
        closer(tab, 3)
        words = written(tab)
    assert {"Wealthy Street", "Church Street"} <= words
    assert not [text for text in words if "12" in text or "Carmen" in text]


def test_spanish_pages_show_spanish_names_and_whose_map_it_is(imported, opened):
    with opened(language="es") as tab:
        wait_until_drawn(tab)
        closer(tab, 2)
        expect(tab.locator(".map .credit")).to_have_text("© Colaboradores de OpenStreetMap")
        words = written(tab)
        keep(tab, "es")
    assert "Calle Iglesia" in words
    assert "Church Street" not in words


@pytest.mark.parametrize("width", [1280, 360])
def test_whose_map_it_is_can_always_be_read(imported, opened, width):
    with opened() as tab:
        tab.set_viewport_size({"width": width, "height": 740})
        tab.reload()
        tab.locator(".map").scroll_into_view_if_needed()
        wait_until_drawn(tab)
        credit = tab.locator(".map .credit")
        expect(credit).to_have_text("© OpenStreetMap contributors")
        inner, outer = credit.bounding_box(), tab.locator(".map").bounding_box()
        assert inner["height"] >= 24
        assert outer["x"] <= inner["x"]
        assert inner["x"] + inner["width"] <= outer["x"] + outer["width"] + 0.5
        assert inner["y"] + inner["height"] <= outer["y"] + outer["height"] + 0.5
        assert look(tab, f"map-{width}") == []
        keep(tab, f"{width}")


def test_signs_that_would_cover_each_other_become_dots_until_there_is_room(
    site: Site, database: Database, imported, opened
):
    with database.transaction() as session:
        group = session.get_one(Group, site.world.ours.group.id)
        build.a_public_place(session, group, "Next door", point=(49.2601, -123.1201))
    with opened() as tab:
        signs, covered = tab.locator(".map .sign"), tab.locator(".map .sign.is-covered")
        expect(signs).to_have_count(2)
        expect(covered).to_have_count(1)
        closer(tab, 4)
        expect(covered).to_have_count(0)


def test_who_follows_the_link_is_not_said_to_come_from_us(imported, opened):
    with opened() as tab:
        link = tab.get_by_role("link", name="© OpenStreetMap contributors")
        assert link.get_attribute("rel") == "noreferrer"
        assert link.get_attribute("target") == "_blank"


def test_the_map_can_be_used_from_the_keyboard(imported, opened):
    with opened() as tab:
        wait_until_drawn(tab)
        box = tab.locator(".map")
        place = "document.querySelector('.leaflet-map-pane').style.transform"
        box.focus()
        before = tab.evaluate(place)
        tab.keyboard.press("ArrowDown")
        tab.wait_for_function(f"() => {place} !== {before!r}")
        said = tab.locator(".leaflet-control-scale-line").inner_text()
        tab.keyboard.press("+")
        expect(tab.locator(".leaflet-control-scale-line")).not_to_have_text(said)
        wait_until_drawn(tab)
        box.focus()
        stops = []
        while "credit" not in stops and len(stops) < 8:
            tab.keyboard.press("Tab")
            stops.append(tab.evaluate("document.activeElement.className").split(" ")[0])
        assert [stop.removeprefix("leaflet-control-") for stop in stops[-3:]] == [
            "zoom-in", "zoom-out", "credit",
        ]  # fmt: skip


def test_an_open_page_goes_on_when_a_newer_map_comes(put, imported, opened):
    with opened() as tab:
        wait_until_drawn(tab)
        put()
        closer(tab, 2)
        assert tab.evaluate(PAINTED)["road"] > 50


def test_tiles_are_asked_for_only_when_the_map_comes_near(imported, tab_of):
    with tab_of("coordinator") as tab:
        asked = []
        tab.on("request", lambda request: asked.append(request.url))
        tab.set_viewport_size({"width": 360, "height": 400})
        tab.goto("/families/new")
        tab.wait_for_load_state("networkidle")
        assert [url for url in asked if "pmtiles" in url or "protomaps" in url] == []
        tab.locator(".map").first.scroll_into_view_if_needed()
        tab.wait_for_function(ALL_DRAWN)
        assert [url for url in asked if "pmtiles" in url]


def test_a_map_that_was_out_of_the_way_is_whole_when_it_comes(imported, tab_of):
    with tab_of("coordinator") as tab:
        tab.goto("/drivers/new")
        box = tab.locator(".map").nth(1)
        expect(box).to_be_hidden()
        tab.get_by_label("Another address").check()
        box.scroll_into_view_if_needed()
        tab.wait_for_function(ALL_DRAWN)
        covered = tab.evaluate("""() => {
            const map = document.querySelectorAll('.map')[1];
            const box = map.getBoundingClientRect();
            const tiles = [...map.querySelectorAll('canvas.leaflet-tile')].map(
                tile => tile.getBoundingClientRect());
            return Math.min(...tiles.map(tile => tile.left)) <= box.left
                && Math.max(...tiles.map(tile => tile.right)) >= box.right;
        }""")
        assert covered
