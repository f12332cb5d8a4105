"""What a small screen must not take away: an entry of the bar, the button under the thumb."""

import pytest
from playwright.sync_api import Page

from tests.browser import tabs
from tests.browser.test_pages import site, tab_of

__all__ = ["site", "tab_of"]
"""Fixtures: the application with two groups in it, and tabs of it."""

pytestmark = pytest.mark.needs("browser")

CUT = """() => [...document.querySelectorAll('.nav a')].filter(entry => {
    const box = entry.getBoundingClientRect();
    return box.left < 0 || box.right > innerWidth || box.height < 44;
}).map(entry => entry.textContent)"""
COVERED = """() => {
    const toast = document.createElement('div');
    toast.className = 'toast';
    toast.textContent = 'Guardado. '.repeat(9);
    document.getElementById('toasts').append(toast);
    const box = toast.getBoundingClientRect();
    return [...document.querySelectorAll('.btn, .tabs a')].filter(button => {
        const other = button.getBoundingClientRect();
        return other.width && other.top < box.bottom && other.bottom > box.top;
    }).map(button => button.textContent);
}"""
BELOW = """() => [...document.querySelectorAll('[role=search] button')].filter(button => {
    const field = document.getElementById('f-q').getBoundingClientRect();
    return button.getBoundingClientRect().top >= field.bottom;
}).map(button => button.textContent)"""


def found(tab: Page, path: str, question: str) -> list[str]:
    """What a script finds wrong with the page at `path` on a small screen."""
    tab.set_viewport_size(tabs.PHONE)
    tab.goto(path)
    return tab.evaluate(question)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    ("principal", "path"), [("coordinator", "/places"), ("steward", "/groups")]
)
def test_every_entry_of_the_bar_can_be_seen_and_tapped(tab_of, principal, path, language):
    with tab_of(principal, language) as tab:
        assert found(tab, path, CUT) == []
        assert tab.locator(".nav a").count() >= (6 if principal == "coordinator" else 1)


@pytest.mark.parametrize("path", ["/today", "/offers"])
def test_a_toast_covers_no_button_of_the_phone(tab_of, path):
    with tab_of("driver", "es") as tab:
        assert found(tab, path, COVERED) == []


@pytest.mark.parametrize("path", ["/places", "/families"])
def test_the_button_that_finds_stands_beside_its_field(tab_of, path):
    with tab_of("coordinator", "es") as tab:
        assert found(tab, path, BELOW) == []
        assert tab.locator("[role=search] button").count() == 1
