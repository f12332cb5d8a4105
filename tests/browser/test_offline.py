"""A driver's phone in a dead spot: taps wait, are sent once, and no address is left anywhere."""

import re

import pytest
from playwright.sync_api import Page, expect

from dispatch import clock
from dispatch.people import sessions
from tests.browser.phones import a_phone, is_ready
from tests.browser.scene import CLINIC, DOOR

pytestmark = pytest.mark.needs("browser")
EVERYTHING = """async () => {
    const found = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage })];
    for (const name of await caches.keys()) {
        const store = await caches.open(name);
        for (const asked of await store.keys())
            found.push(asked.url, await (await store.match(asked)).text());
    }
    for (const { name } of await indexedDB.databases()) {
        const base = await new Promise((done) => {
            const asked = indexedDB.open(name);
            asked.onsuccess = () => done(asked.result);
        });
        for (const store of base.objectStoreNames) {
            const rows = await new Promise((done) => {
                const asked = base.transaction(store).objectStore(store).getAll();
                asked.onsuccess = () => done(asked.result);
            });
            found.push(`${name}/${store}`, JSON.stringify(rows));
        }
        base.close();
    }
    return found;
}"""
"""All that a page may keep in a browser, as texts."""
PLANT = {
    "a cache": "line => caches.open('x').then(kept => kept.put('/x', new Response(line)))",
    "localStorage": "line => localStorage.setItem('x', line)",
    "IndexedDB": """line => new Promise(done => {
        const asked = indexedDB.open('x', 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore('x', { autoIncrement: true });
        asked.onsuccess = () => {
            const step = asked.result.transaction('x', 'readwrite');
            step.objectStore('x').add({ line });
            step.oncomplete = () => { asked.result.close(); done(); };
        };
    })""",
}
UNPLANT = """async () => {
    await caches.delete('x'); localStorage.clear(); indexedDB.deleteDatabase('x');
}"""
MOST_BYTES = 150_000


def kept(tab: Page) -> str:
    """All that the browser of `tab` keeps for the site."""
    return "\n".join(tab.evaluate(EVERYTHING))


def test_what_is_tapped_in_a_dead_spot_is_sent_once_when_it_is_over(on_the_road):
    marta, rosa, tab = on_the_road.marta, on_the_road.rosa, on_the_road.marta.tab
    marta.sees_the_door_for_a_while(DOOR)
    tab.context.set_offline(True)
    tab.get_by_role("button", name="I have arrived").click()
    expect(tab.get_by_role("heading", name="Today, without a connection")).to_be_visible()
    expect(tab.get_by_text("I have arrived: will be sent")).to_be_visible()
    tab.get_by_role("button", name="They are on board").click()
    expect(tab.get_by_text("They are on board: will be sent")).to_be_visible()
    expect(tab.get_by_role("button", name="Dropped off")).to_be_visible()
    expect(tab.get_by_role("link", name="Desk")).to_be_visible()
    assert len(tab.evaluate(EVERYTHING)) > 4
    assert DOOR not in kept(tab)
    assert "Carmen" not in kept(tab)
    for place, plant in PLANT.items():
        tab.evaluate(plant, DOOR)
        assert DOOR in kept(tab), f"not found in {place}"
        tab.evaluate(UNPLANT)
    marta.keep("today-offline")
    tab.context.set_offline(False)
    expect(tab.get_by_role("heading", name="Your next pickup")).to_be_visible()
    expect(tab.get_by_role("button", name="Dropped off")).to_be_visible()
    assert tab.evaluate(EVERYTHING)[-1] == "[]", "something still waits"
    assert on_the_road.steps() == ["arrived", "onboard"]
    rosa.open_board(on_the_road.scene.today)
    row = rosa.outbound(on_the_road.scene.numbers[0], CLINIC).first
    expect(row).to_have_class(re.compile(r"\bis-onboard\b"))


def test_what_waits_outlives_the_page(on_the_road):
    marta = on_the_road.marta
    marta.tab.context.set_offline(True)
    marta.tab.get_by_role("button", name="I have arrived").click()
    expect(marta.tab.get_by_text("I have arrived: will be sent")).to_be_visible()
    context = marta.tab.context
    marta.tab.close()
    context.set_offline(False)
    tab = context.new_page()
    tab.goto("/today")
    expect(tab.get_by_role("button", name="They are on board")).to_be_visible()


def test_signing_out_leaves_neither_page_nor_tap(on_the_road):
    tab = on_the_road.marta.tab
    tab.goto("/me")
    assert "/today/sheet" in kept(tab)
    tab.get_by_role("button", name="Sign out", exact=True).first.click()
    tab.wait_for_url("**/signin*")
    assert "/today/sheet" not in kept(tab)
    assert "taps" not in kept(tab)


def test_a_session_that_somebody_ended_leaves_neither_page_nor_tap(on_the_road):
    tab, made = on_the_road.marta.tab, on_the_road.scene
    tab.context.set_offline(True)
    tab.get_by_role("button", name="I have arrived").click()
    expect(tab.get_by_text("I have arrived: will be sent")).to_be_visible()
    assert "arrived" in kept(tab)
    with made.installation.database.transaction() as session:
        sessions.end(
            session,
            sessions.find(session, made.tokens["Marta"], now=clock.now()),
            now=clock.now(),
        )
    tab.context.set_offline(False)
    tab.wait_for_url("**/signin*")
    assert "/today/sheet" not in kept(tab)
    assert "taps" not in kept(tab)
    assert on_the_road.steps() == []


def test_no_page_is_kept_but_the_one_for_a_dead_spot(on_the_road):
    tab = on_the_road.marta.tab
    for page in ("/offers", "/availability", "/me", "/today"):
        tab.goto(page, wait_until="networkidle")
    addresses = tab.evaluate("""async () => {
        const asked = await (await caches.open('sheet')).keys();
        return asked.map(one => new URL(one.url).pathname);
    }""")
    assert len(addresses) > 5
    assert {one for one in addresses if not one.startswith("/static/")} == {"/today/sheet"}
    assert tab.evaluate("caches.keys()") == ["sheet"]


def test_a_page_that_is_covered_shows_nothing(on_the_road):
    tab = on_the_road.marta.tab
    hide = """hidden => {
        Object.defineProperty(document, 'visibilityState',
            { value: hidden ? 'hidden' : 'visible', configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
    }"""
    for hidden in (True, False):
        tab.evaluate(hide, hidden)
        shown = tab.locator("#next").is_visible()
        assert shown is not hidden


@pytest.mark.parametrize("page", ["/today", "/offers", "/availability", "/me"])
def test_a_page_of_the_phone_is_light(scene, browser, installation, page):
    made = scene({"hours": 5})
    with a_phone(browser, installation.address) as tab:
        made.sign_in(tab, "Marta")
        asked = tab.context.new_cdp_session(tab)
        asked.send("Network.enable")
        sizes: list[int] = []
        asked.on("Network.loadingFinished", lambda one: sizes.append(one["encodedDataLength"]))
        tab.goto(page, wait_until="networkidle")
        is_ready(tab)
        sheet = len(tab.request.get("/today/sheet").body())
        icons = sum(
            len(tab.request.get(f"/static/{name}").body())
            for name in ("app.webmanifest", "icons/192.png", "js/worker.js")
        )
        assert sum(sizes) > 10_000
        assert sum(sizes) + sheet + icons <= MOST_BYTES, sum(sizes)
