"""What the templates hold keeps to the policy of the pages, and points at what exists."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STATIC = ROOT / "static"

INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=[\"']|hx-on|javascript:|<script(?![^>]*\ssrc=)")
"""What the content security policy forbids, so that the browser would drop it in silence."""


def _found(pattern: str | re.Pattern[str]) -> set[tuple[str, str]]:
    """Every match of `pattern` (its first group, if it has one), with the template it is in."""
    return {
        (match, str(template.relative_to(ROOT)))
        for template in TEMPLATES
        for match in re.findall(pattern, template.read_text())
    }


def test_no_template_carries_a_style_or_a_script_of_its_own():
    assert _found(INLINE) == set()


def test_an_inline_style_a_handler_and_a_script_would_be_noticed():
    for fault in ('<p style="">', '<a onclick="x()">', "<script>x()</script>", "<style>p{}"):
        assert INLINE.search(fault)
    assert not INLINE.search('<script type="module" src="/x.js">')


def test_no_template_loads_anything_from_elsewhere():
    assert _found(r"(?:src|href)=[\"'](?:https?:)?//[^\"']*") == set()


def test_every_static_file_that_a_template_names_is_there():
    named = _found(r"static_url\(['\"]([^'\"]+)['\"]\)")

    assert named
    assert {(path, where) for path, where in named if not (STATIC / path).is_file()} == set()


def test_every_icon_that_a_template_names_is_drawn():
    drawn = set(re.findall(r'<symbol id="([^"]+)"', (STATIC / "icons.svg").read_text()))
    named = {("i-" + name, where) for name, where in _found(r"\bicon\(\"([a-z]+)\"")}
    named |= {("s-" + name, where) for name, where in _found(r"\bshape\(\"([a-z]+)\"")}

    assert named
    assert {(icon, where) for icon, where in named if icon not in drawn} == set()
