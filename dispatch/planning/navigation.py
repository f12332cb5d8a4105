"""Links that open a map app of the phone at the way's next stop.

They name an app, never a site: nothing is asked of any outside origin, and nothing leaves the phone
before its owner chooses one. RFC 5870 for `geo:`, which Android answers by asking for the app; the
others are the schemes that each app registers.
"""

from urllib.parse import quote

from dispatch.i18n import gettext as _

_APPS = {
    "Apple Maps": "maps://?daddr={}&dirflg=d",
    "Google Maps": "comgooglemaps://?daddr={}&directionsmode=driving",
    "Waze": "waze://?q={}&navigate=yes",
}


def links(where: str, user_agent: str) -> list[tuple[str, str]]:
    """A name and a link for each app that the phone may have. `where`: an address, or a point as
    degrees north and east, "49.27,-123.12"."""
    any_app = (_("Map app"), f"geo:0,0?q={quote(where, safe='')}")
    if "Android" in user_agent:
        return [any_app]
    named = [(name, link.format(quote(where, safe=""))) for name, link in _APPS.items()]
    return named if "iPhone" in user_agent or "iPad" in user_agent else [any_app, *named]
