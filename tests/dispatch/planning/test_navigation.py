"""Links to map apps: by their schemes, never to a site."""

from urllib.parse import parse_qs, urlsplit

import pytest

from dispatch.planning.navigation import links

ANDROID = "Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 Chrome/142.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15"
DESK = "Mozilla/5.0 (X11; Linux x86_64) Chrome/142.0"
WHERE = "48 Larch Row & Côte #2, Mill Hill"


@pytest.mark.parametrize(
    ("agent", "names"),
    [
        (ANDROID, ["Map app"]),
        (IPHONE, ["Apple Maps", "Google Maps", "Waze"]),
        (DESK, ["Map app", "Apple Maps", "Google Maps", "Waze"]),
    ],
)
def test_each_phone_is_offered_what_it_can_open(agent, names):
    assert [name for name, _link in links(WHERE, agent)] == names


@pytest.mark.parametrize("where", [WHERE, "49.27,-123.12"])
def test_the_place_is_whole_in_each_link_and_no_link_leads_to_a_site(where):
    for _name, link in links(where, DESK):
        parts = urlsplit(link)
        assert parts.scheme not in ("http", "https")
        assert [where] in parse_qs(parts.query).values()
        assert not parts.fragment
