"""Pictures of the pages that a story comes by, each looked at with axe before it is taken."""

from pathlib import Path

from playwright.sync_api import Page

from tests.browser import tabs


class Album:
    """The pictures of one test, in their order. A class because it counts them."""

    def __init__(self, folder: Path, title: str) -> None:
        """An empty album in `folder`; the names of its pictures begin with `title`."""
        self._folder = folder
        self._title = title
        self.pictures: dict[str, Path] = {}

    def keep(self, tab: Page, name: str) -> None:
        """Take the page in `tab`, which can be read by everybody and is as wide as its window.

        A page whose name was kept before is there already.
        """
        if name in self.pictures:
            return
        assert tabs.faults(tab) == [], name
        assert not tabs.is_wider_than_its_window(tab), f"{name} scrolls sideways"
        numbered = f"{self._title}-{len(self.pictures) + 1:02}-{name}"
        self.pictures[name] = tabs.take(tab, numbered, self._folder)
