"""What a browser says of itself becomes two words."""

import pytest

from dispatch.people import browsers


@pytest.mark.parametrize(
    ("user_agent", "label"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) "
            "Chrome/120.0.0.0 Mobile Safari/537.36",
            "Chrome, Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 "
            "(KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1",
            "Safari, iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; rv:128.0) Gecko/20100101 Firefox/128.0",
            "Firefox, Windows",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/120 Safari/537.36 Edg/120.0", "Edge, Linux"),
        ("curl/8.5.0", ""),
        ("", ""),
        ("Firefox" * 10_000, "Firefox"),
    ],
)
def test_a_browser_is_named_by_its_family_and_system(user_agent: str, label: str):
    assert browsers.label_of(user_agent) == label
